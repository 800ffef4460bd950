// A payload as a tree that folds. Deep and long parts start folded.
import { useState } from "react";
import type { Json } from "../api/types";

const openDepth = 2;
const shownItems = 100;

function Leaf({ value }: { value: null | boolean | number | string }) {
  const kind = value === null ? "null" : typeof value;
  return <span className={`json json-${kind}`}>{JSON.stringify(value)}</span>;
}

function Branch({ name, value, depth }: { name?: string; value: Json[] | { [key: string]: Json }; depth: number }) {
  const entries = Object.entries(value);
  const [open, setOpen] = useState(depth < openDepth && entries.length <= 30);
  const [shown, setShown] = useState(shownItems);
  const [before, after] = Array.isArray(value) ? "[]" : "{}";
  if (entries.length === 0) return <>{name !== undefined && <span className="json-key">{name}: </span>}{before + after}</>;
  return (
    <>
      <button type="button" className="json-fold" aria-expanded={open} onClick={() => setOpen(!open)}>
        <span aria-hidden="true">{open ? "▾" : "▸"}</span> {name !== undefined && <span className="json-key">{name}: </span>}
        {before}{!open && <span className="json-more">{entries.length}</span>}{!open && after}
      </button>
      {open && (
        <ul>
          {entries.slice(0, shown).map(([key, item]) => (
            <li key={key}><Node name={key} value={item} depth={depth + 1} /></li>
          ))}
          {entries.length > shown && (
            <li><button type="button" className="json-fold" onClick={() => setShown(shown * 10)}>{entries.length - shown} more</button></li>
          )}
        </ul>
      )}
    </>
  );
}

function Node({ name, value, depth }: { name?: string; value: Json; depth: number }) {
  if (typeof value === "object" && value !== null) return <Branch name={name} value={value} depth={depth} />;
  return <>{name !== undefined && <span className="json-key">{name}: </span>}<Leaf value={value} /></>;
}

export function JsonTree({ value }: { value: Json }) {
  return <div className="json-tree"><Node value={value} depth={0} /></div>;
}
