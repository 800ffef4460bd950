// What the API answers, as far as the pages use it. The whole of it is in /api/v1/openapi.json.

export type State = "firing" | "acknowledged" | "silenced" | "resolved";
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

export interface Page<T> {
  count: number;
  results: T[];
  page_size: number;
  current_page_number: number;
  total_pages: number;
}

export interface Label {
  key: { id: string; name: string };
  value: { id: string; name: string };
}

export interface Alert {
  id: string;
  alert_group_id: string;
  created_at: string;
  payload: Json;
}

export interface Step {
  step: string;
  origin?: "integration" | "default" | "fallback";
  template?: string;
  value?: string;
  error?: { kind: string; message: string; line: number; column: number };
  why?: string;
  note?: string;
}

export interface Trace {
  steps?: Step[];
  routes?: { route: string; type: string; expression?: string; matched: boolean }[];
}

export interface TracedAlert extends Alert {
  demo: boolean;
  resolve_signal: boolean;
  acknowledge_signal: boolean;
  trace: Trace;
}

export interface AlertGroup {
  id: string;
  integration_id: string;
  team_id: string | null;
  route_id: string | null;
  alerts_count: number;
  state: State;
  created_at: string;
  resolved_at: string | null;
  resolved_by: string | null;
  acknowledged_at: string | null;
  acknowledged_by: string | null;
  labels: Label[];
  title: string | null;
  permalinks: { web: string | null };
  silenced_at: string | null;
  last_alert: Alert | null;
}

export interface GroupDetails {
  id: string;
  number: number;
  grouping_key: string | null;
  takes_alerts: boolean;
  source_link: string | null;
  last_alert_at: string;
  acknowledged_through: string;
  resolved_through: string;
  silenced_until: string | null;
  silenced_by: string | null;
  restarted_at: string | null;
  response_seconds: number | null;
  root_alert_group_id: string | null;
  attached_alert_group_ids: string[];
  wiped_at: string | null;
  wiped_by: string | null;
}

export interface TimelineEntry {
  kind: string;
  at: string;
  via: "source" | "api" | "cli" | "web" | "system";
  user_id: string | null;
  username: string | null;
  address: string | null;
  reason: string | null;
  details: Record<string, string>;
}

export interface Note {
  id: string;
  alert_group_id: string;
  author: string | null;
  source: string;
  created_at: string;
  text: string;
}

export interface Appearance {
  web: { title: string | null; message: string | null; image_url: string | null };
  errors: { field: string; kind: string; message: string; line: number }[];
}

export type Counts = Record<State, number>;

export interface Integration {
  id: string;
  name: string;
  description_short: string | null;
  team_id: string | null;
  link: string | null;
  type: string;
  templates: Record<string, string | null | Record<string, string | null>>;
  default_route: { id: string };
  heartbeat: { link: string } | null;
}

export interface Intake {
  integration_id: string;
  resolves_from_source: boolean;
  rate_per_second: number | null;
  rate_burst: number | null;
  effective_rate_per_second: number;
  effective_rate_burst: number;
  accepted: number;
  refused_rate: number;
  bad_requests: number;
  template_errors: number;
  last_alert_at: string | null;
  last_refused_at: string | null;
  last_template_error: string | null;
}

export interface Route {
  id: string;
  integration_id: string;
  routing_type: string;
  routing_regex: string | null;
  position: number;
  is_the_last_route: boolean;
}

export interface PreviewedAlert {
  title: string;
  grouping_key: string;
  signal: string;
  source_link: string | null;
  route_id: string | null;
  labels: Record<string, string>;
  trace: Trace;
}

export interface CatalogEntry {
  id: string;
  name: string;
  description: string;
  featured: boolean;
  creatable: boolean;
  has_url: boolean;
  has_demo: boolean;
  has_heartbeat: boolean;
  resolves_from_source: boolean;
}

export interface CatalogType extends CatalogEntry {
  templates: Record<string, string | null | Record<string, string | null>>;
  example: Json;
  connect: string;
}

export type Role = "admin" | "editor" | "viewer" | "none";

export interface User {
  id: string;
  username: string;
  name?: string;
  email: string;
  role: Role;
  timezone: string | null;
  active?: boolean;
  phone?: string | null;
}

export interface Session {
  user: User;
  csrf_token: string;
  expires_at: string;
}

export interface SessionRow {
  id: string;
  created_at: string;
  last_seen_at: string;
  address: string;
  user_agent: string;
  current: boolean;
}

export interface Token {
  id: string;
  user_id: string;
  name: string;
  created_at: string;
  expires_at: string | null;
  last_used_at: string | null;
  revoked_at: string | null;
}
