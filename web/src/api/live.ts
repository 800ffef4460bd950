// News from the server: server-sent events, and asking again and again while there are none. One connection a page.
import type { QueryClient } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { base } from "./client";

export interface GroupNews {
  id: string;
  integration_id: string;
  state: string;
  number: number;
  title: string | null;
  sequence: number;
  what: string;
}

export type Mark = "live" | "reconnecting" | "polling";

let mark: Mark = "reconnecting";
const watchers = new Set<() => void>();

function setMark(next: Mark) {
  if (mark === next) return;
  mark = next;
  watchers.forEach((each) => each());
}

export function useLiveMark(): Mark {
  return useSyncExternalStore(
    (listener) => {
      watchers.add(listener);
      return () => watchers.delete(listener);
    },
    () => mark,
  );
}

/// Queries that hold alert groups, by the first part of their keys.
const perishable = new Set(["alert_groups", "counts", "group"]);

const pollMilliseconds = 5000;
const retryMilliseconds = 15000;
const gatherMilliseconds = 120;

/// Keeps the queries fresh until the returned function is called.
export function startLive(client: QueryClient): () => void {
  let source: EventSource | null = null;
  let poll = 0, retry = 0, gather = 0;
  let changed = new Set<string>();
  let stopped = false;

  const refreshAll = () =>
    void client.invalidateQueries({ predicate: (query) => perishable.has(String(query.queryKey[0])) });

  const refreshChanged = () => {
    gather = 0;
    const ids = changed;
    changed = new Set();
    void client.invalidateQueries({
      predicate: ({ queryKey: [kind, id] }) =>
        kind === "alert_groups" || kind === "counts" || kind === "intake" || (kind === "group" && ids.has(String(id))),
    });
  };

  const stopPolling = () => {
    window.clearInterval(poll);
    poll = 0;
  };
  const startPolling = () => {
    if (!poll) poll = window.setInterval(() => document.hidden || refreshAll(), pollMilliseconds);
  };

  const connect = () => {
    if (stopped) return;
    let opened = false;
    source = new EventSource(`${base}/api/v1/events`);
    source.onopen = () => {
      // What happened while the connection was down, and was not replayed, is asked for.
      if (mark !== "live") refreshAll();
      opened = true;
      setMark("live");
      stopPolling();
    };
    source.addEventListener("group", (event) => {
      changed.add((JSON.parse((event as MessageEvent<string>).data) as GroupNews).id);
      if (!gather) gather = window.setTimeout(refreshChanged, gatherMilliseconds);
    });
    source.addEventListener("reset", refreshAll);
    source.onerror = () => {
      setMark(opened || navigator.onLine === false ? "reconnecting" : "polling");
      startPolling();
      if (source?.readyState !== EventSource.CLOSED) return;
      source.close();
      retry = window.setTimeout(connect, retryMilliseconds);
    };
  };

  const wake = () => {
    if (stopped || document.hidden) return;
    refreshAll();
    if (source?.readyState === EventSource.CLOSED) {
      window.clearTimeout(retry);
      connect();
    }
  };

  connect();
  window.addEventListener("online", wake);
  document.addEventListener("visibilitychange", wake);
  return () => {
    stopped = true;
    source?.close();
    stopPolling();
    window.clearTimeout(retry);
    window.clearTimeout(gather);
    window.removeEventListener("online", wake);
    document.removeEventListener("visibilitychange", wake);
    setMark("reconnecting");
  };
}
