/** The figures of a benchmark as people read them: ours beside the peers', ratios, and goals met or missed. */
import { bold, green, red } from "../../local/console";
import type { BenchResult, Goal } from "./benchmark";

/** Columns as wide as their widest cell; all but the first are aligned to the right, as numbers are. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, i) => (widths[i] = Math.max(widths[i] ?? 0, cell.length)));
  return rows.map((row) =>
    row
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
      .join("   ")
      .trimEnd(),
  );
}

/** Thousands separated; small values with the three digits that count. */
export function formatted(value: number | undefined): string {
  if (value === undefined) return "-";
  if (value !== 0 && Math.abs(value) < 0.1) return Number(value.toPrecision(3)).toString();
  return value.toLocaleString("en-US", { maximumFractionDigits: 3 });
}

/** Names of peers can be whole phrases: their column heads take several lines. */
const HEAD_WIDTH = 18;

function wrapped(text: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > HEAD_WIDTH) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

/** The lines of a table's head, as rows with the words of each column at the bottom. */
function headRows(names: readonly string[]): string[][] {
  const cells = names.map(wrapped);
  const height = Math.max(...cells.map(({ length }) => length));
  return Array.from({ length: height }, (_, row) => cells.map((lines) => lines[row - height + lines.length] ?? ""));
}

/** Names of all figures, in the order in which they first occur. */
function figureNames({ ours, peers }: BenchResult): string[] {
  return [...new Set([ours, ...Object.values(peers)].flatMap((figures) => Object.keys(figures)))];
}

function describeGoal({ name, value, limit, met }: Goal): string {
  const mark = met ? green("met   ") : red("MISSED");
  return `  ${mark}  ${name}: ${formatted(value)}, at most ${formatted(limit)} wanted`;
}

export function describeResult(name: string, result: BenchResult): string {
  const { ours, peers, ratio, goals = [], notes = [] } = result;
  const head = headRows(["", "ours", ...Object.keys(peers)]);
  const table = columns([
    ...head,
    ...figureNames(result).map((figure) => [
      figure,
      formatted(ours[figure]),
      ...Object.values(peers).map((peer) => formatted(peer[figure])),
    ]),
  ]);
  const ratios = columns(Object.entries(ratio).map(([figure, value]) => [figure, formatted(value)]));
  const missed = goals.filter(({ met }) => !met).length;
  const verdict = missed === 0 ? "all goals met" : `${missed} of ${goals.length} goals missed`;
  return [
    bold(name),
    "",
    ...table.map((line, i) => `  ${i < head.length ? bold(line) : line}`),
    ...(ratios.length === 0 ? [] : ["", bold("Ratios (below 1 is better)"), ...ratios.map((line) => `  ${line}`)]),
    ...(goals.length === 0 ? [] : ["", bold(`Goals: ${verdict}`), ...goals.map(describeGoal)]),
    ...(notes.length === 0 ? [] : ["", ...notes.map((note) => `  ${note}`)]),
  ].join("\n");
}
