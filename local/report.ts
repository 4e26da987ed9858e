/** The page that shows a run: local/.state/report.html. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { STATE } from "./local-run";
import type { StoryResult } from "./play";
import type { Check } from "./stories/story";

export const REPORT = join(STATE, "report.html");

const STYLE = `
:root { color-scheme: light dark; --line: #8884; --good: #1a7f37; --bad: #cf222e; --soft: #8881; }
@media (prefers-color-scheme: dark) { :root { --good: #3fb950; --bad: #ff7b72; } }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.2rem; margin: 2rem 0 .25rem; }
.summary { color: #888; margin: 0 0 .75rem; }
ol { list-style: none; margin: 0; padding: 0; border-left: 2px solid var(--line); }
li { position: relative; padding: .4rem 0 .4rem 1.25rem; }
li::before { content: ""; position: absolute; left: -.44rem; top: .85rem; width: .75rem; height: .75rem;
  border-radius: 50%; background: var(--good); }
li.bad::before { background: var(--bad); }
.time { float: right; color: #888; font-variant-numeric: tabular-nums; margin-left: 1rem; }
.detail { display: block; color: #888; font-size: .9rem; overflow-wrap: anywhere; }
.gallery { display: flex; flex-wrap: wrap; gap: 1rem; align-items: flex-start; }
.gallery img { width: 12rem; max-height: 18rem; object-fit: cover; object-position: top; border: 1px solid var(--line); }
.good { color: var(--good); } li.bad strong, .bad .word { color: var(--bad); }
`;

/** Text for HTML; details hold whatever AWS answered. */
export function escapeHtml(text: string): string {
  const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
  return text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);
}

function checkItem({ name, ok, detail, seconds }: Check): string {
  return `<li class="${ok ? "ok" : "bad"}"><span class="time">${seconds.toFixed(1)} s</span><strong>${escapeHtml(name)}</strong>${ok ? "" : ' <span class="word">failed</span>'}<span class="detail">${escapeHtml(detail)}</span></li>`;
}

/** Pictures are shown, small; everything opens whole. */
function gallery(files: readonly string[]): string {
  if (files.length === 0) return "";
  const items = files.map((file) => {
    const name = escapeHtml(file);
    const shown = file.endsWith(".png") ? `<img src="${name}" alt="${name}" loading="lazy">` : name;
    return `<a href="${name}">${shown}</a>`;
  });
  return `<p class="gallery">${items.join("\n")}</p>`;
}

function section({ name, pattern, title, ok, seconds, checks, files, skipped }: StoryResult): string {
  const held = checks.filter((check) => check.ok).length;
  const said = skipped === undefined ? `${held} of ${checks.length} checks held` : `skipped, as ${escapeHtml(skipped)}`;
  return `<section class="${ok ? "" : "bad"}"><h2>${escapeHtml(title)}</h2>
<p class="summary"><code>${escapeHtml(name === pattern ? pattern : `${pattern}: ${name}`)}</code> · <span class="word ${ok ? "good" : ""}">${said}</span> · ${seconds.toFixed(1)} s</p>
<ol>${checks.map(checkItem).join("\n")}</ol>${gallery(files)}</section>`;
}

/** The page as text. */
export function reportHtml(results: readonly StoryResult[], now: Date): string {
  const held = results.filter(({ ok }) => ok).length;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>aws-patterns: ${held} of ${results.length} stories held</title><style>${STYLE}</style></head>
<body><h1>aws-patterns on the local cloud</h1>
<p class="summary">${held} of ${results.length} ${results.length === 1 ? "story" : "stories"} held · ${now.toISOString().slice(0, 16).replace("T", " ")} UTC</p>
${results.map(section).join("\n")}
</body></html>
`;
}

export async function writeReport(results: readonly StoryResult[]): Promise<void> {
  await mkdir(STATE, { recursive: true });
  await writeFile(REPORT, reportHtml(results, new Date()));
}
