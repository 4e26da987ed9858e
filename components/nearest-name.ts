import { closest, distance } from "fastest-levenshtein";

/** What to do about an unknown name: the known one that it is probably meant to be, if one resembles it. */
export function nearest(name: string, known: readonly string[]): string {
  if (known.length === 0) return "Remove it.";
  const best = closest(name, [...known]);
  const far = distance(name.toLowerCase(), best.toLowerCase());
  return far < best.length && far <= Math.max(2, best.length / 2)
    ? `Did you mean "${best}"?`
    : "Use one of the names that are allowed, or remove it.";
}
