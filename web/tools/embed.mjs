// Writes a C++ source that holds every file of dist/, plain and compressed, for src/api/web_files.hpp.
// Usage: node tools/embed.mjs OUT.cpp
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, extname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const web = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(web, "dist");
const packed = join(web, "packed");
const out = resolve(process.argv[2]);
const types = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".txt": "text/plain; charset=utf-8",
};

function filesOf(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) => (entry.isDirectory() ? filesOf(join(folder, entry.name)) : [join(folder, entry.name)]))
    .sort();
}

// The bytes come in by the assembler: a literal of this length would take the compiler long.
function bytes(symbol, path) {
  return `.global ${symbol}\\n.hidden ${symbol}\\n${symbol}:\\n.incbin \\"${path}\\"\\n`;
}

mkdirSync(packed, { recursive: true });
const assembly = [], declarations = [], entries = [];
filesOf(dist).forEach((file, index) => {
  const path = "/" + relative(dist, file).split("\\").join("/");
  const type = types[extname(file)];
  if (!type) throw new Error(`${path}: what type of file is it? Add it to web/tools/embed.mjs`);
  const views = [];
  const hold = (name, from, size) => {
    assembly.push(bytes(name, from));
    declarations.push(`extern const char ${name}[];`);
    views.push(`{${name}, ${size}}`);
  };
  const plain = readFileSync(file);
  hold(`tocsin_web_${index}`, file, plain.length);
  const gzip = gzipSync(plain, { level: 9 });
  if (path !== "/index.html" && gzip.length < plain.length * 0.9) {
    const place = join(packed, `${index}.gz`);
    writeFileSync(place, gzip);
    hold(`tocsin_web_${index}_gzip`, place, gzip.length);
  } else {
    views.push("{}");
  }
  entries.push(`    {"${path}", "${type}", ${views.join(", ")}},`);
});

writeFileSync(out, `#include "api/web_files.hpp"

asm(".pushsection .rodata\\n"
${assembly.map((line) => `    "${line}"`).join("\n")}
    ".popsection\\n");

extern "C" {
${declarations.join("\n")}
}

std::span<const tocsin::api::WebFile> tocsin::api::embedded_web_files() {
  static const WebFile files[] = {
${entries.join("\n")}
  };
  return files;
}
`);
