/** What changed between two sets of inputs, leaf by leaf, and what each change does. Pure. */
import type { ChangeEffect, ResourceType } from "./resource-type";
import { containsUnknown, isObject, isSameDocument, SIGNATURE, type Value, type Values } from "./property-values";

export interface Change {
  path: string;
  kind: "add" | "delete" | "update";
  effect: ChangeEffect;
}

/** The property that a path leads into. */
export function topLevel(path: string): string {
  return path.split(/[.[]/)[0] ?? path;
}

function step(path: string, key: string | number): string {
  if (typeof key === "number") return `${path}[${key}]`;
  if (!/^[A-Za-z_][\w-]*$/.test(key)) return `${path}["${key}"]`;
  return path === "" ? key : `${path}.${key}`;
}

function changesAt(path: string, before: Value | undefined, after: Value | undefined, effect: ChangeEffect): Change[] {
  // A value that is not known yet may turn out to be the same; the engine still has to plan for a change.
  if (!containsUnknown(after) && isSameDocument(before, after)) return [];
  if ((before ?? undefined) === (after ?? undefined)) return [];
  if (before === undefined || before === null) return [{ path, kind: "add", effect }];
  if (after === undefined || after === null) return [{ path, kind: "delete", effect }];
  if (Array.isArray(before) && Array.isArray(after)) {
    return Array.from({ length: Math.max(before.length, after.length) }, (_, i) =>
      changesAt(step(path, i), before[i], after[i], effect),
    ).flat();
  }
  if (isObject(before) && isObject(after) && !(SIGNATURE in before) && !(SIGNATURE in after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    return keys.flatMap((key) => changesAt(step(path, key), before[key], after[key], effect));
  }
  return [{ path, kind: "update", effect }];
}

/** Sorted by path. `ignored` holds top-level names or paths, as in Pulumi's `ignoreChanges`. */
export function changes(type: ResourceType, olds: Values, news: Values, ignored: readonly string[] = []): Change[] {
  const names = [...new Set([...Object.keys(olds), ...Object.keys(news)])].sort();
  return names
    .filter((name) => !name.startsWith("__"))
    .flatMap((name) => {
      const effect = type.update === undefined ? "replace" : (type.properties[name] ?? "update");
      return changesAt(name, olds[name], news[name], effect);
    })
    .filter(({ path }) => !ignored.some((i) => path === i || path.startsWith(`${i}.`) || path.startsWith(`${i}[`)));
}
