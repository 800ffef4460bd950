// Alert groups: asking for them, acting on them at once with a way back.
import { keepPreviousData, QueryClient, useQuery, useQueryClient } from "@tanstack/react-query";
import { say } from "../shell/notices";
import { get, Parameters, post, Refusal, remove } from "./client";
import type {
  Alert, AlertGroup, Appearance, Counts, GroupDetails, Note, Page, State, TimelineEntry, TracedAlert,
} from "./types";

export function useGroups(parameters: Parameters) {
  return useQuery({
    queryKey: ["alert_groups", parameters],
    queryFn: () => get<Page<AlertGroup>>("alert_groups", parameters),
    placeholderData: keepPreviousData,
  });
}

export function useCounts(parameters: Parameters) {
  return useQuery({
    queryKey: ["counts", parameters],
    queryFn: () => get<Counts>("alert_groups/counts", parameters),
    placeholderData: keepPreviousData,
  });
}

const part = <T>(id: string, name: string, path: string, enabled = true) => ({
  queryKey: ["group", id, name],
  queryFn: () => get<T>(path),
  enabled,
});

export const useGroup = (id: string) => useQuery(part<AlertGroup>(id, "group", `alert_groups/${id}`));
export const useDetails = (id: string) => useQuery(part<GroupDetails>(id, "details", `alert_groups/${id}/details`));
export const useTrace = (id: string) => useQuery(part<TracedAlert>(id, "trace", `alert_groups/${id}/trace`));
export const useAppearance = (id: string) => useQuery(part<Appearance>(id, "appearance", `alert_groups/${id}/appearance`));
export const useTimeline = (id: string) =>
  useQuery(part<Page<TimelineEntry>>(id, "timeline", `alert_groups/${id}/timeline?perpage=100`));
export const useNotes = (id: string) =>
  useQuery(part<Page<Note>>(id, "notes", `resolution_notes?alert_group_id=${id}&perpage=100`));
export const useAlerts = (id: string, page: number) =>
  useQuery({
    queryKey: ["group", id, "alerts", page],
    queryFn: () => get<Page<Alert>>("alerts", { alert_group_id: id, page, perpage: 10 }),
    placeholderData: keepPreviousData,
  });

export type Action =
  | "acknowledge" | "unacknowledge" | "resolve" | "unresolve" | "silence" | "unsilence" | "restart" | "unattach";

const after: Record<Action, State | null> = {
  acknowledge: "acknowledged",
  unacknowledge: "firing",
  resolve: "resolved",
  unresolve: "firing",
  silence: "silenced",
  unsilence: "firing",
  restart: "firing",
  unattach: null,
};

const past: Record<Action, string> = {
  acknowledge: "Acknowledged",
  unacknowledge: "Took the acknowledgement back for",
  resolve: "Resolved",
  unresolve: "Reopened",
  silence: "Silenced",
  unsilence: "Ended the silence of",
  restart: "Restarted",
  unattach: "Detached",
};

const inverse: Partial<Record<Action, Action>> = {
  acknowledge: "unacknowledge",
  unacknowledge: "acknowledge",
  resolve: "unresolve",
  unresolve: "resolve",
  silence: "unsilence",
};

/// May the action be asked for in this state?
export function fits(action: Action, state: State): boolean {
  switch (action) {
    case "acknowledge":
      return state === "firing" || state === "silenced";
    case "unacknowledge":
      return state === "acknowledged";
    case "resolve":
      return state !== "resolved";
    case "unresolve":
      return state === "resolved";
    case "silence":
      return state === "firing" || state === "silenced";
    case "unsilence":
      return state === "silenced";
    case "restart":
      return state !== "firing";
    case "unattach":
      return true;
  }
}

interface Outcome {
  alert_group_id: string;
  done: boolean;
  state: State | null;
  detail: string | null;
}

/// Changes a group wherever it is held; returns the way back.
function patchHeld(client: QueryClient, ids: Set<string>, change: (group: AlertGroup) => AlertGroup): () => void {
  const held: [readonly unknown[], unknown][] = [];
  const put = (key: readonly unknown[], old: unknown, next: unknown) => {
    held.push([key, old]);
    client.setQueryData(key, next);
  };
  for (const [key, page] of client.getQueriesData<Page<AlertGroup>>({ queryKey: ["alert_groups"] })) {
    if (!page?.results.some((group) => ids.has(group.id))) continue;
    put(key, page, { ...page, results: page.results.map((group) => (ids.has(group.id) ? change(group) : group)) });
  }
  for (const id of ids) {
    const key = ["group", id, "group"];
    const group = client.getQueryData<AlertGroup>(key);
    if (group) put(key, group, change(group));
  }
  return () => held.forEach(([key, value]) => client.setQueryData(key, value));
}

export interface Asked {
  action: Action;
  groups: AlertGroup[];
  /// Seconds of a silence; -1 for ever.
  delay?: number;
}

const countOf = (number: number, title: string | null) =>
  number === 1 ? `“${title ?? "the alert group"}”` : `${number} alert groups`;

async function perform(client: QueryClient, asked: Asked): Promise<Outcome[]> {
  const ids = asked.groups.map((group) => group.id);
  const state = after[asked.action];
  const rollBack = patchHeld(client, new Set(ids), (group) => (state ? { ...group, state } : group));
  try {
    const body = { action: asked.action, alert_group_ids: ids, ...(asked.delay ? { delay: asked.delay } : {}) };
    const { results } = await post<{ results: Outcome[] }>("alert_groups/bulk", body);
    if (results.some((each) => !each.done)) rollBack();
    return results;
  } catch (error) {
    rollBack();
    throw error;
  } finally {
    void client.invalidateQueries({ queryKey: ["counts"] });
    void client.invalidateQueries({ queryKey: ["alert_groups"] });
    for (const id of ids) void client.invalidateQueries({ queryKey: ["group", id] });
  }
}

/// Acts on groups: shown at once, taken back with a message when refused, and with a way to undo.
export function useAct() {
  const client = useQueryClient();
  return async ({ action, groups, delay }: Asked) => {
    const fitting = groups.filter((group) => fits(action, group.state));
    if (fitting.length === 0) {
      if (groups.length > 0) say({ text: `Nothing to ${action}: ${countOf(groups.length, groups[0].title)} is ${groups[0].state}.` });
      return;
    }
    let results: Outcome[];
    try {
      results = await perform(client, { action, groups: fitting, delay });
    } catch (error) {
      say({ text: (error as Refusal).message, bad: true });
      return;
    }
    const refused = results.filter((each) => !each.done);
    if (refused.length > 0) {
      say({ text: `${refused[0].detail}${refused.length > 1 ? ` (and ${refused.length - 1} more)` : ""}`, bad: true });
    }
    const done = fitting.filter((group) => results.some((each) => each.alert_group_id === group.id && each.done));
    if (done.length === 0) return;
    const back = inverse[action];
    say({
      text: `${past[action]} ${countOf(done.length, done[0].title)}.`,
      undo: back && (() => void undo(client, back, done)),
    });
  };
}

/// Back to the state that each group had, as far as one action leads there; an acknowledgement is given again.
async function undo(client: QueryClient, back: Action, before: AlertGroup[]) {
  try {
    await perform(client, { action: back, groups: before });
    const acknowledged = before.filter((group) => group.state === "acknowledged");
    if (back === "unresolve" && acknowledged.length > 0) {
      await perform(client, { action: "acknowledge", groups: acknowledged });
    }
    say({ text: "Undone." });
  } catch (error) {
    say({ text: (error as Refusal).message, bad: true });
  }
}

export function useNoteChanges(id: string) {
  const client = useQueryClient();
  const refresh = () => client.invalidateQueries({ queryKey: ["group", id] });
  return {
    add: async (text: string) => {
      await post("resolution_notes", { alert_group_id: id, text });
      await refresh();
    },
    remove: async (note: Note) => {
      await remove(`resolution_notes/${note.id}`);
      await refresh();
      say({
        text: "Deleted the note.",
        undo: () => void post("resolution_notes", { alert_group_id: id, text: note.text }).then(refresh),
      });
    },
  };
}
