import { closest, distance } from "fastest-levenshtein";

/** What a name is made of, whatever its case and however its words are joined. */
function letters(name: string): string {
  return name.toLowerCase().replace(/[\s_-]/g, "");
}

/** The known name that one is probably meant to be, if one resembles it. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  const same = known.find((it) => letters(it) === letters(name));
  if (same !== undefined || known.length === 0) return same;
  const meant = name.toLowerCase();
  const best = closest(
    meant,
    known.map((it) => it.toLowerCase()),
  );
  const far = distance(meant, best);
  if (far >= best.length || far > Math.max(2, best.length / 2)) return undefined;
  return known.find((it) => it.toLowerCase() === best);
}

/** What to do about an unknown name. */
export function nearest(name: string, known: readonly string[]): string {
  if (known.length === 0) return "Remove it.";
  const best = nearestName(name, known);
  return best === undefined ? "Use one of the names that are allowed, or remove it." : `Did you mean "${best}"?`;
}
