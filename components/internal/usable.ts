/** Arguments for rules: whatever reads a part of the wrong type, or a missing one, stops, since nothing can be said of it. */
import { isLater } from "./schema-check";
import { pathText } from "./faults";

/** Thrown where a rule reads what it cannot work with. */
export class UnusablePart extends Error {}

/** What stands behind the views. */
const originals = new WeakMap<object, object>();

/** The value behind a view, or the value itself. */
export function original(value: unknown): unknown {
  return typeof value === "object" && value !== null ? (originals.get(value) ?? value) : value;
}

/** The value, of which the parts at the unusable paths cannot be read. */
export function usable<T>(value: T, unusable: ReadonlySet<string>): T {
  if (unusable.size === 0) return value;
  /** One view of each part, so that rules can tell parts apart by their identity. */
  const views = new Map<string, object>();

  function viewOf(part: unknown, path: readonly PropertyKey[]): unknown {
    const at = pathText(path);
    if (unusable.has(at)) throw new UnusablePart();
    if (typeof part !== "object" || part === null || isLater(part)) return part;
    const view = views.get(at) ?? new Proxy(part, { get: (target, key) => read(target, key, path) });
    views.set(at, view);
    originals.set(view, part);
    return view;
  }

  function read(target: object, key: string | symbol, path: readonly PropertyKey[]): unknown {
    const own: unknown = Reflect.get(target, key);
    // What is no entry is a list's own: its length, its methods.
    if (typeof key === "symbol" || (Array.isArray(target) && !/^\d+$/.test(key))) return own;
    return viewOf(own, [...path, Array.isArray(target) ? Number(key) : key]);
  }

  return viewOf(value, []) as T;
}
