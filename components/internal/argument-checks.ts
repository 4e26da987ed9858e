import { inspect } from "node:util";
import { RunError } from "@pulumi/pulumi";
import { grouped } from "./equal-errors";
import { type Fault, shown } from "./faults";
import { FORMATS } from "./formats";
import type { Declaration, Schema } from "./schema";
import { checkSchema } from "./schema-check";
import { original, usable, UnusablePart } from "./usable";

/**
 * All wrong arguments of one component together, thrown before any of its resources is registered. Pulumi shows a
 * RunError's message alone, without the stack and the properties that would repeat it.
 */
export class ArgumentsError extends RunError {
  override readonly name = "ArgumentsError";

  constructor(
    component: string,
    readonly errors: readonly Fault[],
  ) {
    const lines = errors.map(
      ({ path, received, allowed, fix }) => `  ${path}: received ${shown(received)}; allowed: ${allowed}. ${fix}`,
    );
    super(`${component}: ${errors.length} wrong argument${errors.length === 1 ? "" : "s"}\n${lines.join("\n")}`);
  }

  /** Node.js would show the errors beside the message, which has them all. */
  [inspect.custom](): string {
    return this.stack ?? this.message;
  }
}

/** What arguments have to keep besides their declaration. */
export type Rule<Args> = (checks: ArgumentChecks, args: Args) => void;

/** Collects what is wrong with a component's arguments, so that one run shows all of it. */
export class ArgumentChecks {
  private readonly faults: Fault[] = [];

  /** Notes a fault unless `ok`, which it returns. */
  require(ok: boolean, { received, ...fault }: Fault): boolean {
    if (!ok) this.faults.push({ ...fault, received: original(received) });
    return ok;
  }

  /** Notes what was found by others. */
  add(faults: readonly Fault[]): void {
    for (const fault of faults) this.require(false, fault);
  }

  /** Notes what a declaration refuses, and what rules do that the declaration cannot say. */
  declared<Args>(declaration: Declaration, args: Args, rules: readonly Rule<Args>[]): this {
    const { faults, unusable } = checkSchema(declaration, args);
    this.faults.push(...faults);
    for (const rule of rules) this.rule(() => rule(this, usable(args, unusable)));
    return this;
  }

  /** Applies a rule, which says nothing where it would have to read a part of the wrong type. */
  rule(body: () => void): void {
    try {
      body();
    } catch (error) {
      if (!(error instanceof UnusablePart)) throw error;
    }
  }

  /** Applies a rule to each entry of a list. */
  each<Item>(list: readonly Item[] | undefined, body: (item: Item, index: number) => void): void {
    for (let i = 0; i < (list?.length ?? 0); i++) this.rule(() => body((list as readonly Item[])[i] as Item, i));
  }

  /** Refuses entries of a list that have the same text as one before them. */
  unique<Key extends string>(
    at: string,
    list: readonly Readonly<Record<Key, string>>[] | undefined,
    key: Key,
    advice: Pick<Fault, "allowed" | "fix">,
    normal = (text: string) => text,
  ): void {
    const seen = new Set<string>();
    this.each(list, (entry, i) => {
      const text = normal(entry[key]);
      this.require(!seen.has(text), { path: `${at}[${i}].${key}`, received: entry[key], ...advice });
      seen.add(text);
    });
  }

  /** Whether nothing was noted of a value. */
  isRight(path: string): boolean {
    return !this.faults.some((fault) => fault.path === path);
  }

  /** Whether nothing was noted of a value, nor of what is within it. */
  isSound(path: string): boolean {
    return !this.faults.some(
      (fault) => fault.path === path || (/^[.[]/.test(fault.path.slice(path.length)) && fault.path.startsWith(path)),
    );
  }

  /** All that was noted so far; many that are wrong in the same way are one. */
  found(): readonly Fault[] {
    return grouped(this.faults);
  }

  /** Throws all that was noted. */
  finish(component: string): void {
    if (this.faults.length > 0) throw new ArgumentsError(component, this.found());
  }
}

/** Throws all that is wrong with the arguments of a component that has no formats of its own. */
export function checkArguments<Args>(component: string, schema: Schema, args: Args, ...rules: Rule<Args>[]): void {
  new ArgumentChecks().declared({ schema, formats: FORMATS }, args, rules).finish(component);
}

/** The arguments, with the defaults of those that are left out or undefined. */
export function withDefaults<Defaults extends object, Args extends object>(
  defaults: Defaults,
  args: Args,
): Args & { [Name in keyof Defaults]-?: Name extends keyof Args ? NonNullable<Args[Name]> : Defaults[Name] } {
  const given = Object.entries(args).filter(([, value]) => value !== undefined);
  return { ...defaults, ...Object.fromEntries(given) } as ReturnType<typeof withDefaults<Defaults, Args>>;
}
