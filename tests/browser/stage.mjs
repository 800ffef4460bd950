// What the browser tests stand on: the real server in a folder of its own, Debian's Chromium, pages that report what
// goes wrong in them.
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

export const project = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
export const binary = process.env.TOCSIN_BINARY ?? join(project, "build/release/tocsin");
export const patience = Number(process.env.TOCSIN_PATIENCE ?? 30) * 1000;
const axeSource = readFileSync(join(project, "tests/browser/node_modules/axe-core/axe.min.js"), "utf8");

const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("TOCSIN_")));

export function browserPath() {
  return ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((path) => existsSync(path));
}

export const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

export async function eventually(ask, what) {
  for (const end = Date.now() + patience; ; await sleep(50)) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > end) throw new Error(`${what}: not within ${patience / 1000} seconds`);
  }
}

export class Server {
  constructor(folder, { prefix = "" } = {}) {
    this.data = join(folder, "data");
    this.log = join(folder, "server.log");
    this.prefix = prefix;
    this.port = 0;
  }

  async start() {
    const said = openSync(this.log, "a");
    const mark = readFileSync(this.log, "utf8").length;
    const address = `127.0.0.1:${this.port}`;
    this.process = spawn(binary, ["serve", "--data", this.data, "--listen", address], { stdio: ["ignore", said, said], env: clean });
    const text = () => readFileSync(this.log, "utf8").slice(mark);
    await eventually(() => {
      if (this.process.exitCode !== null) throw new Error(`the server ended at its start:\n${text()}`);
      return / listens on (\S+)/.test(text());
    }, "the server says where it listens");
    this.port = Number(new URL(text().match(/ listens on (\S+)/)[1]).port);
    this.url = `http://127.0.0.1:${this.port}`;
    return this;
  }

  text() {
    return readFileSync(this.log, "utf8");
  }

  cli(...words) {
    const at = words.findIndex((word) => word.startsWith("-"));
    const front = at < 0 ? words : words.slice(0, at);
    return execFileSync(binary, [...front, "--data", this.data, ...(at < 0 ? [] : words.slice(at))], { env: clean, encoding: "utf8" });
  }

  async stop() {
    if (!this.process || this.process.exitCode !== null) return;
    const ended = new Promise((resolve) => this.process.once("exit", resolve));
    this.process.kill("SIGTERM");
    const late = setTimeout(() => this.process.kill("SIGKILL"), 20000);
    await ended;
    clearTimeout(late);
  }
}

export async function withStage(work) {
  const folder = mkdtempSync(join(tmpdir(), "tocsin-browser-"));
  const server = new Server(folder);
  let browser;
  try {
    await server.start();
    browser = await chromium.launch({
      executablePath: browserPath(),
      args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync"],
    });
    return await work({ server, browser, folder });
  } finally {
    await browser?.close();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/// A page that remembers what went wrong in it: errors of scripts, refusals by the Content-Security-Policy, requests
/// to other hosts.
export async function openPage(context, server) {
  const page = await context.newPage();
  page.setDefaultTimeout(patience);
  page.troubles = [];
  page.on("pageerror", (error) => page.troubles.push(`script: ${error.message}`));
  page.on("console", (message) => {
    if (/Content[ -]Security[ -]Policy/i.test(message.text())) page.troubles.push(`policy: ${message.text()}`);
  });
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (/^https?:/.test(url.protocol) && url.host !== new URL(server.url).host) page.troubles.push(`foreign request: ${url.href}`);
  });
  return page;
}

/// What axe finds that is serious or worse.
export async function seriousFindings(page) {
  await page.evaluate(axeSource);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.slice(0, 3).map((node) => node.target.join(" ")).join("; ")}` +
      ` ${nodes[0].any?.[0]?.message ?? ""}`);
}

export const shotsFolder = join(project, "build/screenshots");
mkdirSync(shotsFolder, { recursive: true });
