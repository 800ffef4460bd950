// A demo alert: the type's example, which may be edited, sent the way of a real one.
import { Button, Group, Modal, Stack, Text, Textarea } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useLocation } from "wouter";
import { post, Refusal } from "../api/client";
import type { Json } from "../api/types";
import { say } from "../shell/notices";

export function DemoAlert({ id, example, close }: { id: string; example: Json; close: () => void }) {
  const client = useQueryClient();
  const [, go] = useLocation();
  const [text, setText] = useState(() => JSON.stringify(example, null, 2));
  const [wrong, setWrong] = useState("");
  const [busy, setBusy] = useState(false);
  async function send() {
    let payload: Json;
    try {
      payload = JSON.parse(text) as Json;
    } catch (error) {
      return setWrong(`This is no JSON: ${(error as Error).message}`);
    }
    setBusy(true);
    try {
      const receipt = await post<{ alert_group_ids: string[] }>(`integrations/${id}/demo_alert`, { payload });
      for (const key of ["alert_groups", "counts", "intake"]) void client.invalidateQueries({ queryKey: [key] });
      say({ text: "The demo alert was sent." });
      close();
      if (receipt.alert_group_ids[0]) go(`/alert-groups/${receipt.alert_group_ids[0]}`);
    } catch (error) {
      setWrong((error as Refusal).message);
      setBusy(false);
    }
  }
  return (
    <Modal opened onClose={close} size="lg" title="Send a demo alert" closeButtonProps={{ "aria-label": "Close" }}>
      <Stack>
        <Text size="sm">It is read, routed and grouped like a real one, and marked as a demo.</Text>
        <Textarea label="Payload" autosize minRows={8} maxRows={22} value={text} error={wrong} spellCheck={false}
          styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)", fontSize: 12.5 } }}
          onChange={(event) => { setText(event.currentTarget.value); setWrong(""); }}
          onKeyDown={(event) => { if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void send(); }} />
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>Cancel</Button>
          <Button loading={busy} onClick={() => void send()}>Send</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
