// Keys: each part of a page says what its keys do while it is on screen; `?` lists them all.
import { useEffect, useRef, useSyncExternalStore } from "react";

export interface Key {
  keys: string; ///< `j`, or `g i`: one after the other
  does: string;
  run: () => void;
}

interface Part {
  title: string;
  keys: Key[];
}

const parts = new Set<{ current: Part }>();
const watchers = new Set<() => void>();
let listed: Part[] = [];

function refresh() {
  listed = [...parts].map((part) => part.current);
  watchers.forEach((each) => each());
}

export function useKeys(title: string, keys: Key[]) {
  const part = useRef<Part>({ title, keys });
  part.current = { title, keys };
  useEffect(() => {
    parts.add(part);
    refresh();
    return () => {
      parts.delete(part);
      refresh();
    };
  }, []);
}

export function useListedKeys(): Part[] {
  return useSyncExternalStore(
    (listener) => {
      watchers.add(listener);
      return () => watchers.delete(listener);
    },
    () => listed,
  );
}

/// Keys belong to a field that is being written in, to an open menu and to an open dialog.
function isTaken(event: KeyboardEvent): boolean {
  const target = event.target as HTMLElement | null;
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return true;
  if (target?.closest("input:not([type=checkbox]), textarea, select, [contenteditable=true], [role=menu], [role=listbox]")) return true;
  return document.querySelector("[role=dialog][aria-modal=true]") !== null;
}

const prefixMilliseconds = 1200;
let prefix = "";
let prefixAt = 0;

function find(sequence: string): Key | undefined {
  // The part that came last stands on top.
  return [...parts].reverse().flatMap((part) => part.current.keys).find((key) => key.keys === sequence);
}

function press(event: KeyboardEvent) {
  if (isTaken(event)) return;
  const waiting = performance.now() - prefixAt < prefixMilliseconds ? prefix : "";
  prefix = "";
  const onButton = (event.target as HTMLElement | null)?.closest("button, a, summary, input");
  if (onButton && (event.key === "Enter" || event.key === " ")) return;
  const found = (waiting && find(`${waiting} ${event.key}`)) || find(event.key);
  if (found) {
    event.preventDefault();
    found.run();
  } else if (event.key === "g") {
    prefix = event.key;
    prefixAt = performance.now();
  }
}

export function startKeys(): () => void {
  document.addEventListener("keydown", press);
  return () => document.removeEventListener("keydown", press);
}
