// The integrations, and making one from the catalogue.
import { Anchor, Badge, Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { FormEvent, useMemo, useRef, useState } from "react";
import { Link, useLocation, useSearchParams } from "wouter";
import { post, Refusal } from "../api/client";
import { useCatalog, useIntake, useIntegrations } from "../api/integrations";
import { useMay } from "../api/session";
import type { CatalogEntry, Integration } from "../api/types";
import { CopyButton, Empty, Failure, PageHead, usePageTitle, Waiting } from "../parts/bits";
import { Icon } from "../parts/Icon";
import { IntegrationTile } from "../parts/IntegrationTile";
import { When } from "../parts/When";
import { useKeys } from "../shell/keys";

function Gallery({ choose }: { choose: (type: CatalogEntry) => void }) {
  const catalog = useCatalog();
  const [text, setText] = useState("");
  const found = useMemo(() => {
    const words = text.toLowerCase().split(/\s+/);
    return (catalog.data?.results ?? []).filter((type) => {
      const told = `${type.id} ${type.name} ${type.description}`.toLowerCase();
      return type.creatable && words.every((word) => told.includes(word));
    });
  }, [catalog.data, text]);
  return (
    <Stack>
      <TextInput aria-label="Search the catalogue" placeholder="Search: Alertmanager, webhook…" data-autofocus value={text}
        leftSection={<Icon name="search" />} onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => event.key === "Enter" && found.length > 0 && choose(found[0])} />
      {catalog.isPending && <Waiting lines={3} />}
      {catalog.error && <Failure error={catalog.error} retry={() => void catalog.refetch()} />}
      <div className="gallery">
        {found.map((type) => (
          <button key={type.id} type="button" onClick={() => choose(type)}>
            <IntegrationTile name={type.name} />
            <span><strong>{type.name}</strong><br /><span className="dim">{type.description}</span></span>
          </button>
        ))}
      </div>
      {catalog.data && found.length === 0 && (
        <Text size="sm">Nothing of that name. <strong>Webhook</strong> takes any JSON, form or text that a system can post.</Text>
      )}
    </Stack>
  );
}

function NameForm({ type, back }: { type: CatalogEntry; back: () => void }) {
  const client = useQueryClient();
  const [, go] = useLocation();
  const [name, setName] = useState("");
  const [wrong, setWrong] = useState("");
  const [busy, setBusy] = useState(false);
  async function submit(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    try {
      const made = await post<Integration>("integrations", { type: type.id, ...(name.trim() ? { name: name.trim() } : {}) });
      await client.invalidateQueries({ queryKey: ["integrations"] });
      go(`/integrations/${made.id}/connect`);
    } catch (error) {
      setWrong((error as Refusal).message);
      setBusy(false);
    }
  }
  return (
    <form onSubmit={(event) => void submit(event)}>
      <Stack>
        <Group gap="sm"><IntegrationTile name={type.name} /><div><strong>{type.name}</strong><br /><Text size="sm" c="dimmed" span>{type.description}</Text></div></Group>
        <TextInput label="Name" description="What it watches, or where: Production, Billing" placeholder={type.name} data-autofocus
          maxLength={150} value={name} error={wrong} onChange={(event) => setName(event.currentTarget.value)} />
        <Group justify="space-between">
          <Button variant="default" onClick={back}>Another type</Button>
          <Button type="submit" loading={busy}>Create the integration</Button>
        </Group>
      </Stack>
    </form>
  );
}

function Create({ close }: { close: () => void }) {
  const [type, setType] = useState<CatalogEntry | null>(null);
  return (
    <Modal opened onClose={close} size="xl" title={type ? "New integration" : "What does it take alerts from?"}
      closeButtonProps={{ "aria-label": "Close" }}>
      {type ? <NameForm type={type} back={() => setType(null)} /> : <Gallery choose={setType} />}
    </Modal>
  );
}

function Row({ integration, typeName }: { integration: Integration; typeName: string }) {
  const intake = useIntake(integration.id).data;
  const troubles = intake
    ? [
        [intake.refused_rate, "over the rate limit"], [intake.bad_requests, "unreadable"], [intake.template_errors, "template errors"],
      ].filter(([count]) => Number(count) > 0)
    : [];
  return (
    <tr>
      <td><Group gap="sm" wrap="nowrap"><IntegrationTile name={typeName} /><div>
        <Anchor component={Link} href={`/integrations/${integration.id}`}>{integration.name}</Anchor><br />
        <Text size="xs" c="dimmed" span>{typeName}</Text></div></Group></td>
      <td>{intake && (intake.last_alert_at ? <When at={intake.last_alert_at} /> : <span className="dim">never</span>)}</td>
      <td className="number wide-only">{intake?.accepted}</td>
      <td>{troubles.map(([count, word]) => <Badge key={word} variant="outline" color="gray" mr={4} tt="none">{count} {word}</Badge>)}</td>
      <td className="wide-only">{integration.link && <CopyButton text={integration.link} what={`the URL of ${integration.name}`} />}</td>
    </tr>
  );
}

export default function Integrations() {
  usePageTitle("Integrations");
  const integrations = useIntegrations();
  const catalog = useCatalog().data?.results;
  const mayWrite = useMay("admin");
  const [search, setSearch] = useSearchParams();
  const [text, setText] = useState("");
  const box = useRef<HTMLInputElement>(null);
  const creating = search.has("new") && mayWrite;
  const create = (open: boolean) => setSearch(open ? { new: "" } : {});
  useKeys("Integrations", [
    { keys: "/", does: "search", run: () => box.current?.focus() },
    ...(mayWrite ? [{ keys: "c", does: "create an integration", run: () => create(true) }] : []),
  ]);
  const all = integrations.data?.results ?? [];
  const shown = all.filter(({ name, type }) => `${name} ${type}`.toLowerCase().includes(text.toLowerCase()));
  const nameOf = (type: string) => catalog?.find(({ id }) => id === type)?.name ?? type;
  return (
    <>
      <PageHead title="Integrations">
        <TextInput ref={box} size="xs" aria-label="Search integrations" placeholder="Search" value={text}
          leftSection={<Icon name="search" size={14} />} onChange={(event) => setText(event.currentTarget.value)} />
        {mayWrite && <Button size="xs" leftSection={<Icon name="plus" />} onClick={() => create(true)}>Create an integration</Button>}
      </PageHead>
      {integrations.isPending && <Waiting />}
      {integrations.error && !integrations.data && <Failure error={integrations.error} retry={() => void integrations.refetch()} />}
      {shown.length > 0 && (
        <table>
          <thead><tr><th scope="col">Name</th><th scope="col">Last alert</th>
            <th scope="col" className="number wide-only">Alerts since the start</th><th scope="col">Refusals and errors</th>
            <th scope="col" className="wide-only">URL</th></tr></thead>
          <tbody>{shown.map((each) => <Row key={each.id} integration={each} typeName={nameOf(each.type)} />)}</tbody>
        </table>
      )}
      {integrations.data && all.length === 0 && (
        <Empty icon="plug" title="No integration yet">
          <Text size="sm">An integration is an address that one monitoring system posts its alerts to.</Text>
          {mayWrite && <Button size="xs" onClick={() => create(true)}>Create the first one</Button>}
        </Empty>
      )}
      {all.length > 0 && shown.length === 0 && <Empty icon="search" title="No integration of that name" />}
      {creating && <Create close={() => create(false)} />}
    </>
  );
}
