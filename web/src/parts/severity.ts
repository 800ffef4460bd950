// How bad, in the sender's own word: from the labels of the group, else from the usual places of a payload.
import type { AlertGroup, Json } from "../api/types";

const names = ["severity", "priority", "level"];

const member = (value: Json | undefined, name: string): Json | undefined =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? value[name] : undefined;

export function severityOf(group: AlertGroup): string | null {
  for (const name of names) {
    const label = group.labels.find(({ key }) => key.name.toLowerCase() === name);
    if (label) return label.value.name;
  }
  const payload = group.last_alert?.payload;
  const alerts = member(payload, "alerts");
  const first = Array.isArray(alerts) ? alerts[0] : undefined;
  for (const place of [member(payload, "commonLabels"), member(payload, "labels"), member(first, "labels"), payload]) {
    for (const name of names) {
      const word = member(place, name);
      if (typeof word === "string" && word !== "" && word.length <= 20) return word;
    }
  }
  return null;
}
