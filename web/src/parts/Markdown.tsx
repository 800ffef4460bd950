import { lazy, Suspense } from "react";

const Rendered = lazy(async () => {
  const { html } = await import("./markdown");
  return {
    default: ({ text }: { text: string }) => (
      // Tamed by markdown.ts.
      <div className="markdown" dangerouslySetInnerHTML={{ __html: html(text) }} />
    ),
  };
});

/// Markdown; its plain text stands in until the renderer is there.
export function Markdown({ text }: { text: string }) {
  return (
    <Suspense fallback={<div className="markdown"><pre>{text}</pre></div>}>
      <Rendered text={text} />
    </Suspense>
  );
}
