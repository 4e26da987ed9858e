/**
 * YAML as the Pulumi CLI reads it. Its parser is of YAML 1.1, the one here of 1.2: what only one of them takes is refused,
 * so that a file that passes here passes there. Every fault has its line and column, which the CLI does not tell.
 */
import { load, type Mark, type State, YAMLException } from "js-yaml";

/** What is wrong with a text, as a sentence, what to do, and where: line and column, from 1. */
export class YamlError extends Error {
  override readonly name = "YamlError";

  constructor(
    readonly line: number,
    readonly column: number,
    readonly happened: string,
    readonly fix: string,
  ) {
    super(`${line}:${column}: ${happened}. ${fix}`);
  }
}

/** Line and column of an index of a text, from 1. */
export function placeOf(text: string, index: number): [line: number, column: number] {
  const lines = text.slice(0, index).split(/\r\n|\n|\r/);
  return [lines.length, (lines.at(-1) ?? "").length + 1];
}

function fault(text: string, index: number, happened: string, fix: string): YamlError {
  return new YamlError(...placeOf(text, index), happened, fix);
}

/** The text of a file. @throws YamlError for what is no text, or no text in UTF-8. */
export function decode(bytes: Buffer): string {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    throw new YamlError(1, 1, "the file is encoded in UTF-16", "Save it in UTF-8.");
  }
  const text = bytes.toString("utf8");
  // Where it is not what it was, something could not be read.
  if (!Buffer.from(text, "utf8").equals(bytes)) {
    const index = [...text.matchAll(/\ufffd/g)].find(({ index }) => {
      const start = Buffer.byteLength(text.slice(0, index));
      return !bytes.subarray(start, start + 3).equals(Buffer.from("\ufffd"));
    })?.index;
    const byte = bytes[Buffer.byteLength(text.slice(0, index ?? 0))]?.toString(16).padStart(2, "0");
    throw fault(
      text,
      index ?? 0,
      `the byte 0x${byte} is not UTF-8`,
      "Save the file in UTF-8; it may be no text at all.",
    );
  }
  const plain = text.startsWith("\ufeff") ? text.slice(1) : text;
  const control = /[^\t\n\r\x20-\x7e\x85\xa0-\ufffd\u{10000}-\u{10ffff}]/u.exec(plain);
  if (control !== null) {
    throw fault(
      plain,
      control.index,
      `there is ${codePoint(control[0])}, which no text has`,
      "Remove it, if the file is a text.",
    );
  }
  const separator = /[\x85\u2028\u2029]/.exec(plain);
  if (separator !== null) {
    const happened = `there is ${codePoint(separator[0])}, which YAML 1.1 takes for the end of a line`;
    throw fault(plain, separator.index, happened, "Replace it with a space or a line break.");
  }
  return plain;
}

function codePoint(character: string): string {
  return `the character U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}

/** Notes where nodes begin and end while a text is read. */
class Nodes {
  /** Texts without quotation marks inside of brackets, where the two versions of YAML differ. */
  readonly plainInBrackets: { start: number; end: number }[] = [];
  private readonly open: { start: number; inBrackets: boolean }[] = [];

  constructor(private readonly text: string) {}

  readonly listener = (event: "open" | "close", { position, kind }: State): void => {
    if (event === "open") {
      const parent = this.open.at(-1);
      const inBrackets = parent !== undefined && (parent.inBrackets || this.beginsWith(parent.start, /[[{]/));
      this.open.push({ start: this.firstOf(position), inBrackets });
      return;
    }
    const { start, inBrackets } = this.open.pop() ?? { start: position, inBrackets: false };
    if (inBrackets && kind === "scalar" && !this.beginsWith(start, /["']/)) {
      this.plainInBrackets.push({ start, end: position });
    }
  };

  /** The innermost bracket or quotation mark that is still open. */
  unclosed(): number | undefined {
    return this.open.filter(({ start }) => this.beginsWith(start, /[[{"']/)).at(-1)?.start;
  }

  private beginsWith(start: number, character: RegExp): boolean {
    return character.test(this.text[start] ?? "");
  }

  /** A node is noted as open before the spaces, comments, anchors and tags in front of it are read. */
  private firstOf(position: number): number {
    const front = /(\s|#.*\n|[&!][^\s,[\]{}]*)*/y;
    front.lastIndex = position;
    return position + (front.exec(this.text)?.[0].length ?? 0);
  }
}

/** The value of a YAML text. @throws YamlError */
export function parseYaml(text: string): unknown {
  const conflict = /^(<{7} |={7}$|>{7} )/m.exec(text);
  if (conflict !== null) {
    throw fault(text, conflict.index, "there is an unresolved merge conflict", "Keep one side, and remove the marks.");
  }
  const version = /^%YAML +(?!1\.1\b)/m.exec(text);
  if (version !== null) throw fault(text, version.index, "the Pulumi CLI reads YAML 1.1 only", "Remove the line.");
  const nodes = new Nodes(text);
  let value: unknown;
  try {
    value = load(text, { listener: nodes.listener });
  } catch (error) {
    if (error instanceof YAMLException) throw explained(error, text, nodes);
    throw error;
  }
  checkAliases(value, text);
  checkBrackets(text, nodes);
  return value;
}

/** What YAML 1.1 takes otherwise. */
function checkBrackets(text: string, nodes: Nodes): void {
  for (const { start, end } of nodes.plainInBrackets) {
    const mark = text.slice(start, end).indexOf("?");
    const happened = `a text with "?" inside of brackets needs quotation marks for the Pulumi CLI`;
    if (mark >= 0)
      throw fault(text, start + mark, happened, `Write "${text.slice(start, end).trim().replaceAll(/\s+/g, " ")}".`);
    if (/^:[[\]{},]/.test(text.slice(end, end + 2))) {
      throw fault(
        text,
        end,
        'there is no space after ":"',
        "Put one there: the Pulumi CLI takes both for one text otherwise.",
      );
    }
  }
}

/** More values than any stack needs: the Pulumi CLI refuses aliases that multiply, or contain themselves. */
const MAXIMUM_VALUES = 100_000;

function checkAliases(value: unknown, text: string): void {
  const rest = [value];
  for (let count = 0; rest.length > 0; count++) {
    if (count > MAXIMUM_VALUES) {
      const alias = Math.max(0, text.search(/(?<=[\s[{,])\*\w/));
      throw fault(text, alias, "aliases repeat too much, or contain themselves", "Write the values out.");
    }
    const item = rest.pop();
    if (typeof item === "object" && item !== null) for (const inner of Object.values(item)) rest.push(inner);
  }
}

/** What js-yaml says, and what to do about it. */
const FIXES: readonly (readonly [RegExp, string])[] = [
  [/tab characters/, "Indent with spaces."],
  [/duplicated mapping key/, "Remove one of the two."],
  [/unidentified alias/, "Put it in quotation marks if it is a text that begins with *, or define the anchor before."],
  [/unknown tag/, "Remove the tag; put a text that begins with ! in quotation marks."],
  [
    /bad indentation|a document separator is expected/,
    'Indent it like its neighbours; put a text with ": " in quotation marks.',
  ],
  [
    /missed comma|expected the node content/,
    "Put a comma between the entries; put a text that begins with a sign in quotation marks.",
  ],
  [/expected a single document/, "Keep one document: the Pulumi CLI ignores all others."],
  [/nesting exceeded/, "Nest less."],
];

function explained(
  { reason, mark }: Pick<YAMLException, "reason"> & { mark?: Mark },
  text: string,
  nodes: Nodes,
): YamlError {
  const unclosed = reason.startsWith("unexpected end of the stream") ? nodes.unclosed() : undefined;
  if (unclosed !== undefined) {
    return fault(text, unclosed, `${text[unclosed]} is not closed`, "Add what closes it.");
  }
  const fix =
    FIXES.find(([pattern]) => pattern.test(reason))?.[1] ?? "Correct it; most signs are safe in quotation marks.";
  // Documents are counted at the end: there is no mark.
  const index = mark === undefined ? Math.max(0, text.search(/(?<=\S\s*)^---/m)) : mark.position;
  const key = /duplicated/.test(reason) ? /.+?(?=["']?\s*:(\s|$))/.exec(text.slice(index))?.[0] : undefined;
  return fault(text, index, key === undefined ? reason : `${reason} ${key.replace(/^["']/, "")}`, fix);
}
