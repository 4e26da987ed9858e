/**
 * Draws the patterns' diagrams, those that have changed: `node -r ./scripts/register.cjs docs/diagrams/render.ts`. Needs
 * Chromium on PATH; Mermaid is installed in this folder when it is first needed.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import type { Page } from "playwright-core";
import { withBrowser } from "../../local/stories/browser";
import { PATTERNS } from "../../stacks/patterns";
import { type Diagram, diagramOf, DOCS } from "./diagram";

const MERMAID = join(__dirname, "node_modules", "mermaid", "dist", "mermaid.min.js");

/** Mermaid's own API, in the page. */
interface Mermaid {
  initialize(configuration: object): void;
  render(id: string, source: string): Promise<{ svg: string }>;
}

async function draw(page: Page, source: string): Promise<string> {
  const { svg } = await page.evaluate(async (text) => {
    const { mermaid } = globalThis as unknown as { mermaid: Mermaid };
    // As text and not as HTML in it, which pictures of a page do not show.
    const settings = { startOnLoad: false, theme: "neutral", htmlLabels: false, flowchart: { htmlLabels: false } };
    mermaid.initialize({ ...settings, fontFamily: "system-ui, sans-serif", deterministicIds: true });
    return mermaid.render("diagram", text);
  }, source);
  return svg;
}

async function main(): Promise<void> {
  const isDrawn = ({ file, mark }: Diagram): boolean => existsSync(file) && readFileSync(file, "utf8").includes(mark);
  const wanted = Object.keys(PATTERNS).flatMap((pattern) => diagramOf(pattern) ?? []);
  const changed = wanted.filter((diagram) => !isDrawn(diagram));
  if (changed.length === 0) return;
  if (!existsSync(MERMAID)) await execa("npm", ["ci"], { cwd: __dirname, stdio: "inherit" });
  const drawn = await withBrowser(process.env.PATH ?? "", async (browser) => {
    const page = await browser.newPage();
    await page.addScriptTag({ path: MERMAID });
    for (const { source, file, mark } of changed) {
      writeFileSync(file, `${mark}\n${await draw(page, source)}\n`);
      console.log(file);
    }
    await checkAll(page);
    return true;
  });
  if (drawn === undefined) throw new Error("There is no Chromium on PATH to draw with.");
}

/** Every diagram of every page is one that Mermaid can read. */
async function checkAll(page: Page): Promise<void> {
  for (const name of readdirSync(DOCS).filter((file) => file.endsWith(".md"))) {
    for (const [, source = ""] of readFileSync(join(DOCS, name), "utf8").matchAll(/```mermaid\n([\s\S]*?)```/g)) {
      await draw(page, source).catch((error: unknown) => {
        throw new Error(`docs/${name}: ${String(error)}`);
      });
    }
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
