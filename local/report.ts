/** The page that shows a run: local/.state/report.html. It holds all that it shows, so that it can be sent as it is. */
import { existsSync, readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { diagramOf } from "./diagrams/diagram";
import { STATE } from "./local-run";
import type { StoryResult } from "./play";
import { STYLE } from "./report-style";
import type { Check } from "./stories/story";

export const REPORT = join(STATE, "report.html");

/** Text for HTML; details hold whatever AWS answered. */
export function escapeHtml(text: string): string {
  const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
  return text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);
}

function seconds(value: number): string {
  return `${value.toFixed(1)} s`;
}

function checkItem({ name, ok, detail, seconds: ended, took }: Check): string {
  return `<li class="${ok ? "ok" : "bad"}"><span class="time"><b>${seconds(took)}</b> until ${seconds(ended)}</span>
<strong>${escapeHtml(name)}</strong>${ok ? "" : ' <span class="word">failed</span>'}
<span class="detail">${escapeHtml(detail.replaceAll(`${STATE}/`, ""))}</span></li>`;
}

function dataUri(type: string, bytes: Uint8Array): string {
  return `data:${type};base64,${Buffer.from(bytes).toString("base64")}`;
}

/** Pictures are shown small, and whole when they are clicked; pages and texts are folded. */
function shownFile(file: string, bytes: Uint8Array): string {
  const name = escapeHtml(file);
  if (file.endsWith(".png")) {
    const picture = `<img src="${dataUri("image/png", bytes)}" alt="${name}">`;
    return `<details class="picture"><summary>${picture}<span>${name}</span></summary></details>`;
  }
  const text = escapeHtml(Buffer.from(bytes).toString());
  const shown = file.endsWith(".html")
    ? `<iframe sandbox="allow-scripts" loading="lazy" title="${name}" srcdoc="${text}"></iframe>`
    : `<pre>${text}</pre>`;
  return `<details class="file"><summary>${name}</summary>${shown}</details>`;
}

function gallery(files: readonly string[], read: ReadFile): string {
  if (files.length === 0) return "";
  const pictures = files.filter((file) => file.endsWith(".png"));
  const others = files.filter((file) => !file.endsWith(".png"));
  const shown = (some: readonly string[]): string => some.map((file) => shownFile(file, read(file))).join("\n");
  return `<div class="gallery">${shown(pictures)}</div>${shown(others)}`;
}

function diagram(pattern: string): string {
  const file = diagramOf(pattern)?.file;
  if (file === undefined || !existsSync(file)) return "";
  const source = dataUri("image/svg+xml", readFileSync(file));
  return `<figure><img src="${source}" alt="The parts of ${escapeHtml(pattern)}, and what goes between them"></figure>`;
}

/** `aws:lambda/function:Function` as people say it: lambda Function. */
function kind(type: string): string {
  const [, module = "", name = ""] = /^\w+:(\w+)\/?\w*:(\w+)$/.exec(type) ?? [];
  return name === "" ? type : `${module} ${name}`;
}

function createdTable(created: StoryResult["created"]): string {
  const rows = Object.entries(created).sort(([one, a], [two, b]) => b - a || one.localeCompare(two));
  if (rows.length === 0) return "";
  const total = rows.reduce((sum, [, count]) => sum + count, 0);
  const items = rows.map(([type, count]) => `<li><b>${count}</b> ${escapeHtml(kind(type))}</li>`);
  return `<details class="created"><summary>${total} resources of ${rows.length} kinds</summary><ul>${items.join("")}</ul></details>`;
}

function section(result: StoryResult, read: ReadFile): string {
  const { name, pattern, title, ok, checks, files, created, skipped } = result;
  const held = checks.filter((check) => check.ok).length;
  const said = skipped === undefined ? `${held} of ${checks.length} checks held` : `skipped, as ${escapeHtml(skipped)}`;
  return `<section id="${escapeHtml(name)}" class="${ok ? "" : "bad"}"><h2>${escapeHtml(title)}</h2>
<p class="summary"><code>${escapeHtml(name === pattern ? pattern : `${pattern}: ${name}`)}</code> · <span class="word ${ok ? "good" : ""}">${said}</span> · ${seconds(result.seconds)}</p>
${diagram(pattern)}${createdTable(created)}
<ol>${checks.map(checkItem).join("\n")}</ol>${gallery(files, read)}</section>`;
}

function contents(results: readonly StoryResult[]): string {
  if (results.length < 2) return "";
  const items = results.map(({ name, ok, skipped }) => {
    const mark = skipped !== undefined ? "–" : ok ? "✔" : "✘";
    return `<li class="${ok ? "good" : "bad"}"><a href="#${escapeHtml(name)}">${mark} ${escapeHtml(name)}</a></li>`;
  });
  return `<nav><ul>${items.join("")}</ul></nav>`;
}

type ReadFile = (file: string) => Uint8Array;

/** The page as text. @param read a file that is shown, by its name in the result */
export function reportHtml(results: readonly StoryResult[], now: Date, read: ReadFile): string {
  const held = results.filter(({ ok }) => ok).length;
  const stories = results.length === 1 ? "story" : "stories";
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>aws-patterns: ${held} of ${results.length} ${stories} held</title><style>${STYLE}</style></head>
<body><h1>aws-patterns on the local cloud</h1>
<p class="summary">${held} of ${results.length} ${stories} held · ${now.toISOString().slice(0, 16).replace("T", " ")} UTC.
Beside each step: how long it took, and when it ended, from the start of the run's first deployment.</p>
${contents(results)}
${results.map((result) => section(result, read)).join("\n")}
</body></html>
`;
}

export async function writeReport(results: readonly StoryResult[]): Promise<void> {
  await mkdir(STATE, { recursive: true });
  const read: ReadFile = (file) => readFileSync(join(STATE, file));
  await writeFile(REPORT, reportHtml(results, new Date(), read));
}
