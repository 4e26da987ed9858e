/** Faults of a stack configuration: where, what was received, what is allowed, and the fix. */
import { closest } from "fastest-levenshtein";
import { z } from "zod";

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
}

function advice(allowed: string, fix: string): string {
  return JSON.stringify({ allowed, fix } satisfies Advice);
}

/** A name as text, with the nearest of the known ones as the fix. */
export function nearest(name: string, known: readonly string[]): string {
  if (known.length === 0) return "Remove it.";
  return `Did you mean "${closest(name, [...known])}"?`;
}

/** An object whose keys are all known; another key is refused with the nearest known one. */
export function strict<Shape extends z.ZodRawShape>(shape: Shape) {
  const known = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === "unrecognized_keys"
        ? advice(known.join(", "), issue.keys.map((key) => nearest(String(key), known)).join(" "))
        : undefined,
  });
}

/** A text with a meaning that goes beyond its type. */
export function meaning(test: (text: string) => boolean, allowed: string, fix: string) {
  return z.string().refine(test, { error: advice(allowed, fix) });
}

function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
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

function adviceFor(issue: z.core.$ZodIssue): Advice {
  const own = parsedAdvice(issue.message);
  if (own !== undefined) return own;
  switch (issue.code) {
    case "invalid_type":
      return { allowed: `a value of type ${issue.expected}`, fix: "Give a value of that type." };
    case "invalid_value": {
      const values = issue.values.map(String);
      const received = typeof issue.input === "string" ? nearest(issue.input, values) : "Choose one of these.";
      return { allowed: values.join(", "), fix: received };
    }
    default:
      return { allowed: issue.message, fix: "Change the value accordingly." };
  }
}

/** The faults in zod's issues about `root`, which lies at `prefix` in the file. */
export function faultsOf(
  issues: readonly z.core.$ZodIssue[],
  root: unknown,
  prefix: readonly PropertyKey[],
): ConfigurationFault[] {
  return issues.flatMap((issue): ConfigurationFault[] => {
    // A union's branch that fits best explains more than "no branch fits".
    if (issue.code === "invalid_union" && issue.errors.length > 0) {
      const best = [...issue.errors].sort((a, b) => score(a) - score(b))[0] ?? [];
      const inner = best.map((child) => ({ ...child, path: [...issue.path, ...child.path] }));
      if (inner.length > 0) return faultsOf(inner, root, prefix);
    }
    const { allowed, fix } = adviceFor(issue);
    const keys = issue.code === "unrecognized_keys" ? issue.keys : [undefined];
    return keys.map((key) => {
      const path = key === undefined ? issue.path : [...issue.path, key];
      return { path: pathText([...prefix, ...path]), received: shown(at(root, path)), allowed, fix };
    });
  });
}

/** Deep and few faults mean that the branch was nearly right. */
function score(issues: readonly z.core.$ZodIssue[]): number {
  return issues.length * 10 - Math.max(0, ...issues.map(({ path }) => path.length));
}
