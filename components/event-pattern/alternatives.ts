/**
 * A pattern without `$or`: the alternatives that it stands for, each with the matches of each field. So Event Ruler
 * compiles patterns, whose `$or` are multiplied out: https://github.com/aws/event-ruler
 */
import type { AnyField, EventPattern, Match } from "./types";

/** The matches of a field by the path of it, `detail.state`: a point in a name and a level are the same to AWS. */
export type Alternative = ReadonlyMap<string, readonly Match[]>;

export const OR = "$or";

const isList = (field: AnyField): field is readonly Match[] | readonly EventPattern[] => Array.isArray(field);

const fieldsOf = (pattern: EventPattern): [string, AnyField][] =>
  Object.entries(pattern).filter(([, field]) => field !== undefined);

/** How many alternatives there are, found without making them. */
export function countAlternatives(pattern: EventPattern): number {
  return fieldsOf(pattern).reduce((product, [name, field]) => {
    if (!isList(field)) return product * countAlternatives(field);
    if (name !== OR) return product;
    return product * (field as readonly EventPattern[]).reduce((sum, it) => sum + countAlternatives(it), 0);
  }, 1);
}

/** The alternatives; of a path that comes twice in one of them, the second holds, and `onRepeated` is called. */
export function alternatives(pattern: EventPattern, onRepeated?: (path: string) => void): Alternative[] {
  return extended([new Map()], pattern, "", onRepeated ?? (() => undefined));
}

function extended(
  begun: readonly Alternative[],
  pattern: EventPattern,
  parent: string,
  onRepeated: (path: string) => void,
): Alternative[] {
  let all = [...begun];
  for (const [name, field] of fieldsOf(pattern)) {
    const path = parent === "" ? name : `${parent}.${name}`;
    if (!isList(field)) {
      all = extended(all, field, path, onRepeated);
    } else if (name === OR) {
      const before = all;
      all = (field as readonly EventPattern[]).flatMap((it) => extended(before, it, parent, onRepeated));
    } else {
      if (all.some((alternative) => alternative.has(path))) onRepeated(path);
      all = all.map((alternative) => new Map(alternative).set(path, field as readonly Match[]));
    }
  }
  return all;
}
