// Markdown of templates and catalogue pages into HTML that can do no harm: no scripts, no styles, no pictures from
// other hosts (those become links), links that open outside without telling where they were followed from.
import DOMPurify from "dompurify";
import { marked } from "marked";

const purify = DOMPurify(window);
purify.addHook("afterSanitizeAttributes", (node) => {
  if (node.tagName !== "A") return;
  node.setAttribute("target", "_blank");
  node.setAttribute("rel", "noopener noreferrer nofollow");
});
purify.addHook("uponSanitizeElement", (node, data) => {
  if (data.tagName !== "img") return;
  const picture = node as HTMLImageElement;
  const link = document.createElement("a");
  link.href = picture.getAttribute("src") ?? "";
  link.textContent = picture.getAttribute("alt") || "picture";
  picture.replaceWith(link);
});

const tags = (
  "a b blockquote br code dd del details div dl dt em h1 h2 h3 h4 h5 h6 hr i kbd li ol p pre s span strong sub summary " +
  "sup table tbody td th thead tr u ul img"
).split(" ");

export function html(markdown: string): string {
  const text = marked.parse(markdown, { async: false, gfm: true, breaks: true });
  return purify.sanitize(text, {
    ALLOWED_TAGS: tags,
    ALLOWED_ATTR: ["href", "title", "colspan", "rowspan", "align", "start", "src", "alt"],
    ALLOWED_URI_REGEXP: /^(?:https?|mailto|tel):/i,
    ALLOW_DATA_ATTR: false,
  });
}
