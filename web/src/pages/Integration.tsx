// One integration: what came through it, how to connect it, where its alerts go, its settings.
import { Button, Tabs, Text } from "@mantine/core";
import { useLocation } from "wouter";
import { lazy, Suspense, useState } from "react";
import { get, Refusal } from "../api/client";
import { useQuery } from "@tanstack/react-query";
import { useCatalogType, useIntake, useIntegration } from "../api/integrations";
import { useMay } from "../api/session";
import type { Integration as Record_, Intake } from "../api/types";
import { CopyLine, Empty, Failure, PageHead, usePageTitle, Waiting } from "../parts/bits";
import { DemoAlert } from "../parts/DemoAlert";
import { Icon } from "../parts/Icon";
import { IntegrationSettings } from "../parts/IntegrationSettings";
import { IntegrationTile } from "../parts/IntegrationTile";
import { Markdown } from "../parts/Markdown";
import { RoutesEditor } from "../parts/RoutesEditor";
import { When } from "../parts/When";
import { useKeys } from "../shell/keys";

const TemplatesEditor = lazy(() => import("../parts/TemplatesEditor"));

const tabs = ["overview", "connect", "templates", "routes", "settings"];

function Numbers({ intake }: { intake: Intake }) {
  const number = (name: string, value: React.ReactNode) => <div><dt>{name}</dt><dd>{value}</dd></div>;
  return (
    <>
      <dl className="numbers">
        {number("Last alert", intake.last_alert_at ? <When at={intake.last_alert_at} /> : "never")}
        {number("Alerts since the start", intake.accepted)}
        {number("Over the rate limit", intake.refused_rate)}
        {number("Unreadable requests", intake.bad_requests)}
        {number("Template errors", intake.template_errors)}
        {number("Rate limit", `${intake.effective_rate_per_second}/s, ${intake.effective_rate_burst} at once`)}
      </dl>
      {intake.last_refused_at && (
        <Text size="sm" className="why-bad" mb="sm"><Icon name="warning" size={14} /> Alerts were refused last <When at={intake.last_refused_at} />:
          the sender was told to send again later. The limit can be raised under Settings.</Text>
      )}
      {intake.last_template_error && (
        <Text size="sm" className="why-bad" mb="sm"><Icon name="warning" size={14} /> Last template error: {intake.last_template_error}</Text>
      )}
    </>
  );
}

function Overview({ integration, demo }: { integration: Record_; demo: (() => void) | null }) {
  const intake = useIntake(integration.id);
  return (
    <>
      {integration.description_short && <Text size="sm" mb="sm">{integration.description_short}</Text>}
      {intake.data ? <Numbers intake={intake.data} /> : <Waiting lines={2} />}
      {integration.link && (
        <section className="part"><h2>URL to post alerts to</h2><CopyLine text={integration.link} what="the URL" />
          <Text size="xs" c="dimmed" mt={4}>Who knows it can send alerts: treat it like a password.</Text></section>
      )}
      {integration.heartbeat && (
        <section className="part"><h2>Heartbeat URL</h2><CopyLine text={integration.heartbeat.link} what="the heartbeat URL" /></section>
      )}
      {intake.data && !intake.data.last_alert_at && demo && (
        <Empty icon="send" title="No alert has come yet">
          <Text size="sm">See how one looks: a demo alert goes all the way, like a real one.</Text>
          <Button onClick={demo}>Send a demo alert</Button>
        </Empty>
      )}
    </>
  );
}

function Connect({ id }: { id: string }) {
  const connect = useQuery({
    queryKey: ["integration", id, "connect"],
    queryFn: () => get<{ link: string | null; markdown: string }>(`integrations/${id}/connect`),
  });
  if (connect.error) return <Failure error={connect.error} retry={() => void connect.refetch()} />;
  if (!connect.data) return <Waiting />;
  return (
    <>
      {connect.data.link && <section className="part"><h2>URL</h2><CopyLine text={connect.data.link} what="the URL" /></section>}
      <Markdown text={connect.data.markdown} />
    </>
  );
}

export default function Integration({ id, tab }: { id: string; tab?: string }) {
  const query = useIntegration(id);
  const integration = query.data;
  const type = useCatalogType(integration?.type).data;
  const mayWrite = useMay("admin");
  const mayDemo = useMay("editor") && type?.has_demo;
  const [, go] = useLocation();
  const [sending, setSending] = useState(false);
  const at = tabs.includes(tab ?? "") ? tab! : "overview";
  usePageTitle(integration?.name ?? "Integration");
  useKeys("Integration", [
    ...(mayDemo ? [{ keys: "d", does: "send a demo alert", run: () => setSending(true) }] : []),
    { keys: "Escape", does: "back to the integrations", run: () => go("/integrations") },
  ]);
  if (query.error && !integration) {
    return query.error instanceof Refusal && query.error.status === 404
      ? <Empty icon="plug" title="There is no such integration"><Text size="sm">It was deleted. Its alert groups stay.</Text></Empty>
      : <Failure error={query.error} retry={() => void query.refetch()} />;
  }
  if (!integration) return <Waiting />;
  return (
    <>
      <PageHead back={["/integrations", "Integrations"]}
        title={<><IntegrationTile name={type?.name ?? integration.type} /> {integration.name} <Text span size="sm" c="dimmed" fw={400}>{type?.name}</Text></>}>
        <Button size="xs" variant="default" onClick={() => go(`/alert-groups?state=all&integration=${id}`)}>Alert groups</Button>
        {mayDemo && <Button size="xs" leftSection={<Icon name="send" />} onClick={() => setSending(true)}>Send a demo alert</Button>}
      </PageHead>
      <Tabs value={at} keepMounted={false} onChange={(next) => go(`/integrations/${id}${next === "overview" ? "" : `/${next}`}`)}>
        <Tabs.List mb="md">
          <Tabs.Tab value="overview">Overview</Tabs.Tab>
          <Tabs.Tab value="connect">Connect</Tabs.Tab>
          <Tabs.Tab value="templates">Templates</Tabs.Tab>
          <Tabs.Tab value="routes">Routes</Tabs.Tab>
          {mayWrite && <Tabs.Tab value="settings">Settings</Tabs.Tab>}
        </Tabs.List>
        <Tabs.Panel value="overview"><Overview integration={integration} demo={mayDemo ? () => setSending(true) : null} /></Tabs.Panel>
        <Tabs.Panel value="connect"><Connect id={id} /></Tabs.Panel>
        <Tabs.Panel value="templates"><Suspense fallback={<Waiting />}><TemplatesEditor integration={integration} /></Suspense></Tabs.Panel>
        <Tabs.Panel value="routes"><RoutesEditor integration={integration} /></Tabs.Panel>
        {mayWrite && <Tabs.Panel value="settings"><IntegrationSettings integration={integration} /></Tabs.Panel>}
      </Tabs>
      {sending && <DemoAlert id={id} example={type?.example ?? {}} close={() => setSending(false)} />}
    </>
  );
}
