// The list of alert groups. The filters are in the address; what is read does not move: groups that came since the
// list was drawn wait behind a line that tells of them, and groups that left the filter stay until it is drawn anew.
import { Anchor, Button, Checkbox, Select, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";
import { Link, useLocation, useSearchParams } from "wouter";
import { get } from "../api/client";
import { Action, useAct, useCounts, useGroups } from "../api/groups";
import type { AlertGroup, Page } from "../api/types";
import { useIntegrations } from "../api/integrations";
import { useMay } from "../api/session";
import { Empty, Failure, Pages, usePageTitle, Waiting } from "../parts/bits";
import { Icon } from "../parts/Icon";
import { NothingHere } from "../parts/NothingHere";
import { SilenceMenu } from "../parts/SilenceMenu";
import { StateMark, states, wordOf } from "../parts/State";
import { useKeys } from "../shell/keys";
import { GroupRow } from "../parts/GroupRow";

const spans: [string, string, number][] = [
  ["hour", "Last hour", 3600], ["day", "Last 24 hours", 86400], ["week", "Last 7 days", 7 * 86400],
  ["month", "Last 30 days", 30 * 86400],
];

const stamp = (at: number) => new Date(at).toISOString().slice(0, 19);

/// Rounded to the minute, so that the same address asks the same thing for a while.
function rangeOf(span: string | null): string | undefined {
  const found = spans.find(([name]) => name === span);
  if (!found) return undefined;
  const now = Math.ceil(Date.now() / 60000) * 60000;
  return `${stamp(now - found[2] * 1000)}_${stamp(now + 86400000)}`;
}

function useFilters() {
  const [search, setSearch] = useSearchParams();
  const state = search.get("state") ?? "firing";
  const filter = {
    integration_id: search.get("integration") ?? undefined,
    label: search.getAll("label"),
    search: search.get("search") ?? undefined,
    started_at: useMemo(() => rangeOf(search.get("started")), [search]),
  };
  const change = (name: string, value: string | string[] | null) =>
    setSearch((old) => {
      const next = new URLSearchParams(old);
      next.delete(name);
      if (name !== "page") next.delete("page");
      for (const each of Array.isArray(value) ? value : value ? [value] : []) next.append(name, each);
      return next;
    }, { replace: name === "search" });
  return { search, state, filter, change, page: Number(search.get("page") ?? 1) };
}

/// The rows on screen, and how many more there are by now.
function useSteadyRows(page: Page<AlertGroup> | undefined, key: string) {
  const [shown, setShown] = useState<{ key: string; rows: AlertGroup[] }>({ key: "", rows: [] });
  const fresh = page?.results;
  useEffect(() => {
    if (!fresh) return;
    setShown((old) => {
      if (old.key !== key || old.rows.length === 0) return { key, rows: fresh };
      const byId = new Map(fresh.map((group) => [group.id, group]));
      return { key, rows: old.rows.map((group) => byId.get(group.id) ?? group) };
    });
  }, [fresh, key]);
  // Groups that left the filter are asked for themselves.
  const left = useMemo(() => {
    const ids = new Set(fresh?.map((group) => group.id));
    return shown.key === key && fresh ? shown.rows.filter((group) => !ids.has(group.id)).map((group) => group.id) : [];
  }, [fresh, shown, key]);
  const leavers = useQuery({
    queryKey: ["alert_groups", "left", left],
    queryFn: async () => {
      const found = await Promise.all(left.slice(0, 50).map((id) => get<AlertGroup>(`alert_groups/${id}`).catch(() => null)));
      return { results: found.filter((each) => each !== null) } as Page<AlertGroup>;
    },
    enabled: left.length > 0,
  });
  const rows = useMemo(() => {
    const byId = new Map(leavers.data?.results.map((group) => [group.id, group]));
    return shown.rows.map((group) => (left.includes(group.id) ? (byId.get(group.id) ?? group) : group));
  }, [shown, leavers.data, left]);
  const held = new Set(rows.map((group) => group.id));
  const news = shown.key === key ? (fresh ?? []).filter((group) => !held.has(group.id)).length : 0;
  return { rows: shown.key === key ? rows : (fresh ?? []), news, adopt: () => fresh && setShown({ key, rows: fresh }) };
}

function StateTabs({ state, filter, change }: Pick<ReturnType<typeof useFilters>, "state" | "filter" | "change">) {
  const counts = useCounts(filter);
  const tab = (name: string, word: string, count: number | undefined, mark: React.ReactNode) => (
    <button
      key={name} type="button" className="state-tab" aria-pressed={state === name}
      onClick={() => change("state", name === "firing" ? null : name)} aria-label={`${word}: ${count ?? "…"}`}
    >
      {mark}
      <strong>{count ?? "…"}</strong>
    </button>
  );
  const all = counts.data && states.reduce((sum, each) => sum + counts.data[each], 0);
  return (
    <div className="state-tabs" role="group" aria-label="State">
      {states.map((each) => tab(each, wordOf(each), counts.data?.[each], <StateMark state={each} />))}
      {tab("all", "All", all, <span className="state"><Icon name="bell" size={14} /> All</span>)}
    </div>
  );
}

function FilterBar({ search, change, filter, box }: Omit<ReturnType<typeof useFilters>, "state" | "page"> & {
  box: React.RefObject<HTMLInputElement | null>;
}) {
  const integrations = useIntegrations();
  const [text, setText] = useState(filter.search ?? "");
  const [label, setLabel] = useState("");
  useEffect(() => setText(filter.search ?? ""), [filter.search]);
  useEffect(() => {
    if (text === (filter.search ?? "")) return;
    const timer = window.setTimeout(() => change("search", text), 250);
    return () => window.clearTimeout(timer);
  });
  return (
    <div className="filters" role="search">
      <TextInput ref={box as React.Ref<HTMLInputElement>} size="xs" aria-label="Search title, number or id" placeholder="Search title, number, id"
        leftSection={<Icon name="search" size={14} />} value={text} onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => event.key === "Escape" && event.currentTarget.blur()} />
      <Select size="xs" aria-label="Integration" placeholder="Every integration" clearable searchable
        data={(integrations.data?.results ?? []).map(({ id, name }) => ({ value: id, label: name }))}
        value={filter.integration_id ?? null} onChange={(value) => change("integration", value)} />
      <Select size="xs" aria-label="Started" placeholder="Started at any time" clearable
        data={spans.map(([value, name]) => ({ value, label: name }))}
        value={search.get("started")} onChange={(value) => change("started", value)} />
      <form onSubmit={(event) => {
        event.preventDefault();
        if (label.includes(":")) change("label", [...filter.label, label.trim()]);
        setLabel("");
      }}>
        <TextInput size="xs" aria-label="Add a label to filter by, as key:value" placeholder="Label key:value ↵" value={label}
          onChange={(event) => setLabel(event.currentTarget.value)} />
      </form>
      {filter.label.map((each) => (
        <Button key={each} size="compact-xs" variant="default" aria-label={`Take the label ${each} off the filter`}
          onClick={() => change("label", filter.label.filter((other) => other !== each))}>
          {each}&ensp;×
        </Button>
      ))}
    </div>
  );
}

export function AlertGroups() {
  usePageTitle("Alert groups");
  const filters = useFilters();
  const { state, filter, change, page } = filters;
  const [, go] = useLocation();
  const act = useAct();
  const mayAct = useMay("editor");
  const box = useRef<HTMLInputElement>(null);
  const asked = { ...filter, state: state === "all" ? undefined : state === "firing" ? "new" : state, page };
  const groups = useGroups(asked);
  const key = JSON.stringify(asked) + state;
  const { rows, news, adopt } = useSteadyRows(groups.isPlaceholderData ? undefined : groups.data, key);
  const [cursor, setCursor] = useState(-1);
  const [chosen, setChosen] = useState<Set<string>>(new Set());
  useEffect(() => {
    setChosen(new Set());
    setCursor(-1);
  }, [key]);
  const list = useRef<HTMLTableSectionElement>(null);
  const at = rows[cursor];

  const move = (step: number) => {
    const next = Math.min(rows.length - 1, Math.max(0, cursor + step));
    setCursor(next);
    list.current?.rows[next]?.scrollIntoView({ block: "nearest" });
  };
  const toggle = (id: string) =>
    setChosen((old) => {
      const next = new Set(old);
      if (!next.delete(id)) next.add(id);
      return next;
    });
  const targets = () => (chosen.size > 0 ? rows.filter((group) => chosen.has(group.id)) : at ? [at] : rows.length === 1 ? rows : []);
  const on = (action: Action, delay?: number) => {
    void act({ action, groups: targets(), delay });
    setChosen(new Set());
  };

  useKeys("Alert groups", [
    { keys: "j", does: "next alert group", run: () => move(1) },
    { keys: "k", does: "alert group before", run: () => move(-1) },
    { keys: "Enter", does: "open it", run: () => at && go(`/alert-groups/${at.id}`) },
    { keys: "x", does: "choose it", run: () => at && toggle(at.id) },
    ...(mayAct ? [
      { keys: "a", does: "acknowledge what is chosen, else where you are", run: () => on("acknowledge") },
      { keys: "r", does: "resolve", run: () => on("resolve") },
      { keys: "s", does: "silence for an hour", run: () => on("silence", 3600) },
      { keys: "u", does: "unacknowledge", run: () => on("unacknowledge") },
    ] : []),
    { keys: "/", does: "search", run: () => box.current?.focus() },
    { keys: ".", does: "show what is new", run: () => { adopt(); window.scrollTo({ top: 0 }); } },
  ]);

  const filtered = filter.search || filter.integration_id || filter.label.length > 0 || filter.started_at;
  const last = groups.data?.total_pages ?? 1;
  return (
    <>
      <h1 className="unseen">Alert groups</h1>
      <StateTabs state={state} filter={filter} change={change} />
      <FilterBar {...filters} box={box} />
      {groups.error && !groups.data && <Failure error={groups.error} retry={() => void groups.refetch()} />}
      {groups.isPending && <Waiting lines={10} />}
      <div className="list-line">
        {chosen.size > 0 ? (
          <div className="bulk" role="group" aria-label="Actions on what is chosen">
            <Text size="sm">{chosen.size} chosen</Text>
            <Button size="compact-sm" onClick={() => on("acknowledge")}>Acknowledge</Button>
            <Button size="compact-sm" variant="default" onClick={() => on("resolve")}>Resolve</Button>
            <SilenceMenu size="compact-sm" silence={(delay) => on("silence", delay)} />
            <Button size="compact-sm" variant="default" onClick={() => on("unacknowledge")}>Unacknowledge</Button>
            <Button size="compact-sm" variant="default" onClick={() => on("unresolve")}>Reopen</Button>
          </div>
        ) : (
          <Text size="sm" c="dimmed">
            {rows.length > 0 && <span className="wide-only">Keys: <kbd>j</kbd> <kbd>k</kbd> move, <kbd>a</kbd> acknowledge, <kbd>?</kbd> all</span>}
          </Text>
        )}
        {news > 0 && (
          <Button size="compact-sm" variant="light" onClick={() => { adopt(); window.scrollTo({ top: 0 }); }} aria-live="polite">
            {news} new · show
          </Button>
        )}
      </div>
      {rows.length > 0 && (
        <table className="groups">
          <thead>
            <tr>
              <th scope="col">
                <Checkbox size="xs" aria-label="Choose every alert group on this page" checked={chosen.size === rows.length}
                  indeterminate={chosen.size > 0 && chosen.size < rows.length} disabled={!mayAct}
                  onChange={() => setChosen(chosen.size === rows.length ? new Set() : new Set(rows.map((group) => group.id)))} />
              </th>
              <th scope="col">State</th><th scope="col">Title</th><th scope="col">Integration</th>
              <th scope="col" className="number">Alerts</th><th scope="col">Since</th><th scope="col">With</th>
            </tr>
          </thead>
          <tbody ref={list}>
            {rows.map((group, index) => (
              <GroupRow key={group.id} group={group} current={index === cursor} chosen={chosen.has(group.id)} mayAct={mayAct}
                toggle={toggle} />
            ))}
          </tbody>
        </table>
      )}
      {groups.data && rows.length === 0 && !groups.isPlaceholderData && (
        filtered ? (
          <Empty icon="search" title="Nothing fits these filters">
            <Anchor component={Link} href="/alert-groups" size="sm">Take the filters off</Anchor>
          </Empty>
        ) : <NothingHere state={state} />
      )}
      <Pages page={page} total={last} go={(next) => change("page", next > 1 ? String(next) : null)} />
    </>
  );
}
