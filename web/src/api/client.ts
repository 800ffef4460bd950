// Requests to the API of the server that the pages came from, as the user of the session.

/// The path that the server is published under, without a slash at the end: "" or "/oncall".
export const base = new URL(document.baseURI).pathname.replace(/\/$/, "");

/// What a request came to when it did not succeed, in words for people.
export class Refusal extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly fields: Record<string, string> = {},
  ) {
    super(message);
  }
}

let csrf = "";
let signedOut: () => void = () => {};

export function keepCsrfToken(token: string) {
  csrf = token;
}

/// Called when the server says that nobody is signed in any more.
export function onSignedOut(listener: () => void) {
  signedOut = listener;
}

function fieldsOf(body: unknown, prefix = ""): Record<string, string> {
  const fields: Record<string, string> = {};
  if (typeof body !== "object" || body === null) return fields;
  for (const [name, value] of Object.entries(body)) {
    const key = prefix + name;
    if (Array.isArray(value)) fields[key] = value.map(String).join(" ");
    else if (typeof value === "object") Object.assign(fields, fieldsOf(value, key + "."));
    else fields[key] = String(value);
  }
  return fields;
}

function refusalOf(status: number, body: unknown): Refusal {
  const fields = fieldsOf(body);
  if (fields.detail) return new Refusal(status, fields.detail, {});
  const told = Object.entries(fields).map(([name, text]) => (name === "non_field_errors" ? text : `${name}: ${text}`));
  if (told.length > 0) return new Refusal(status, told.join(" "), fields);
  if (status >= 500) return new Refusal(status, "The server failed at this request. Try again; its log tells more.");
  return new Refusal(status, `The server refused this request (${status}).`);
}

export type Parameters = Record<string, string | number | undefined | null | string[]>;

export function queryText(parameters: Parameters): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (Array.isArray(value)) value.forEach((each) => search.append(name, each));
    else if (value !== undefined && value !== null && value !== "") search.set(name, String(value));
  }
  const text = search.toString();
  return text ? "?" + text : "";
}

async function readJson(response: Response): Promise<unknown> {
  const text = await response.text();
  if (!text) return null;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

export async function ask<T>(method: string, path: string, body?: unknown): Promise<T> {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (method !== "GET") headers["X-CSRF-Token"] = csrf;
  let response: Response;
  try {
    response = await fetch(`${base}/api/v1/${path}`, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      credentials: "same-origin",
    });
  } catch {
    throw new Refusal(0, "The server can't be reached. Check the connection; nothing was changed.");
  }
  const answer = await readJson(response);
  if (response.ok) return answer as T;
  const refusal = refusalOf(response.status, answer);
  if (response.status === 401 || (response.status === 403 && /^(Not signed in|Authentication cred)/.test(refusal.message))) {
    signedOut();
  }
  throw refusal;
}

export const get = <T>(path: string, parameters: Parameters = {}) => ask<T>("GET", path + queryText(parameters));
export const post = <T>(path: string, body: unknown = {}) => ask<T>("POST", path, body);
export const patch = <T>(path: string, body: unknown) => ask<T>("PATCH", path, body);
export const remove = <T>(path: string, body?: unknown) => ask<T>("DELETE", path, body);
