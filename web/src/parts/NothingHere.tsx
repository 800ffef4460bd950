// An empty list of alert groups: all is well, or the way to a first alert.
import { Anchor, Button, List, Text } from "@mantine/core";
import { Link } from "wouter";
import { useCounts } from "../api/groups";
import { useIntegrations } from "../api/integrations";
import { useMay } from "../api/session";
import type { State } from "../api/types";
import { Empty, Waiting } from "./bits";
import { states, wordOf } from "./State";

function FirstRun({ first }: { first: { id: string; name: string } | undefined }) {
  const admin = useMay("admin");
  if (!admin) {
    return (
      <Empty icon="bell" title="No alert has come yet">
        <Text size="sm">An admin connects a monitoring system under <Anchor component={Link} href="/integrations">Integrations</Anchor>.</Text>
      </Empty>
    );
  }
  return (
    <Empty icon="plug" title="From here to a first alert in a minute">
      <List type="ordered" size="sm" spacing="xs" className="first-run">
        <List.Item>
          {first ? <s>Create an integration: the address that your monitoring posts to.</s>
            : <>Create an integration: the address that your monitoring posts to. <br />
              <Button component={Link} href="/integrations?new" size="xs" mt={6}>Create an integration</Button></>}
        </List.Item>
        <List.Item>
          Send a demo alert through it. It appears here by itself. <br />
          {first && <Button component={Link} href={`/integrations/${first.id}`} size="xs" mt={6}>Open {first.name}</Button>}
        </List.Item>
        <List.Item>Connect the real thing: the integration tells how.</List.Item>
      </List>
    </Empty>
  );
}

export function NothingHere({ state }: { state: string }) {
  const counts = useCounts({});
  const integrations = useIntegrations();
  if (!counts.data || !integrations.data) return <Waiting lines={2} />;
  if (states.every((each) => counts.data[each] === 0)) return <FirstRun first={integrations.data.results[0]} />;
  if (state === "firing") {
    return (
      <Empty icon="check" title="Nothing is firing">
        <Text size="sm">New alert groups appear here by themselves.</Text>
      </Empty>
    );
  }
  return (
    <Empty icon="bell" title={`No alert group is ${wordOf(state as State).toLowerCase()}`}>
      <Anchor component={Link} href="/alert-groups?state=all" size="sm">Show all</Anchor>
    </Empty>
  );
}
