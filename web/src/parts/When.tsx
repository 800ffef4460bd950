// Times: relative, the absolute one on hover, in the zone of the user's profile.
import { useContext, useSyncExternalStore } from "react";
import { Me } from "../api/session";

let now = Date.now();
const watchers = new Set<() => void>();
window.setInterval(() => {
  now = Date.now();
  watchers.forEach((each) => each());
}, 10000);

function useNow(): number {
  return useSyncExternalStore(
    (listener) => {
      watchers.add(listener);
      return () => watchers.delete(listener);
    },
    () => now,
  );
}

const units: [number, string][] = [[86400, "d"], [3600, "h"], [60, "min"]];

/// `3 min`, `2 h`, `5 d`
export function lengthOf(seconds: number): string {
  for (const [length, name] of units) {
    if (seconds >= length) return `${Math.floor(seconds / length)} ${name}`;
  }
  return `${Math.max(0, Math.floor(seconds))} s`;
}

function relative(at: number, reference: number): string {
  const seconds = (reference - at) / 1000;
  if (seconds >= 60) return `${lengthOf(seconds)} ago`;
  if (seconds > -5) return "just now";
  return `in ${lengthOf(-seconds)}`;
}

const formats = new Map<string, Intl.DateTimeFormat>();

export function absolute(at: string, zone: string | null | undefined): string {
  const key = zone ?? "";
  let format = formats.get(key);
  if (!format) {
    const options: Intl.DateTimeFormatOptions = {
      year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit",
      hourCycle: "h23", timeZoneName: "short",
    };
    try {
      format = new Intl.DateTimeFormat("sv-SE", { ...options, timeZone: zone ?? undefined });
    } catch {
      format = new Intl.DateTimeFormat("sv-SE", options);
    }
    formats.set(key, format);
  }
  return format.format(new Date(at));
}

export function When({ at }: { at: string }) {
  const reference = useNow();
  const zone = useContext(Me)?.timezone;
  return (
    <time dateTime={at} title={absolute(at, zone)} className="when">
      {relative(Date.parse(at), Math.max(reference, Date.now()))}
    </time>
  );
}
