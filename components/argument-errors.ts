/** A wrong argument of a component: which, what was received, what is allowed, and how to mend it. */
export interface ArgumentError {
  /** Path of the property, e.g. `zones[1].cidrBlock`. */
  property: string;
  received: unknown;
  allowed: string;
  fix: string;
}

function shown(value: unknown): string {
  return value === undefined ? "nothing" : JSON.stringify(value);
}

/** All wrong arguments of one component together, thrown before any of its resources is registered. */
export class ArgumentsError extends Error {
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
}

/** Collects what is wrong with a component's arguments, so that one run tells all of it. */
export class ArgumentChecks {
  private readonly errors: ArgumentError[] = [];

  /** Notes an error unless `ok`. */
  require(ok: boolean, error: ArgumentError): void {
    if (!ok) this.errors.push(error);
  }

  /** A whole number between two bounds; undefined means that the default holds. */
  wholeNumber(property: string, value: number | undefined, minimum: number, maximum: number, unit: string): void {
    const ok = value === undefined || (Number.isInteger(value) && value >= minimum && value <= maximum);
    const allowed = `a whole number of ${unit} from ${minimum} to ${maximum}`;
    this.require(ok, { property, received: value, allowed, fix: `Give a value in that range.` });
  }

  /** All that was noted so far. */
  found(): readonly ArgumentError[] {
    return this.errors;
  }

  /** Throws all that was noted. */
  finish(component: string): void {
    if (this.errors.length > 0) throw new ArgumentsError(component, this.errors);
  }
}
