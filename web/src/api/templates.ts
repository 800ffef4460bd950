// Templates of an integration: what they are, what they make of a payload, which payloads came last.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { get, post } from "./client";
import type { Alert, Json, Page, Trace } from "./types";

/// Texts by field: `grouping_key`, `web.title`. Null: the type's own.
export type Texts = Record<string, string | null>;
export type Nested = Record<string, string | null | Record<string, string | null>>;

export function flat(templates: Nested): Texts {
  const texts: Texts = {};
  for (const [name, value] of Object.entries(templates)) {
    if (value === null || typeof value === "string") texts[name] = value;
    else for (const [part, text] of Object.entries(value)) texts[`${name}.${part}`] = text;
  }
  return texts;
}

export function nested(texts: Texts): Nested {
  const templates: Nested = {};
  for (const [field, text] of Object.entries(texts)) {
    const [name, part] = field.split(".");
    if (part === undefined) templates[name] = text;
    else templates[name] = { ...(templates[name] as Record<string, string | null> | undefined), [part]: text };
  }
  return templates;
}

export interface TemplateError {
  kind: string;
  message: string;
  line: number | null;
  column: number | null;
  source_line: string | null;
  caret: string | null;
  hint: string | null;
}

export interface FieldPreview {
  field: string;
  result: string | null;
  holds: boolean | null;
  error: TemplateError | null;
  origin: "integration" | "default" | "none";
}

export interface TemplatePreview {
  fields: FieldPreview[];
  signal: string;
  route_id: string | null;
  labels: Record<string, string>;
  trace: Trace;
}

/// What to try the templates with: a stored alert, a payload, or (neither) the type's example.
export type Sample = { alert_id: string } | { payload: Json } | Record<string, never>;

export function useTemplatePreview(id: string, templates: Texts, sample: Sample) {
  return useQuery({
    queryKey: ["template_preview", id, templates, sample],
    queryFn: () => post<TemplatePreview>("templates/preview", { integration_id: id, templates: nested(templates), ...sample }),
    placeholderData: keepPreviousData,
    staleTime: 60000,
    gcTime: 60000,
  });
}

export interface RecentPayload {
  alert_group_id: string;
  title: string | null;
  alert: Alert | null;
}

export const useRecentPayloads = (id: string) =>
  useQuery({
    queryKey: ["recent_payloads", id],
    queryFn: () => get<Page<RecentPayload>>(`integrations/${id}/recent_payloads`, { perpage: 20 }),
    staleTime: 15000,
  });
