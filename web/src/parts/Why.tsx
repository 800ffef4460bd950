// Why an alert became what it is: its trace in words. See docs/trace.md.
import { Anchor, Code, Text } from "@mantine/core";
import { ReactNode } from "react";
import { Link } from "wouter";
import { useCatalogType, useIntegration, useRoutes } from "../api/integrations";
import type { CatalogType, Json, Step, TracedAlert } from "../api/types";
import { Icon } from "./Icon";

const subjects: Record<string, string> = {
  grouping_key: "Grouping key",
  resolve_signal: "Resolve signal",
  acknowledge_signal: "Acknowledge signal",
  source_link: "Source link",
  "web.title": "Title",
};

function subjectOf(step: Step): string {
  if (step.step.startsWith("label ")) return `Label “${step.step.slice(6)}”`;
  return subjects[step.step] ?? step.step;
}

function defaultTemplate(type: CatalogType | undefined, field: string): string | null {
  const [first, second] = field.split(".");
  const found = type?.templates[first];
  if (second === undefined) return typeof found === "string" ? found : null;
  return typeof found === "object" && found !== null ? found[second] : null;
}

/// The members of the payload that a template names and that the payload has.
function fieldsRead(template: string | null | undefined, payload: Json): [string, Json][] {
  const found = new Map<string, Json>();
  for (const [path] of (template ?? "").matchAll(/\bpayload(?:\.[A-Za-z_]\w*)+/g)) {
    let at: Json | undefined = payload;
    for (const name of path.split(".").slice(1)) {
      at = typeof at === "object" && at !== null && !Array.isArray(at) ? at[name] : undefined;
    }
    if (at !== undefined && typeof at !== "object") found.set(path, at);
  }
  return [...found].slice(0, 6);
}

function Line({ bad, children }: { bad?: boolean; children: ReactNode }) {
  return <li className={bad ? "why-bad" : undefined}>{bad && <Icon name="warning" size={14} />}{children}</li>;
}

const short = (text: string) => (text.length > 160 ? text.slice(0, 160) + "…" : text);

function Origin({ step, typeName }: { step: Step; typeName: string }) {
  if (step.origin === "integration") return <>by this integration's own template</>;
  if (step.origin === "fallback") return <>as a stand-in{step.why ? `, because ${step.why}` : ""}</>;
  return <>by the default template of {typeName}</>;
}

function StepLine({ step, alert, type }: { step: Step; alert: TracedAlert; type: CatalogType | undefined }) {
  const subject = <strong>{subjectOf(step)}</strong>;
  const origin = <Origin step={step} typeName={type?.name ?? "the type"} />;
  if (step.error) {
    const place = step.error.line > 0 ? ` in line ${step.error.line}, column ${step.error.column}` : "";
    return (
      <Line bad>
        {subject}: the template failed{place} ({step.error.kind}): {step.error.message}
        {step.template && <Code block>{step.template}</Code>}
      </Line>
    );
  }
  const value = (step.value ?? "").trim();
  const read = fieldsRead(step.template ?? defaultTemplate(type, step.step), alert.payload);
  const holds = ["1", "true", "ok"].includes(value.toLowerCase());
  const isSignal = step.step.endsWith("_signal");
  return (
    <Line>
      {subject}: {isSignal ? (holds ? "yes" : "no") : value ? <Code>{short(value)}</Code> : "nothing"}, {origin}
      {read.length > 0 && (
        <>
          , which reads {read.map(([path, at], index) => (
            <span key={path}>{index > 0 && ", "}<Code>{path}</Code> = <Code>{short(JSON.stringify(at))}</Code></span>
          ))}
        </>
      )}
      .{step.note && ` Note: ${step.note}.`}
    </Line>
  );
}

function RouteLines({ alert, integrationId }: { alert: TracedAlert; integrationId: string }) {
  const known = useRoutes(integrationId).data?.results;
  return (
    <>
      {(alert.trace.routes ?? []).map((route, index) => {
        const gone = known && !known.some(({ id }) => id === route.route);
        const result = alert.trace.steps?.find((step) => step.step === `route ${route.route}`);
        return (
          <Line key={route.route}>
            <strong>Route {index + 1}</strong>{gone && " (deleted since)"}:{" "}
            {route.type === "default"
              ? <>the default route took it{index > 0 ? ", as no condition before matched" : ", there is no other before it"}.</>
              : <>its condition <Code>{short(route.expression ?? "")}</Code> ({route.type}) {route.matched ? "matched: it took it" : "did not match"}
                {result?.error ? `: the template failed, ${result.error.message}` : ""}.</>}
          </Line>
        );
      })}
    </>
  );
}

export function Why({ alert, integrationId, takesAlerts }: { alert: TracedAlert; integrationId: string; takesAlerts?: boolean }) {
  const integration = useIntegration(integrationId).data;
  const type = useCatalogType(integration?.type).data;
  const steps = (alert.trace.steps ?? []).filter((step) => !step.step.startsWith("route "));
  if (steps.length === 0) return <Text size="sm" c="dimmed">The traces of a wiped alert group are gone.</Text>;
  return (
    <div className="why">
      <ul>
        <Line>
          It came to <Anchor component={Link} href={`/integrations/${integrationId}`}>{integration?.name ?? "an integration that was deleted"}</Anchor>
          {alert.demo && " as a demo alert"}.
        </Line>
        <RouteLines alert={alert} integrationId={integrationId} />
        {steps.map((step, index) => <StepLine key={index} step={step} alert={alert} type={type} />)}
        <Line>
          Alerts with the same key {takesAlerts === false ? "open a new alert group now: this one takes no more" : "join this alert group"}.
        </Line>
      </ul>
    </div>
  );
}
