/** Faults of arguments and of stack files: where, what was received, what is allowed, and the fix. */
export interface Fault<Received = unknown> {
  /** Path of the value, e.g. `fleet.zones[1].cidrBlock`; of a stack file's, from the configuration's key on. */
  path: string;
  received: Received;
  allowed: string;
  fix: string;
}

export type Path = readonly PropertyKey[];

/** `a.b[0]["c d"]`. */
export function pathText(path: Path): string {
  return path
    .map((key, i) => {
      if (typeof key === "number") return `[${key}]`;
      const name = String(key);
      if (!/^[\w:-]+$/.test(name)) return `[${JSON.stringify(name)}]`;
      return i === 0 ? name : `.${name}`;
    })
    .join("");
}

/** Faults of a value that lies at a path of another one. */
export function within(at: string, faults: readonly Fault[]): Fault[] {
  return faults.map((fault) => {
    const isBelow = fault.path !== "" && at !== "" && !fault.path.startsWith("[");
    return { ...fault, path: `${at}${isBelow ? "." : ""}${fault.path}` };
  });
}

/** A value as messages show it: as it would be written, and not all of it when it is long. */
export function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  // JSON has no word for NaN and Infinity.
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
