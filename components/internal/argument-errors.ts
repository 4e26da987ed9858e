import { inspect } from "node:util";
import { RunError } from "@pulumi/pulumi";
import { type ArgumentError, grouped } from "./equal-errors";

export type { ArgumentError } from "./equal-errors";

/** A value as messages show it; JSON has no word for NaN and Infinity. */
export function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  return typeof value === "number" ? String(value) : JSON.stringify(value);
}

/**
 * All wrong arguments of one component together, thrown before any of its resources is registered. Pulumi shows a
 * RunError's message alone, without the stack and the properties that would repeat it.
 */
export class ArgumentsError extends RunError {
  override readonly name = "ArgumentsError";

  constructor(
    component: string,
    readonly errors: readonly ArgumentError[],
  ) {
    const lines = errors.map(
      ({ property, received, allowed, fix }) =>
        `  ${property}: received ${shown(received)}; allowed: ${allowed}. ${fix}`,
    );
    super(`${component}: ${errors.length} wrong argument${errors.length === 1 ? "" : "s"}\n${lines.join("\n")}`);
  }

  /** Node.js would show the errors beside the message, which has them all. */
  [inspect.custom](): string {
    return this.stack ?? this.message;
  }
}

/** Collects what is wrong with a component's arguments, so that one run shows all of it. */
export class ArgumentChecks {
  private readonly errors: ArgumentError[] = [];

  /** Notes an error unless `ok`, which it returns. */
  require(ok: boolean, error: ArgumentError): boolean {
    if (!ok) this.errors.push(error);
    return ok;
  }

  /**
   * A whole number between two bounds; undefined means that the default holds.
   *
   * @param unit what is counted ("seconds"), or what the number is ("a port number")
   */
  wholeNumber(property: string, value: number | undefined, minimum: number, maximum: number, unit: string): boolean {
    const ok = value === undefined || (Number.isInteger(value) && value >= minimum && value <= maximum);
    const what = unit.startsWith("a ") ? unit : `a whole number of ${unit}`;
    const allowed = `${what} from ${minimum} to ${maximum}`;
    return this.require(ok, { property, received: value, allowed, fix: "Give a value in that range." });
  }

  /** How many were noted so far. */
  count(): number {
    return this.errors.length;
  }

  /** All that was noted so far; many that are wrong in the same way are one. */
  found(): readonly ArgumentError[] {
    return grouped(this.errors);
  }

  /** Throws all that was noted. */
  finish(component: string): void {
    if (this.errors.length > 0) throw new ArgumentsError(component, this.found());
  }
}
