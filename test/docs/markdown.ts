/** Reads the documents: their sections, tables and code blocks. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export const ROOT = join(__dirname, "..", "..");

/** Paths of all documents, from the project's root. */
export function documents(): string[] {
  const pages = readdirSync(join(ROOT, "docs")).filter((name) => name.endsWith(".md"));
  return ["README.md", ...pages.map((name) => join("docs", name))];
}

export function read(document: string): string {
  return readFileSync(join(ROOT, document), "utf8");
}

/** What is between a heading and the next one of its level. */
export function section(text: string, heading: string): string {
  const after = text.split(`\n## ${heading}\n`)[1];
  if (after === undefined) throw new Error(`there is no heading "${heading}"`);
  return after.split("\n## ")[0] ?? "";
}

/** The cells of every table row, without headers and rules; escaped bars are part of a cell. */
export function rows(text: string): string[][] {
  const lines = text.split("\n");
  return lines.flatMap((line, i) => {
    if (!line.startsWith("|") || /^\|[ |:-]+$/.test(line) || /^\|[ |:-]+$/.test(lines[i + 1] ?? "")) return [];
    return [
      line
        .slice(1, line.lastIndexOf("|"))
        .split(/(?<!\\)\|/)
        .map((cell) => cell.replaceAll("\\|", "|").trim()),
    ];
  });
}

/** The text without its code blocks. */
export function prose(text: string): string {
  return text.replaceAll(/^```[\s\S]*?^```$/gm, "");
}

/** The words in code style. */
export function codes(text: string): string[] {
  return [...prose(text).matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code);
}

/** Code blocks of a language. */
export function blocks(text: string, language: string): string[] {
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, "gm"))].map(([, body = ""]) => body);
}

/** Tables without their padding, which prettier chooses. */
export function squeezed(text: string): string {
  return text.replaceAll(/ *\| */g, "|").replaceAll(/-+/g, "-");
}
