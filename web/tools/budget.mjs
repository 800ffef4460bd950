// Fails when the scripts of the first load are over their budget, compressed as they are sent.
// First load: what index.html names, and what those import without being asked to.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const budget = 350 * 1024;
const dist = join(dirname(dirname(fileURLToPath(import.meta.url))), "dist");
const seen = new Set();

function load(path) {
  if (seen.has(path)) return;
  seen.add(path);
  const text = readFileSync(path, "utf8");
  for (const [, name] of text.matchAll(/(?:from|import)\s*"(\.\/[^"]+\.js)"/g)) load(join(dirname(path), name));
}

const html = readFileSync(join(dist, "index.html"), "utf8");
for (const [, name] of html.matchAll(/(?:src|href)="(\.\/[^"]+\.js)"/g)) load(join(dist, name));
if (/<script(?![^>]*\bsrc=)/.test(html)) throw new Error("index.html holds a script: the Content-Security-Policy refuses it");

const size = [...seen].reduce((sum, path) => sum + gzipSync(readFileSync(path), { level: 9 }).length, 0);
const told = `first load: ${seen.size} scripts, ${(size / 1024).toFixed(1)} KB compressed of ${budget / 1024} KB`;
console.log(told);
if (seen.size === 0) throw new Error("no script found: is the build all right?");
if (size > budget) throw new Error(`too much. ${told}`);
