// A text box for a template: CodeMirror with Jinja2's colours, and a mark where the error is. Loaded when it is needed.
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { bracketMatching, HighlightStyle, StreamLanguage, syntaxHighlighting } from "@codemirror/language";
import { jinja2 } from "@codemirror/legacy-modes/mode/jinja2";
import { EditorState, StateEffect, StateField } from "@codemirror/state";
import { Decoration, DecorationSet, EditorView, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { useEffect, useRef } from "react";
import type { TemplateError } from "../api/templates";

const colours = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--code-keyword)" },
  { tag: tags.operator, color: "var(--code-keyword)" },
  { tag: tags.string, color: "var(--code-string)" },
  { tag: [tags.number, tags.atom, tags.bool], color: "var(--code-number)" },
  { tag: tags.comment, color: "var(--dim)", fontStyle: "italic" },
  { tag: tags.variableName, color: "var(--code-name)" },
  { tag: tags.tagName, color: "var(--code-keyword)" },
]);

const look = EditorView.theme({
  "&": { fontSize: "13px", border: "1px solid var(--edge)", borderRadius: "4px", backgroundColor: "var(--mantine-color-body)" },
  "&.cm-focused": { outline: "2px solid var(--cursor)", outlineOffset: "-1px" },
  ".cm-content": { fontFamily: "var(--mantine-font-family-monospace)", minHeight: "9em", caretColor: "var(--mantine-color-text)" },
  ".cm-scroller": { maxHeight: "50vh" },
  ".cm-gutters": { backgroundColor: "var(--soft)", color: "var(--dim)", border: "none" },
  ".cm-wrong": { textDecoration: "underline wavy var(--firing)" },
  ".cm-cursor": { borderLeftColor: "var(--mantine-color-text)" },
});

const setWrong = StateEffect.define<{ from: number; to: number } | null>();
const wrongPlace = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, transaction) {
    for (const effect of transaction.effects) {
      if (effect.is(setWrong)) {
        return effect.value ? Decoration.set([Decoration.mark({ class: "cm-wrong" }).range(effect.value.from, effect.value.to)]) : Decoration.none;
      }
    }
    return marks.map(transaction.changes);
  },
  provide: (field) => EditorView.decorations.from(field),
});

/// The word at the error, or what can be marked of its line. Columns count code points.
function placeOf(state: EditorState, error: TemplateError | null) {
  if (!error?.line || error.line > state.doc.lines) return null;
  const line = state.doc.line(error.line);
  const before = error.column ? [...line.text].slice(0, error.column - 1).join("").length : 0;
  const from = line.from + Math.min(before, line.length);
  const word = /^\w+|^./.exec(line.text.slice(from - line.from))?.[0].length ?? 0;
  if (word > 0) return { from, to: from + word };
  return line.length > 0 ? { from: line.from, to: line.to } : null;
}

export default function TemplateText({ text, error, readOnly, label, change }: {
  text: string; error: TemplateError | null; readOnly: boolean; label: string; change: (text: string) => void;
}) {
  const box = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const told = useRef(change);
  told.current = change;

  useEffect(() => {
    const made = new EditorView({
      parent: box.current!,
      state: EditorState.create({
        doc: text,
        extensions: [
          lineNumbers(), history(), bracketMatching(), StreamLanguage.define(jinja2), syntaxHighlighting(colours), look, wrongPlace,
          keymap.of([...defaultKeymap, ...historyKeymap, indentWithTab]), EditorView.lineWrapping,
          EditorState.readOnly.of(readOnly), EditorView.contentAttributes.of({ "aria-label": label, "aria-multiline": "true" }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) told.current(update.state.doc.toString());
          }),
        ],
      }),
    });
    view.current = made;
    return () => made.destroy();
    // One editor for each field: the page gives it a key.
  }, []);

  useEffect(() => {
    const shown = view.current;
    if (shown && shown.state.doc.toString() !== text) shown.dispatch({ changes: { from: 0, to: shown.state.doc.length, insert: text } });
  }, [text]);

  useEffect(() => {
    const shown = view.current;
    if (shown) shown.dispatch({ effects: setWrong.of(placeOf(shown.state, error)) });
  }, [error]);

  return <div ref={box} />;
}
