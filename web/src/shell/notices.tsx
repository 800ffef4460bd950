// Short messages at the bottom of the page, with a way to undo. They leave by themselves, but not while pointed at.
import { Button, CloseButton } from "@mantine/core";
import { useEffect, useState, useSyncExternalStore } from "react";
import { useKeys } from "./keys";

interface Notice {
  text: string;
  bad?: boolean;
  undo?: () => void;
}

interface Shown extends Notice {
  number: number;
}

const seconds = 8;
let notices: Shown[] = [];
let count = 0;
const watchers = new Set<() => void>();

function set(next: Shown[]) {
  notices = next;
  watchers.forEach((each) => each());
}

export function say(notice: Notice) {
  set([...notices.slice(-2), { ...notice, number: ++count }]);
}

const drop = (number: number) => set(notices.filter((each) => each.number !== number));

function subscribe(listener: () => void) {
  watchers.add(listener);
  return () => watchers.delete(listener);
}

function undo(notice: Shown) {
  drop(notice.number);
  notice.undo?.();
}

function Line({ notice }: { notice: Shown }) {
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (held) return;
    const timer = window.setTimeout(() => drop(notice.number), (notice.bad ? 2 : 1) * seconds * 1000);
    return () => window.clearTimeout(timer);
  }, [held, notice]);
  return (
    <div
      className={notice.bad ? "notice notice-bad" : "notice"}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
    >
      <span>{notice.text}</span>
      {notice.undo && (
        <Button size="compact-sm" variant="default" onClick={() => undo(notice)}>
          Undo&ensp;<kbd>z</kbd>
        </Button>
      )}
      <CloseButton size="sm" aria-label="Close the message" onClick={() => drop(notice.number)} />
    </div>
  );
}

export function Notices() {
  const shown = useSyncExternalStore(subscribe, () => notices);
  const last = shown.filter((each) => each.undo).at(-1);
  useKeys("Everywhere", [{ keys: "z", does: "undo the last action", run: () => last && undo(last) }]);
  return (
    <div className="notices" role="status" aria-live="polite">
      {shown.map((notice) => (
        <Line key={notice.number} notice={notice} />
      ))}
    </div>
  );
}
