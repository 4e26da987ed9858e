/** The diagram of a pattern: the first one on its page, drawn to `docs/images/PATTERN.svg`. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../stacks/root";

export const DOCS = join(ROOT, "docs");

export interface Diagram {
  /** As Mermaid reads it. */
  readonly source: string;
  readonly file: string;
  /** What a drawing says of its source: by it, a drawing of an older one is known. */
  readonly mark: string;
}

/** Undefined for a pattern whose page has none. */
export function diagramOf(pattern: string): Diagram | undefined {
  const page = join(DOCS, `${pattern}.md`);
  if (!existsSync(page)) return undefined;
  const [, source] = /```mermaid\n([\s\S]*?)```/.exec(readFileSync(page, "utf8")) ?? [];
  if (source === undefined) return undefined;
  const hash = createHash("sha256").update(source).digest("hex").slice(0, 16);
  return { source, file: join(DOCS, "images", `${pattern}.svg`), mark: `<!-- ${hash} -->` };
}
