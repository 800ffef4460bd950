// The templates of an integration, each with what it makes of a payload: of one that came lately, of the type's example or
// of any other. Nothing is stored until it is saved.
import { Badge, Button, Group, Select, Text, Textarea } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, useMemo, useState } from "react";
import { patch, Refusal } from "../api/client";
import { useCatalogType } from "../api/integrations";
import { useMay } from "../api/session";
import { FieldPreview, flat, nested, Sample, TemplateError, Texts, useRecentPayloads, useTemplatePreview } from "../api/templates";
import type { Integration, Json } from "../api/types";
import { say } from "../shell/notices";
import { Failure, Waiting } from "./bits";
import { differenceOf } from "./difference";
import { JsonTree } from "./JsonTree";

const TemplateText = lazy(() => import("./TemplateText"));

const channels: Record<string, string> = {
  web: "Web", slack: "Slack", telegram: "Telegram", sms: "SMS", phone_call: "Phone call", email: "Email",
  mobile_app: "Mobile app", webhook: "Webhook", mattermost: "Mattermost",
};
const behaviour: Record<string, string> = {
  grouping_key: "Grouping key", resolve_signal: "Resolve signal", acknowledge_signal: "Acknowledge signal", source_link: "Source link",
};

function nameOf(field: string): string {
  const [channel, part] = field.split(".");
  if (part === undefined) return behaviour[field] ?? field;
  return `${channels[channel] ?? channel} ${part.replace("_url", "").replace("_", " ")}`;
}

const example = "example";
const own = "own";

function useSample(id: string, payloadOfExample: Json) {
  const recent = useRecentPayloads(id);
  const alerts = (recent.data?.results ?? []).flatMap(({ alert, title }) => (alert ? [{ alert, title }] : []));
  const [chosen, setChosen] = useState<string | null>(null);
  const [text, setText] = useState("");
  const at = chosen ?? (alerts[0]?.alert.id || example);
  const written = useMemo<{ payload?: Json; wrong?: string }>(() => {
    try {
      return { payload: JSON.parse(text || "null") as Json };
    } catch (error) {
      return { wrong: (error as Error).message };
    }
  }, [text]);
  const payload = at === own ? written.payload ?? null : alerts.find(({ alert }) => alert.id === at)?.alert.payload ?? payloadOfExample;
  const sample: Sample = at === example ? {} : at === own ? { payload: written.payload ?? {} } : { alert_id: at };
  const choices = [
    ...alerts.map(({ alert, title }) => ({ value: alert.id, label: `${title ?? alert.id} (${new Date(alert.created_at).toLocaleString()})` })),
    { value: example, label: "The type's example" },
    { value: own, label: "A payload of your own" },
  ];
  const choose = (next: string) => {
    if (next === own && !text) setText(JSON.stringify(payload, null, 2));
    setChosen(next);
  };
  return { at, choices, choose, payload, sample, text, setText, wrong: at === own ? written.wrong : undefined, loaded: !recent.isPending };
}

/// `brief` leaves the line out, where there is no room to show the mark under it.
function Trouble({ error, brief = false }: { error: TemplateError; brief?: boolean }) {
  return (
    <div className="why-bad" role="status">
      {error.message} {error.line !== null && <span className="dim">line {error.line}{error.column !== null && `, column ${error.column}`}</span>}
      {!brief && error.source_line && <pre className="template-place">{error.source_line}{error.caret && `\n${error.caret}`}</pre>}
      {error.hint && <div className="dim">{error.hint}</div>}
    </div>
  );
}

function Result({ preview }: { preview: FieldPreview }) {
  if (preview.error) return <Trouble error={preview.error} brief />;
  if (preview.result === null) return <span className="dim">nothing</span>;
  if (preview.holds !== null) return <span>{preview.holds ? "holds" : "does not hold"} <span className="dim">({preview.result || "empty"})</span></span>;
  return preview.result === "" ? <span className="dim">empty</span> : <pre className="template-result">{preview.result}</pre>;
}

function Difference({ before, after }: { before: string; after: string }) {
  const lines = differenceOf(before, after);
  if (lines.every(({ kind }) => kind === "same")) return <Text size="sm" c="dimmed">It is the default.</Text>;
  const mark = { same: " ", added: "+", removed: "-" };
  return (
    <pre className="template-difference" aria-label="Difference from the default">
      {lines.map(({ kind, text }, i) => <span key={i} className={`difference-${kind}`}>{mark[kind]} {text}{"\n"}</span>)}
    </pre>
  );
}

function FieldEditor({ field, text, standard, error, readOnly, change }: {
  field: string; text: string | null; standard: string | null; error: TemplateError | null; readOnly: boolean;
  change: (text: string | null) => void;
}) {
  const [comparing, setComparing] = useState(false);
  const isOwn = text !== null && text !== "";
  return (
    <section className="part">
      <h2>{nameOf(field)} <Badge variant="outline" color="gray" tt="none" ml={6}>{isOwn ? "own" : standard === null ? "no default" : "default"}</Badge></h2>
      <Suspense fallback={<Waiting lines={4} />}>
        <TemplateText key={field} label={`Template of ${nameOf(field)}`} text={(isOwn ? text : standard) ?? ""} error={error} readOnly={readOnly}
          change={(next) => change(next === (standard ?? "") ? null : next)} />
      </Suspense>
      <Group gap="xs" mt={6}>
        {!readOnly && <Button size="xs" variant="default" disabled={!isOwn} onClick={() => change(null)}>Reset to default</Button>}
        <Button size="xs" variant="default" aria-pressed={comparing} disabled={!isOwn && !comparing} onClick={() => setComparing(!comparing)}>
          {comparing ? "Hide the difference" : "Difference from the default"}
        </Button>
      </Group>
      {comparing && <Difference before={standard ?? ""} after={(isOwn ? text : standard) ?? ""} />}
      {error && <Trouble error={error} />}
    </section>
  );
}

function Editor({ integration, standards, payloadOfExample }: {
  integration: Integration; standards: Texts; payloadOfExample: Json;
}) {
  const client = useQueryClient();
  const mayWrite = useMay("admin");
  const stored = useMemo(() => flat(integration.templates), [integration.templates]);
  const [draft, setDraft] = useState<Texts>({});
  const [field, setField] = useState("web.title");
  const [busy, setBusy] = useState(false);
  const sample = useSample(integration.id, payloadOfExample);
  const [tried] = useDebouncedValue(draft, 200);
  const preview = useTemplatePreview(integration.id, tried, sample.sample);
  const textOf = (name: string) => (name in draft ? draft[name] : stored[name] ?? null);
  const changed = Object.keys(draft).filter((name) => (draft[name] || null) !== (stored[name] || null));
  const dirty = changed.length > 0;

  useEffect(() => {
    if (!dirty) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [dirty]);

  async function save() {
    setBusy(true);
    try {
      const templates = nested(Object.fromEntries(changed.map((name) => [name, draft[name] || null])));
      const saved = await patch<Integration>(`integrations/${integration.id}`, { templates });
      client.setQueryData(["integration", integration.id], saved);
      setDraft({});
      say({ text: "Saved the templates." });
    } catch (error) {
      say({ text: (error as Refusal).message, bad: true });
    } finally {
      setBusy(false);
    }
  }

  if (preview.error && !preview.data) return <Failure error={preview.error} retry={() => void preview.refetch()} />;
  const fields = preview.data?.fields ?? [];
  return (
    <>
      <Group align="flex-end" mb="md" gap="sm">
        <Select label="Payload to try them with" w={420} maw="100%" allowDeselect={false} data={sample.choices} value={sample.at}
          onChange={(next) => next && sample.choose(next)} />
        {mayWrite && <Button loading={busy} disabled={!dirty} onClick={() => void save()}>Save{dirty && ` (${changed.length})`}</Button>}
        {dirty && <Button variant="default" onClick={() => setDraft({})}>Discard changes</Button>}
      </Group>
      {sample.at === own && (
        <Textarea aria-label="Payload" autosize minRows={4} maxRows={14} mb="md" spellCheck={false} value={sample.text} error={sample.wrong}
          styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)", fontSize: 12.5 } }}
          onChange={(event) => sample.setText(event.currentTarget.value)} />
      )}
      <div className="templates">
        <div>
          <FieldEditor field={field} text={textOf(field)} standard={standards[field] ?? null} readOnly={!mayWrite}
            error={fields.find((each) => each.field === field)?.error ?? null}
            change={(text) => setDraft((before) => ({ ...before, [field]: text }))} />
          <details className="part"><summary>The payload</summary><JsonTree value={sample.payload} /></details>
        </div>
        <section className="part" aria-label="Preview of every field" aria-busy={preview.isFetching}>
          <h2>What they make of it</h2>
          {fields.length === 0 ? <Waiting /> : (
            <table className="template-preview"><tbody>
              {fields.map((each) => (
                <tr key={each.field} data-current={each.field === field || undefined}>
                  <th scope="row">
                    <button type="button" aria-current={each.field === field} onClick={() => setField(each.field)}>{nameOf(each.field)}</button>
                    {changed.includes(each.field) ? <span className="dim"> changed</span> : each.origin === "integration" && <span className="dim"> own</span>}
                  </th>
                  <td><Result preview={each} /></td>
                </tr>
              ))}
            </tbody></table>
          )}
          {preview.data && <Text size="sm" c="dimmed" mt="xs">Such an alert would {signalWords[preview.data.signal] ?? preview.data.signal}.</Text>}
        </section>
      </div>
    </>
  );
}

const signalWords: Record<string, string> = {
  fire: "open an alert group, or add to one", resolve: "resolve its alert group", acknowledge: "acknowledge its alert group",
};

export default function TemplatesEditor({ integration }: { integration: Integration }) {
  const type = useCatalogType(integration.type);
  if (type.error) return <Failure error={type.error} retry={() => void type.refetch()} />;
  if (!type.data) return <Waiting />;
  return <Editor integration={integration} standards={flat(type.data.templates)} payloadOfExample={type.data.example} />;
}
