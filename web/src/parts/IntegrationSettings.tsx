// Name, description, limits of an integration, and its end.
import { Alert, Button, Group, NumberInput, Stack, Switch, Text, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { FormEvent, useState } from "react";
import { useLocation } from "wouter";
import { patch, Refusal, remove } from "../api/client";
import { useCounts } from "../api/groups";
import { useIntake } from "../api/integrations";
import type { Intake, Integration } from "../api/types";
import { say } from "../shell/notices";
import { Waiting } from "./bits";

function Form({ integration, intake }: { integration: Integration; intake: Intake }) {
  const client = useQueryClient();
  const [name, setName] = useState(integration.name);
  const [description, setDescription] = useState(integration.description_short ?? "");
  const [resolves, setResolves] = useState(intake.resolves_from_source);
  const [rate, setRate] = useState<number | string>(intake.rate_per_second ?? "");
  const [burst, setBurst] = useState<number | string>(intake.rate_burst ?? "");
  const [wrong, setWrong] = useState<Record<string, string>>({});
  const [busy, setBusy] = useState(false);
  const numberOf = (value: number | string) => (value === "" ? null : Number(value));
  async function submit(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setWrong({});
    try {
      await patch(`integrations/${integration.id}`, { name, description_short: description || null });
      await patch(`integrations/${integration.id}/intake`, {
        resolves_from_source: resolves, rate_per_second: numberOf(rate), rate_burst: numberOf(burst),
      });
      for (const key of [["integrations"], ["integration", integration.id], ["intake", integration.id]]) {
        void client.invalidateQueries({ queryKey: key });
      }
      say({ text: "Saved." });
    } catch (error) {
      const refusal = error as Refusal;
      setWrong(Object.keys(refusal.fields).length > 0 ? refusal.fields : { whole: refusal.message });
    } finally {
      setBusy(false);
    }
  }
  return (
    <form onSubmit={(event) => void submit(event)}>
      <Stack maw={520}>
        {wrong.whole && <Alert color="red" variant="outline" role="alert">{wrong.whole}</Alert>}
        <TextInput label="Name" required maxLength={150} value={name} error={wrong.name} onChange={(event) => setName(event.currentTarget.value)} />
        <TextInput label="Description" value={description} error={wrong.description_short}
          onChange={(event) => setDescription(event.currentTarget.value)} />
        <Switch label="Its source may resolve alert groups" checked={resolves} onChange={(event) => setResolves(event.currentTarget.checked)}
          description="Off: a resolve signal is kept with the alert, and people resolve." />
        <Group grow align="flex-start">
          <NumberInput label="Alerts a second" min={0} value={rate} error={wrong.rate_per_second} onChange={setRate}
            placeholder={`${intake.effective_rate_per_second} (the server's)`} />
          <NumberInput label="Alerts at once" min={0} value={burst} error={wrong.rate_burst} onChange={setBurst}
            placeholder={`${intake.effective_rate_burst} (the server's)`} />
        </Group>
        <Button type="submit" loading={busy} style={{ alignSelf: "flex-start" }}>Save</Button>
      </Stack>
    </form>
  );
}

function Delete({ integration }: { integration: Integration }) {
  const client = useQueryClient();
  const [, go] = useLocation();
  const [typed, setTyped] = useState("");
  const [asking, setAsking] = useState(false);
  const counts = useCounts({ integration_id: integration.id }).data;
  const open = counts ? counts.firing + counts.acknowledged + counts.silenced : 0;
  async function end() {
    try {
      await remove(`integrations/${integration.id}`);
      await client.invalidateQueries({ queryKey: ["integrations"] });
      say({ text: `Deleted the integration “${integration.name}”.` });
      go("/integrations", { replace: true });
    } catch (error) {
      say({ text: (error as Refusal).message, bad: true });
    }
  }
  return (
    <section className="part" style={{ marginTop: 32 }}>
      <h2>Delete</h2>
      <Stack align="flex-start" gap="xs" maw={520}>
        <Text size="sm">
          Its URL stops working at once: whatever still posts to it is refused, and those alerts are lost. Its routes go with it.
          Its alert groups stay{open > 0 && `; ${open} of them ${open === 1 ? "is" : "are"} not resolved, and the source can't resolve ${open === 1 ? "it" : "them"} any more`}. There is no way back.
        </Text>
        {!asking && <Button variant="default" size="xs" onClick={() => setAsking(true)}>Delete this integration</Button>}
        {asking && (
          <Group align="flex-end">
            <TextInput size="xs" label={`Type its name, ${integration.name}`} autoFocus value={typed} onChange={(event) => setTyped(event.currentTarget.value)} />
            <Button size="xs" color="red" disabled={typed !== integration.name} onClick={() => void end()}>Delete for good</Button>
            <Button size="xs" variant="default" onClick={() => setAsking(false)}>Keep it</Button>
          </Group>
        )}
      </Stack>
    </section>
  );
}

export function IntegrationSettings({ integration }: { integration: Integration }) {
  const intake = useIntake(integration.id).data;
  return (
    <>
      {intake ? <Form integration={integration} intake={intake} /> : <Waiting />}
      <Delete integration={integration} />
    </>
  );
}
