// One alert group in a list: a table row at the desk, two lines on a phone.
import { Anchor, Checkbox } from "@mantine/core";
import { memo } from "react";
import { Link } from "wouter";
import { useIntegrations } from "../api/integrations";
import type { AlertGroup } from "../api/types";
import { useUserNames } from "../api/users";
import { Labels } from "./bits";
import { severityOf } from "./severity";
import { StateMark } from "./State";
import { When } from "./When";

interface Props {
  group: AlertGroup;
  current: boolean;
  chosen: boolean;
  mayAct: boolean;
  toggle: (id: string) => void;
}

export const titleOf = (group: AlertGroup) => group.title ?? "Wiped";

export const GroupRow = memo(function GroupRow({ group, current, chosen, mayAct, toggle }: Props) {
  const integration = useIntegrations().data?.results.find(({ id }) => id === group.integration_id);
  const nameOf = useUserNames();
  const severity = severityOf(group);
  const title = titleOf(group);
  const withWhom = group.state === "resolved" ? group.resolved_by : group.acknowledged_by;
  return (
    <tr data-current={current || undefined} data-chosen={chosen || undefined} data-state={group.state} aria-current={current || undefined}>
      <td className="cell-choose">
        <Checkbox size="xs" aria-label={`Choose ${title}`} checked={chosen} disabled={!mayAct} onChange={() => toggle(group.id)} />
      </td>
      <td className="cell-state"><StateMark state={group.state} /></td>
      <td className="cell-title">
        <Anchor component={Link} href={`/alert-groups/${group.id}`}>{title}</Anchor>
        <span className="beside">
          {severity && <span className="label">{severity}</span>}
          <Labels labels={group.labels.filter(({ value }) => value.name !== severity).slice(0, 4)} />
        </span>
      </td>
      <td className="cell-integration">{integration?.name ?? group.integration_id}</td>
      <td className="cell-count number">{group.alerts_count}<span className="narrow-only"> {group.alerts_count === 1 ? "alert" : "alerts"}</span></td>
      <td className="cell-since"><When at={group.created_at} /></td>
      <td className="cell-with">{withWhom ? nameOf(withWhom) : ""}</td>
    </tr>
  );
});
