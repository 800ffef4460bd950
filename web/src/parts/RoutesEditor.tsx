// Where the alerts of an integration go: conditions, asked from the top, and what a recent alert makes of them.
import { Button, Group, SegmentedControl, Select, Stack, Text, Textarea } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { FormEvent, useState } from "react";
import { get, patch, post, Refusal, remove } from "../api/client";
import { useRoutes } from "../api/integrations";
import { useMay } from "../api/session";
import type { AlertGroup, Integration, Page, PreviewedAlert, Route } from "../api/types";
import { say } from "../shell/notices";
import { Failure, IconButton, Waiting } from "./bits";
import { absolute } from "./When";

const kinds = [
  { value: "jinja2", label: "Template" },
  { value: "regex", label: "Regular expression" },
];
const hints: Record<string, string> = {
  jinja2: "{{ payload.severity == \"critical\" }}",
  regex: "\"severity\": ?\"critical\"",
};
const explained: Record<string, string> = {
  jinja2: "Matches when the template gives True, 1 or ok.",
  regex: "Searched for in the JSON text of the payload.",
};

function RouteForm({ route, save, cancel }: {
  route?: Route; save: (change: { routing_type: string; routing_regex: string }) => Promise<unknown>; cancel: () => void;
}) {
  const [kind, setKind] = useState(route?.routing_type ?? "jinja2");
  const [text, setText] = useState(route?.routing_regex ?? "");
  const [wrong, setWrong] = useState("");
  const [busy, setBusy] = useState(false);
  async function submit(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    try {
      await save({ routing_type: kind, routing_regex: text });
      cancel();
    } catch (error) {
      setWrong((error as Refusal).message);
      setBusy(false);
    }
  }
  return (
    <form onSubmit={(event) => void submit(event)}>
      <Stack gap="xs">
        <SegmentedControl size="xs" data={kinds} value={kind} onChange={setKind} aria-label="Kind of condition" style={{ alignSelf: "flex-start" }} />
        <Textarea aria-label="Condition" description={explained[kind]} placeholder={hints[kind]} required autosize autoFocus spellCheck={false}
          styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }} value={text} error={wrong}
          onChange={(event) => setText(event.currentTarget.value)} />
        <Group gap="xs">
          <Button type="submit" size="xs" loading={busy}>Save the route</Button>
          <Button size="xs" variant="default" onClick={cancel}>Cancel</Button>
        </Group>
      </Stack>
    </form>
  );
}

/// The recent alerts of the integration, and which route the chosen one takes by now.
function useTrial(integration: Integration) {
  const [chosen, setChosen] = useState<string | null>(null);
  const groups = useQuery({
    queryKey: ["alert_groups", "recent", integration.id],
    queryFn: () => get<Page<AlertGroup>>("alert_groups", { integration_id: integration.id, perpage: 30 }),
  });
  const recent = groups.data?.results.filter((group) => group.last_alert) ?? [];
  const alert = recent.find((group) => group.last_alert?.id === chosen)?.last_alert;
  const trial = useQuery({
    queryKey: ["routes", integration.id, "trial", chosen],
    queryFn: () => post<{ alerts: PreviewedAlert[] }>(`integrations/${integration.id}/preview`, { payload: alert?.payload }),
    enabled: alert !== undefined && alert !== null,
  });
  return { recent, chosen, setChosen, result: trial.data?.alerts[0], error: trial.error };
}

function told(route: Route, result: PreviewedAlert | undefined): string | null {
  if (!result) return null;
  if (result.route_id === route.id) return "The alert takes this route.";
  const asked = result.trace.routes?.find((each) => each.route === route.id);
  return asked ? "Does not match the alert." : "Not asked: a route above took the alert.";
}

export function RoutesEditor({ integration }: { integration: Integration }) {
  const client = useQueryClient();
  const routes = useRoutes(integration.id);
  const mayWrite = useMay("admin");
  const [edited, setEdited] = useState<string | null>(null);
  const trial = useTrial(integration);
  const refresh = () => client.invalidateQueries({ queryKey: ["routes", integration.id] });
  const attempt = (work: Promise<unknown>, text: string) =>
    work.then(refresh).then(() => say({ text })).catch((error: Refusal) => say({ text: error.message, bad: true }));
  if (routes.error && !routes.data) return <Failure error={routes.error} retry={() => void routes.refetch()} />;
  if (!routes.data) return <Waiting lines={3} />;
  const list = routes.data.results;
  const conditions = list.filter((route) => !route.is_the_last_route);

  const move = (route: Route, position: number) =>
    void attempt(patch(`routes/${route.id}`, { position, manual_order: true }), "Moved the route.");
  const add = (change: object) =>
    post("routes", { integration_id: integration.id, ...change, position: conditions.length, manual_order: true }).then(refresh);

  const body = (route: Route) => {
    if (route.is_the_last_route) return <Text size="sm">Everything else: the default route.</Text>;
    if (edited !== route.id) return <code>{route.routing_regex}</code>;
    return <RouteForm route={route} cancel={() => setEdited(null)} save={(change) => patch(`routes/${route.id}`, change).then(refresh)} />;
  };

  return (
    <>
      <Group mb="sm" align="flex-end">
        <Select size="xs" label="Try the routes on a recent alert" placeholder={trial.recent.length > 0 ? "Choose an alert" : "None has come yet"} clearable
          searchable disabled={trial.recent.length === 0} w={380} maw="100%" value={trial.chosen} onChange={trial.setChosen}
          data={trial.recent.map((group) => ({
            value: group.last_alert!.id, label: `${group.title ?? "Wiped"} · ${absolute(group.last_alert!.created_at, null)}`,
          }))} />
      </Group>
      {trial.error && <Text size="sm" className="why-bad">{trial.error.message}</Text>}
      {list.map((route, index) => (
        <div key={route.id} className={trial.result?.route_id === route.id ? "route route-hit" : "route"}>
          <span className="route-word">{route.is_the_last_route ? "Otherwise" : index === 0 ? "If" : "Else if"}</span>
          <div className="route-body">
            {body(route)}
            {trial.result && <Text size="sm" fw={trial.result.route_id === route.id ? 600 : 400} mt={4}>{told(route, trial.result)}</Text>}
          </div>
          {mayWrite && !route.is_the_last_route && edited !== route.id && (
            <Group gap={4} wrap="nowrap">
              <IconButton icon="up" label="Ask earlier" disabled={index === 0} onClick={() => move(route, index - 1)} />
              <IconButton icon="down" label="Ask later" disabled={index >= conditions.length - 1} onClick={() => move(route, index + 1)} />
              <IconButton icon="pencil" label="Edit the condition" onClick={() => setEdited(route.id)} />
              <IconButton icon="trash" label="Delete the route" onClick={() => void attempt(remove(`routes/${route.id}`), "Deleted the route; its alert groups stay.")} />
            </Group>
          )}
        </div>
      ))}
      {mayWrite && (edited === "new"
        ? <div className="route"><span className="route-word">New</span><div className="route-body"><RouteForm cancel={() => setEdited(null)} save={add} /></div></div>
        : <Button mt="sm" size="xs" variant="default" onClick={() => setEdited("new")}>Add a route</Button>)}
    </>
  );
}
