/**
 * What the local cloud tells the person at the terminal: steps, one line each, with the seconds since the start. What is
 * going on between them is one live line on a terminal; in a log it is a line when nothing else was said for a while.
 * Details, such as each resource, are in the run's log file, and everywhere with `--verbose`.
 */
import { openSync, writeSync } from "node:fs";
import { stripVTControlCharacters } from "node:util";
import { createLogUpdate } from "log-update";

const started = Date.now();

const colored = process.stdout.isTTY === true && process.env.NO_COLOR === undefined;

function paint(code: number, text: string): string {
  return colored ? `\u001b[${code}m${text}\u001b[0m` : text;
}

export const green = (text: string): string => paint(32, text);
export const red = (text: string): string => paint(31, text);
export const dim = (text: string): string => paint(2, text);
export const bold = (text: string): string => paint(1, text);

/** Without a line for longer than this, a log shows what is going on. */
const SILENCE_MS = 4000;

/** Where lines go, and what is shown below them meanwhile. */
class Console {
  stream: NodeJS.WriteStream = process.stdout;
  isVerbose = false;
  private file: number | undefined;
  /** Until the log's file is opened: a run that ends before it has begun leaves none. */
  private early: string[] = [];
  logFile: string | undefined;
  private last = Date.now();
  private timer: NodeJS.Timeout | undefined;
  private live: ReturnType<typeof createLogUpdate> | undefined;
  /** What is going on, the latest last; the values are what is known of it. */
  private readonly activities = new Map<symbol, string>();

  openLog(): void {
    if (this.logFile === undefined || this.file !== undefined) return;
    this.file = openSync(this.logFile, "w");
    for (const line of this.early.splice(0)) this.toFile(line);
  }

  write(line: string): void {
    this.toFile(line);
    this.live?.clear();
    this.stream.write(`${line}\n`);
    this.last = Date.now();
    this.show();
  }

  toFile(line: string): void {
    if (this.file !== undefined) writeSync(this.file, `${stripVTControlCharacters(line)}\n`);
    else if (this.logFile !== undefined) this.early.push(line);
  }

  set(activity: symbol, text: string): void {
    this.activities.set(activity, text);
    this.timer ??= setInterval(() => this.tick(), 250).unref();
    this.show();
  }

  remove(activity: symbol): void {
    this.activities.delete(activity);
    if (this.activities.size > 0) return this.show();
    clearInterval(this.timer);
    this.timer = undefined;
    this.live?.clear();
  }

  private tick(): void {
    if (this.stream.isTTY === true) this.show();
    else if (Date.now() - this.last > SILENCE_MS && this.activities.size > 0) this.write(timed(`… ${this.current()}`));
  }

  private show(): void {
    if (this.stream.isTTY !== true || this.activities.size === 0) return;
    this.live ??= createLogUpdate(this.stream, { showCursor: true });
    const width = Math.max(20, this.stream.columns || 80);
    this.live(dim(timed(this.current()).slice(0, width - 1)));
  }

  private current(): string {
    const texts = [...this.activities.values()];
    const others = texts.length > 1 ? ` (and ${texts.length - 1} more)` : "";
    return `${texts.at(-1) ?? ""}${others}`;
  }
}

const terminal = new Console();

function timed(line: string): string {
  return `${((Date.now() - started) / 1000).toFixed(1).padStart(6)} s  ${line}`;
}

/** Progress goes to standard error where standard output is for machines (`--json`). */
export function progressToStandardError(): void {
  terminal.stream = process.stderr;
}

/** @param file gets all that is said, details too, once the run has begun */
export function logTo(file: string, { verbose }: { verbose: boolean }): void {
  terminal.isVerbose = verbose;
  terminal.logFile = file;
}

/** The run has begun: its folder can be written. */
export function openLog(): void {
  terminal.openLog();
}

/** A step. */
export function say(line: string): void {
  terminal.write(timed(line));
}

/** What people look for only when something is wrong. */
export function sayDetail(line: string): void {
  if (terminal.isVerbose) say(line);
  else terminal.toFile(timed(line));
}

/** Shows what is going on while `work` runs; it may say more with `update`. */
export async function during<Result>(
  what: string,
  work: (update: (text: string) => void) => Promise<Result>,
): Promise<Result> {
  const activity = Symbol(what);
  terminal.set(activity, what);
  try {
    return await work((text) => terminal.set(activity, text));
  } finally {
    terminal.remove(activity);
  }
}

/** Text as it is, without a time. */
export function print(text: string): void {
  terminal.write(text);
}

/** An error whose message is all that the person needs; anything else is shown with its stack. */
export class PlainError extends Error {
  override readonly name: string = "PlainError";
}

export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const plain = ["PlainError", "InterruptedError", "ToolchainError", "ConfigurationError", "StackFileError"].includes(
    error.name,
  );
  return plain ? error.message : (error.stack ?? error.message);
}

/** The end of a command that failed: the error, and an exit code. */
export function fail(error: unknown): void {
  print(red(describeError(error)));
  process.exitCode = error instanceof Error && error.name === "InterruptedError" ? 130 : 1;
}

/** The engine's messages carry marks for colors. */
export function plainText(message: string): string {
  return message.replaceAll(/<\{%[^%]*%\}>/g, "").trim();
}
