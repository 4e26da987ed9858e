/** What the local cloud tells the person at the terminal: one line an event, with the seconds since the start. */
const started = Date.now();

const colored = process.stdout.isTTY === true && process.env.NO_COLOR === undefined;

function paint(code: number, text: string): string {
  return colored ? `\u001b[${code}m${text}\u001b[0m` : text;
}

export const green = (text: string): string => paint(32, text);
export const red = (text: string): string => paint(31, text);
export const dim = (text: string): string => paint(2, text);
export const bold = (text: string): string => paint(1, text);

/** Progress goes to standard error where standard output is for machines (`--json`). */
let write: (line: string) => void = console.log;

export function progressToStandardError(): void {
  write = console.error;
}

export function say(line: string): void {
  const seconds = ((Date.now() - started) / 1000).toFixed(1).padStart(6);
  write(`${dim(`${seconds} s`)}  ${line}`);
}

/** Text as it is, without a time. */
export function print(text: string): void {
  write(text);
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
