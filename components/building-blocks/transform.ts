import type * as pulumi from "@pulumi/pulumi";
import { nearest } from "../internal/nearest-name";

/**
 * What is to be different about a child: values that are merged into its arguments, or a function that changes its
 * arguments and options in place.
 */
export type ChildTransform =
  | Readonly<Record<string, unknown>>
  | ((args: Record<string, unknown>, opts: pulumi.CustomResourceOptions, name: string) => void);

/** Options of every component. */
export interface ComponentOptions extends pulumi.ComponentResourceOptions {
  /**
   * Changes of children by their roles, which are their names without the component's: `{ queue: { delaySeconds: 5 } }`
   * for `<name>-queue`. Nested values are merged, lists and Outputs replaced. A transform wins over arguments, defaults
   * and invariants; only children's names stay as they are. The policy pack judges what comes of it. Default: none.
   */
  readonly transform?: Readonly<Record<string, ChildTransform>>;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** A copy whose nested objects may be changed without changing the original's. */
function copied(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copied);
  return isPlain(value) ? merged(value, {}) : value;
}

function merged(args: Record<string, unknown>, changes: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const result = Object.fromEntries(Object.entries(args).map(([key, value]) => [key, copied(value)]));
  for (const [key, change] of Object.entries(changes)) {
    const value = result[key];
    result[key] = isPlain(value) && isPlain(change) ? merged(value, change) : change;
  }
  return result;
}

/** The transforms of one component: applied as its children are made, each of them at least once. */
export class Transforms {
  /** Roles of the resources that were made. */
  private readonly roles: string[] = [];

  constructor(
    private readonly component: string,
    private readonly transforms: Readonly<Record<string, ChildTransform>> = {},
  ) {}

  readonly apply: pulumi.ResourceTransformation = ({ type, name, props, opts }) => {
    const prefix = `${this.component}-`;
    // A component of ours makes its resources itself: each has a role of its own.
    if (type.startsWith("aws-patterns:") || !name.startsWith(prefix)) return undefined;
    const role = name.slice(prefix.length);
    this.roles.push(role);
    const transform = Object.hasOwn(this.transforms, role) ? this.transforms[role] : undefined;
    if (transform === undefined) return undefined;
    if (typeof transform !== "function") return { props: merged(props as Record<string, unknown>, transform), opts };
    const changed = { props: merged(props as Record<string, unknown>, {}), opts: { ...opts } };
    transform(changed.props, changed.opts, name);
    return changed;
  };

  /** @throws Error for names that no child has */
  finish(): void {
    const unknown = Object.keys(this.transforms).filter((role) => !this.roles.includes(role));
    if (unknown.length === 0) return;
    const lines = unknown.map((role) => `  transform.${role}: no child has that role. ${nearest(role, this.roles)}`);
    throw new Error(`"${this.component}" has children with these roles: ${this.roles.join(", ")}\n${lines.join("\n")}`);
  }
}
