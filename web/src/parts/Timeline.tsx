// What happened to an alert group, oldest first, with its notes in their places.
import { Anchor, Button, Text, Textarea } from "@mantine/core";
import { FormEvent, RefObject, useState } from "react";
import { Link } from "wouter";
import { Refusal } from "../api/client";
import { useNoteChanges, useNotes, useTimeline } from "../api/groups";
import { useMay, useMe } from "../api/session";
import type { Note, TimelineEntry } from "../api/types";
import { say } from "../shell/notices";
import { Failure, IconButton, Waiting } from "./bits";
import { Icon, IconName } from "./Icon";
import { lengthOf, When } from "./When";

const icons: Record<string, IconName> = {
  registered: "fire", "route assigned": "right", acknowledged: "hand", unacknowledged: "undo", resolved: "check",
  unresolved: "undo", silenced: "mute", unsilenced: "bell", attached: "link", unattached: "link", restarted: "undo",
  wiped: "trash",
};

const words: Record<string, string> = {
  registered: "opened the alert group",
  "route assigned": "chose the route",
  acknowledged: "acknowledged",
  unacknowledged: "took the acknowledgement back",
  resolved: "resolved",
  unresolved: "reopened",
  unsilenced: "ended the silence",
  attached: "attached it to another alert group",
  unattached: "detached it",
  restarted: "restarted",
  wiped: "wiped its content",
};

function whoOf(entry: TimelineEntry): string {
  if (entry.username) return entry.username;
  return entry.via === "source" ? "The source" : entry.via === "system" ? "Tocsin" : "Somebody";
}

function What({ entry }: { entry: TimelineEntry }) {
  const { details } = entry;
  if (entry.kind === "silenced") {
    const seconds = Number(details.seconds);
    return <>silenced {details.until ? `for ${lengthOf(seconds)}` : "for ever"}</>;
  }
  if (entry.kind === "attached" && details.root) {
    return <>attached it to <Anchor component={Link} href={`/alert-groups/${details.root}`}>another alert group</Anchor></>;
  }
  return <>{words[entry.kind] ?? entry.kind}</>;
}

function Entry({ entry }: { entry: TimelineEntry }) {
  return (
    <li>
      <span className="timeline-icon"><Icon name={icons[entry.kind] ?? "clock"} size={14} /></span>
      <div>
        <strong>{whoOf(entry)}</strong> <What entry={entry} />
        {entry.reason && <span> ({entry.reason})</span>}{" "}
        <span className="dim"><When at={entry.at} />{entry.via === "cli" && " by command line"}</span>
      </div>
    </li>
  );
}

function NoteItem({ note, author, remove }: { note: Note; author: string; remove?: () => void }) {
  return (
    <li className="timeline-note">
      <span className="timeline-icon"><Icon name="note" size={14} /></span>
      <div>
        <strong>{author}</strong> noted <span className="dim"><When at={note.created_at} /></span>
        <p>{note.text}</p>
      </div>
      {remove && <IconButton icon="trash" label="Delete the note" onClick={remove} />}
    </li>
  );
}

function NoteForm({ id, field }: { id: string; field: RefObject<HTMLTextAreaElement | null> }) {
  const [text, setText] = useState("");
  const [busy, setBusy] = useState(false);
  const { add } = useNoteChanges(id);
  async function submit(event?: FormEvent) {
    event?.preventDefault();
    if (!text.trim() || busy) return;
    setBusy(true);
    try {
      await add(text.trim());
      setText("");
    } catch (error) {
      say({ text: (error as Refusal).message, bad: true });
    } finally {
      setBusy(false);
    }
  }
  return (
    <form className="note-form" onSubmit={(event) => void submit(event)}>
      <Textarea ref={field as React.Ref<HTMLTextAreaElement>} aria-label="New note" placeholder="What was tried, what was found" autosize minRows={2} maxLength={3000}
        value={text} onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape") event.currentTarget.blur();
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void submit();
        }} />
      <Button type="submit" size="xs" variant="default" loading={busy} disabled={!text.trim()}>Add the note</Button>
      <Text size="xs" c="dimmed" className="wide-only"><kbd>Ctrl</kbd> <kbd>Enter</kbd> adds it</Text>
    </form>
  );
}

/// The first entries come in one breath: they are told together.
function tell(entries: TimelineEntry[]): TimelineEntry[] {
  return entries.filter((entry) => !entry.kind.startsWith("note ") && entry.kind !== "route assigned");
}

export function Timeline({ id, noteField }: { id: string; noteField: RefObject<HTMLTextAreaElement | null> }) {
  const timeline = useTimeline(id);
  const notes = useNotes(id);
  const me = useMe();
  const mayWrite = useMay("editor");
  const { remove } = useNoteChanges(id);
  if (timeline.error && !timeline.data) return <Failure error={timeline.error} retry={() => void timeline.refetch()} />;
  if (!timeline.data) return <Waiting lines={3} />;
  const entries = timeline.data.results;
  const authorOf = (note: Note) =>
    entries.find((entry) => entry.kind === "note added" && entry.details.note === note.id)?.username ??
    (note.author === me.id ? me.username : "Somebody");
  const items = [
    ...tell(entries).map((entry, index) => ({ at: entry.at, item: <Entry key={index} entry={entry} /> })),
    ...(notes.data?.results ?? []).map((note) => ({
      at: note.created_at,
      item: <NoteItem key={note.id} note={note} author={authorOf(note)}
        remove={mayWrite ? () => void remove(note).catch((error: Refusal) => say({ text: error.message, bad: true })) : undefined} />,
    })),
  ].sort((one, other) => one.at.localeCompare(other.at));
  return (
    <>
      <ol className="timeline">{items.map(({ item }) => item)}</ol>
      {timeline.data.count > entries.length && (
        <Text size="sm" c="dimmed">{timeline.data.count - entries.length} later entries are not shown.</Text>
      )}
      {mayWrite && <NoteForm id={id} field={noteField} />}
    </>
  );
}

