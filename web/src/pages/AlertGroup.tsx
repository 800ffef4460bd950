// One alert group: what is broken, since when, how bad, who has it, what was done, and why it became what it is.
import { Anchor, Button, Menu, Text } from "@mantine/core";
import { ReactNode, useRef, useState } from "react";
import { Link, useLocation } from "wouter";
import { Refusal } from "../api/client";
import { Action, fits, useAct, useAlerts, useAppearance, useDetails, useGroup, useTrace } from "../api/groups";
import { useIntegrations } from "../api/integrations";
import { useMay } from "../api/session";
import type { AlertGroup as Group, GroupDetails } from "../api/types";
import { useUserNames } from "../api/users";
import { Empty, Failure, IconButton, Labels, PageHead, Pages, usePageTitle, Waiting } from "../parts/bits";
import { titleOf } from "../parts/GroupRow";
import { Icon } from "../parts/Icon";
import { JsonTree } from "../parts/JsonTree";
import { Markdown } from "../parts/Markdown";
import { severityOf } from "../parts/severity";
import { SilenceMenu } from "../parts/SilenceMenu";
import { StateMark } from "../parts/State";
import { Timeline } from "../parts/Timeline";
import { When } from "../parts/When";
import { Why } from "../parts/Why";
import { useKeys } from "../shell/keys";

function Part({ title, children }: { title: string; children: ReactNode }) {
  return <section className="part"><h2>{title}</h2>{children}</section>;
}

function Actions({ group, on }: { group: Group; on: (action: Action, delay?: number) => void }) {
  const can = (action: Action) => fits(action, group.state);
  return (
    <div className="actions" role="group" aria-label="Actions">
      {can("acknowledge") && <Button leftSection={<Icon name="hand" />} onClick={() => on("acknowledge")}>Acknowledge</Button>}
      {can("unresolve") && <Button leftSection={<Icon name="undo" />} onClick={() => on("unresolve")}>Reopen</Button>}
      {can("resolve") && (
        <Button variant={group.state === "acknowledged" ? "filled" : "default"} leftSection={<Icon name="check" />}
          onClick={() => on("resolve")}>Resolve</Button>
      )}
      {can("silence") && <SilenceMenu size="sm" silence={(delay) => on("silence", delay)} />}
      {can("unsilence") && <Button variant="default" onClick={() => on("unsilence")}>End the silence</Button>}
      {can("unacknowledge") && <Button variant="default" onClick={() => on("unacknowledge")}>Unacknowledge</Button>}
      {can("restart") && (
        <Menu position="bottom-end">
          <Menu.Target><Button variant="default" px="xs" aria-label="More actions"><Icon name="more" /></Button></Menu.Target>
          <Menu.Dropdown><Menu.Item onClick={() => on("restart")}>Restart: fire again, as if new</Menu.Item></Menu.Dropdown>
        </Menu>
      )}
    </div>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return <div><dt>{name}</dt><dd>{children}</dd></div>;
}

function Facts({ group, details }: { group: Group; details: GroupDetails | undefined }) {
  const integrations = useIntegrations().data?.results;
  const nameOf = useUserNames();
  const integration = integrations?.find(({ id }) => id === group.integration_id);
  return (
    <dl className="facts">
      <Fact name="Integration">
        <Anchor component={Link} href={`/integrations/${group.integration_id}`}>{integration?.name ?? "deleted"}</Anchor>
      </Fact>
      <Fact name="Started"><When at={group.created_at} /></Fact>
      {details && details.last_alert_at !== group.created_at && <Fact name="Last alert"><When at={details.last_alert_at} /></Fact>}
      <Fact name="Alerts">{group.alerts_count}</Fact>
      {group.acknowledged_at && group.state !== "firing" && (
        <Fact name="Acknowledged">
          {group.acknowledged_by ? nameOf(group.acknowledged_by) : "by its source"}, <When at={group.acknowledged_at} />
        </Fact>
      )}
      {group.state === "silenced" && (
        <Fact name="Silence ends">{details?.silenced_until ? <When at={details.silenced_until} /> : "when somebody ends it"}</Fact>
      )}
      {group.resolved_at && group.state === "resolved" && (
        <Fact name="Resolved">
          {group.resolved_by ? nameOf(group.resolved_by) : details?.resolved_through === "source" ? "by its source" : "by itself"},{" "}
          <When at={group.resolved_at} />
        </Fact>
      )}
      {details?.root_alert_group_id && (
        <Fact name="Attached to">
          <Anchor component={Link} href={`/alert-groups/${details.root_alert_group_id}`}>another alert group</Anchor>
        </Fact>
      )}
      {details && details.attached_alert_group_ids.length > 0 && (
        <Fact name="Attached">
          {details.attached_alert_group_ids.map((id) => (
            <Anchor key={id} component={Link} href={`/alert-groups/${id}`} display="block">{id}</Anchor>
          ))}
        </Fact>
      )}
      {group.labels.length > 0 && <Fact name="Labels"><Labels labels={group.labels} /></Fact>}
    </dl>
  );
}

function Message({ id }: { id: string }) {
  const appearance = useAppearance(id);
  if (appearance.isPending) return <Waiting lines={3} />;
  const web = appearance.data?.web;
  const failed = appearance.data?.errors.filter((error) => error.field.startsWith("web.")) ?? [];
  return (
    <>
      {failed.map((error) => (
        <Text key={error.field} size="sm" className="why-bad"><Icon name="warning" size={14} /> The template {error.field} failed: {error.message}</Text>
      ))}
      {web?.message ? <Markdown text={web.message} /> : <Text size="sm" c="dimmed">The alert has no message.</Text>}
      {web?.image_url && (
        <Anchor href={/^https?:/i.test(web.image_url) ? web.image_url : undefined} target="_blank" rel="noopener noreferrer" size="sm">Picture</Anchor>
      )}
    </>
  );
}

function Alerts({ id }: { id: string }) {
  const [page, setPage] = useState(1);
  const alerts = useAlerts(id, page);
  if (!alerts.data) return <Waiting lines={2} />;
  return (
    <>
      <div className="alerts">
        {alerts.data.results.map((alert, index) => (
          <details key={alert.id} open={index === 0 && page === 1 && alerts.data.count === 1 ? true : undefined}>
            <summary><When at={alert.created_at} /> <span className="dim mono">{alert.id}</span></summary>
            <JsonTree value={alert.payload} />
          </details>
        ))}
      </div>
      <Pages page={page} total={alerts.data.total_pages} go={setPage} />
    </>
  );
}

function Reasons({ id, group, details }: { id: string; group: Group; details: GroupDetails | undefined }) {
  const trace = useTrace(id);
  if (trace.error) return <Failure error={trace.error} retry={() => void trace.refetch()} />;
  if (!trace.data) return <Waiting lines={3} />;
  return <Why alert={trace.data} integrationId={group.integration_id} takesAlerts={details?.takes_alerts} />;
}

export function AlertGroup({ id }: { id: string }) {
  const query = useGroup(id);
  const details = useDetails(id).data;
  const group = query.data;
  const act = useAct();
  const mayAct = useMay("editor");
  const [, go] = useLocation();
  const noteField = useRef<HTMLTextAreaElement>(null);
  usePageTitle(group ? titleOf(group) : "Alert group");
  const on = (action: Action, delay?: number) => group && void act({ action, groups: [group], delay });

  useKeys("Alert group", [
    ...(mayAct ? [
      { keys: "a", does: "acknowledge", run: () => on("acknowledge") },
      { keys: "r", does: "resolve", run: () => on("resolve") },
      { keys: "s", does: "silence for an hour", run: () => on("silence", 3600) },
      { keys: "u", does: "unacknowledge", run: () => on("unacknowledge") },
      { keys: "n", does: "write a note", run: () => noteField.current?.focus() },
    ] : []),
    { keys: "Escape", does: "back to the list", run: () => (window.history.length > 1 ? window.history.back() : go("/alert-groups")) },
  ]);

  if (query.error && !group) {
    return query.error instanceof Refusal && query.error.status === 404 ? (
      <Empty icon="search" title="There is no such alert group">
        <Text size="sm">It was deleted, or the address is cut off. <Anchor component={Link} href="/alert-groups">To the alert groups</Anchor></Text>
      </Empty>
    ) : <Failure error={query.error} retry={() => void query.refetch()} />;
  }
  if (!group) return <Waiting />;
  const severity = severityOf(group);
  return (
    <article className="group">
      <PageHead back={["/alert-groups", "Alert groups"]}
        title={<>{details && <span className="dim">#{details.number}</span>} {titleOf(group)}</>}>
        <IconButton icon="link" label="Copy the link to this page" onClick={() => void navigator.clipboard?.writeText(window.location.href)} />
      </PageHead>
      <p className="group-line">
        <StateMark state={group.state} />
        {severity && <span className="label">{severity}</span>}
        <span className="dim">since <When at={group.created_at} /></span>
        {details?.source_link && /^https?:/i.test(details.source_link) && (
          <Anchor href={details.source_link} target="_blank" rel="noopener noreferrer" size="sm"><Icon name="out" size={14} /> Source</Anchor>
        )}
      </p>
      {mayAct && <Actions group={group} on={on} />}
      <div className="columns">
        <div>
          <Part title="Message"><Message id={id} /></Part>
          <Part title="Timeline"><Timeline id={id} noteField={noteField} /></Part>
          <Part title={group.alerts_count === 1 ? "Alert" : `${group.alerts_count} alerts`}><Alerts id={id} /></Part>
          <Part title="Why it is so"><Reasons id={id} group={group} details={details} /></Part>
        </div>
        <aside aria-label="Facts"><Facts group={group} details={details} /></aside>
      </div>
    </article>
  );
}
