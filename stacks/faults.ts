/** Faults of a stack configuration: where, what was received, what is allowed, and the fix. */
import { z } from "zod";
import { nearest } from "../components/internal/nearest-name";

export { nearest } from "../components/internal/nearest-name";

export interface ConfigurationFault {
  /** Path in `Pulumi.<stack>.yaml`, e.g. `aws-patterns:patterns.media.args.ttlSeconds`. */
  path: string;
  /** As JSON; `(secret)` when the value is one. */
  received: string;
  allowed: string;
  fix: string;
}

/** All faults of a stack configuration together. */
export class ConfigurationError extends Error {
  override readonly name = "ConfigurationError";

  constructor(
    stack: string,
    readonly faults: readonly ConfigurationFault[],
  ) {
    const lines = faults.map(
      ({ path, received, allowed, fix }) =>
        `  ${path}\n    received: ${received}\n    allowed:  ${allowed}\n    fix:      ${fix}`,
    );
    super(`Pulumi.${stack}.yaml: ${faults.length} fault${faults.length === 1 ? "" : "s"}\n${lines.join("\n")}`);
  }
}

/** What a schema says of a value that it refuses; travels in zod's message. */
interface Advice {
  allowed: string;
  fix: string;
  /** Keys that an object may have. */
  known?: readonly string[];
}

function advice(allowed: string, fix: string, known?: readonly string[]): string {
  return JSON.stringify({ allowed, fix, ...(known === undefined ? {} : { known }) } satisfies Advice);
}

function isOptional(schema: z.core.$ZodType): boolean {
  return schema._zod.optin === "optional";
}

/** An object whose keys are all known; another key is refused with the nearest known one. */
export function strict<Shape extends z.ZodRawShape>(shape: Shape) {
  const known = Object.keys(shape);
  const optional = known.filter((key) => isOptional(shape[key] as z.core.$ZodType));
  const required = known.filter((key) => !optional.includes(key));
  const also = optional.length === 0 ? "" : `, and optionally ${optional.join(", ")}`;
  const whole =
    required.length === 0 ? `a map with any of ${optional.join(", ")}` : `a map with ${list(required)}${also}`;
  return z.strictObject(shape, {
    error: ({ code }) =>
      code === "unrecognized_keys"
        ? advice(known.join(", "), "", known)
        : advice(whole, "Write one `key: value` pair for each of them."),
  });
}

function list(names: readonly string[]): string {
  return [names.slice(0, -1).join(", "), names.at(-1) ?? ""].filter((part) => part !== "").join(" and ");
}

/** One of several objects, told apart by their keys. */
export function either<const Options extends readonly [z.ZodObject, z.ZodObject, ...z.ZodObject[]]>(options: Options) {
  const forms = options.map(({ shape }) =>
    list(Object.keys(shape).filter((key) => !isOptional(shape[key] as z.core.$ZodType))),
  );
  return z.union(options, {
    error: advice(`a map with either ${forms.join(", or ")}`, "Choose one of these forms, and give its keys."),
  });
}

/** What to say when a value is not of the schema's type at all. */
export function otherwise(allowed: string, fix: string) {
  return {
    error: ({ code }: { readonly code?: string | undefined }) =>
      code === "invalid_type" ? advice(allowed, fix) : undefined,
  };
}

/** A text with a meaning that goes beyond its type. The fix may depend on the text. */
export function meaning(test: (text: string) => boolean, allowed: string, fix: string | ((text: string) => string)) {
  const general = typeof fix === "string" ? fix : "Give it as a text.";
  return z
    .string({ error: advice(allowed, general) })
    .refine(test, { error: ({ input }) => advice(allowed, typeof fix === "string" ? fix : fix(String(input))) });
}

/** One text, or several. */
export function oneOrMore(what: string) {
  const error = advice(`${what}, or a list of them`, "Give at least one.");
  return z.union([z.string(), z.array(z.string()).min(1, { error })], { error });
}

/** A value as faults show it: as JSON, and not all of it when it is long. */
export function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  // JSON has no word for the numbers that are too big for it.
  const text = typeof value === "number" ? String(value) : json(value);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

function json(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    return "a value that is nested too deeply to show";
  }
}

function at(root: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === "object" && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined,
    root,
  );
}

/** `a.b[0]["c d"]`. */
export function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((key, i) => {
      if (typeof key === "number") return `[${key}]`;
      const name = String(key);
      if (!/^[\w:-]+$/.test(name)) return `[${JSON.stringify(name)}]`;
      return i === 0 ? name : `.${name}`;
    })
    .join("");
}

function parsedAdvice(message: string): Advice | undefined {
  if (!message.startsWith("{")) return undefined;
  return JSON.parse(message) as Advice;
}

const TYPES: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a map",
  record: "a map",
};

/** How to turn what was received into the type that is wanted, where that is known. */
function typeFix(expected: string, received: unknown): string {
  if (received === undefined) return "Add it.";
  if (received === null) return "Give it a value, or remove the key.";
  if (expected === "string" && typeof received !== "object") return "Put it in quotation marks.";
  const text = typeof received === "string" ? received.trim() : "";
  if (expected === "number" && text !== "" && Number.isFinite(Number(text))) return "Remove the quotation marks.";
  if (expected === "boolean" && /^(true|false)$/.test(text)) return "Remove the quotation marks.";
  if (expected === "array" && typeof received !== "object") return "Write it as a list: [ ... ].";
  return `Give ${TYPES[expected] ?? `a value of type ${expected}`}.`;
}

function adviceFor(issue: z.core.$ZodIssue, received: unknown): Advice {
  const own = parsedAdvice(issue.message);
  if (own !== undefined) return received === undefined ? { ...own, fix: addFix(own.fix) } : own;
  switch (issue.code) {
    case "invalid_type":
      return {
        allowed: TYPES[issue.expected] ?? `a value of type ${issue.expected}`,
        fix: typeFix(issue.expected, received),
      };
    case "invalid_value":
      return oneOf(issue.values.map(String), received);
    case "invalid_union":
      if ("options" in issue) return oneOf((issue.options as unknown[]).map(String), received);
      break;
    case "too_small":
      return { allowed: amount(issue.origin, "at least", Number(issue.minimum)), fix: "Give more." };
    case "too_big":
      return { allowed: amount(issue.origin, "at most", Number(issue.maximum)), fix: "Give less." };
  }
  return { allowed: issue.message, fix: "Change the value accordingly." };
}

function addFix(fix: string): string {
  return fix === "" ? fix : `Add it. ${fix}`;
}

function oneOf(values: readonly string[], received: unknown): Advice {
  const fix = typeof received === "string" ? nearest(received, values) : "Choose one of these.";
  return { allowed: values.join(", "), fix };
}

function amount(origin: string, bound: string, count: number): string {
  const units: Readonly<Record<string, string>> = { string: "character", array: "entry", set: "entry" };
  const unit = units[origin];
  if (unit === undefined) return `${bound} ${count}`;
  return `${bound} ${count} ${count === 1 ? unit : unit.replace(/y$/, "ie")}${count === 1 ? "" : "s"}`;
}

/** The issues that say most: those of a union's branch that fits, those of a map's key. */
export function plainIssues(issues: readonly z.core.$ZodIssue[], root: unknown): z.core.$ZodIssue[] {
  return issues.flatMap((issue) => {
    const inner = innerIssues(issue, at(root, issue.path));
    return inner === undefined ? issue : plainIssues(inner, root);
  });
}

/** Whether a value has the right types and nothing missing, in spite of its issues: then more can be said about it. */
export function hasRightTypes(issues: readonly z.core.$ZodIssue[], root: unknown): boolean {
  return plainIssues(issues, root).every(({ code }) => code === "custom" || code === "unrecognized_keys");
}

/** The faults in zod's issues about `root`, which lies at `prefix` in the file. */
export function faultsOf(
  issues: readonly z.core.$ZodIssue[],
  root: unknown,
  prefix: readonly PropertyKey[],
): ConfigurationFault[] {
  return plainIssues(issues, root).flatMap((issue) => {
    if (issue.code === "unrecognized_keys") {
      const known = parsedAdvice(issue.message)?.known ?? [];
      return issue.keys.map((key) => ({
        path: pathText([...prefix, ...issue.path, key]),
        received: shown(at(root, [...issue.path, key])),
        allowed: known.join(", "),
        fix: nearest(key, known),
      }));
    }
    const received = at(root, issue.path);
    return { path: pathText([...prefix, ...issue.path]), received: shown(received), ...adviceFor(issue, received) };
  });
}

/** Issues that explain another one better than itself. */
function innerIssues(issue: z.core.$ZodIssue, value: unknown): z.core.$ZodIssue[] | undefined {
  const within = (children: readonly z.core.$ZodIssue[]) =>
    children.map((child) => ({ ...child, path: [...issue.path, ...child.path] }));
  if (issue.code === "invalid_key") return within(issue.issues);
  if (issue.code !== "invalid_union" || issue.errors.length === 0) return undefined;
  const branches = issue.errors.map((errors) => ({ errors, misfit: misfit(errors, value) }));
  const least = Math.min(...branches.map((branch) => branch.misfit));
  const best = branches.filter((branch) => branch.misfit === least);
  // When several branches fit as well (or as badly), the union itself says what there is to choose from.
  return best.length === 1 && Number.isFinite(least) ? within(best[0]?.errors ?? []) : undefined;
}

/** How far a value is from a branch of a union, by its type and its keys; what is wrong inside of the keys does not count. */
function misfit(issues: readonly z.core.$ZodIssue[], value: unknown): number {
  const counts = issues.map((issue): number => {
    if (issue.code === "unrecognized_keys") {
      if (issue.path.length > 0) return 0;
      const none = issue.keys.length === Object.keys(value ?? {}).length;
      return none ? Infinity : issue.keys.length;
    }
    if (issue.path.length === 0) return issue.code === "invalid_type" ? Infinity : 0;
    const missing = issue.path.length === 1 && at(value, issue.path) === undefined;
    if (!missing) return 0;
    return Object.keys(value ?? {}).length === 0 ? Infinity : 1;
  });
  return counts.reduce((sum, count) => sum + count, 0);
}
