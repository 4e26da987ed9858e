/** Many wrong arguments that are wrong in the same way, as one. */
import { type Fault, shown } from "./faults";

/** So many are easier to read one by one. */
const FEW = 3;
/** So many values are shown of many. */
const EXAMPLES = 5;

/**
 * Errors of which many differ only by their indices (`regions[0]`, `regions[1]`, …) and break the same rule, as one error
 * each, at the place of the first. It names the places compactly, the first values, and the first fixes where they differ.
 */
export function grouped(errors: readonly Fault[]): Fault[] {
  const groups = new Map<string, [Fault, ...Fault[]]>();
  for (const error of errors) {
    const group = groups.get(keyOf(error));
    if (group === undefined) groups.set(keyOf(error), [error]);
    else group.push(error);
  }
  return errors.flatMap((error) => {
    const group = groups.get(keyOf(error)) ?? [error];
    if (group.length <= FEW) return [error];
    return group[0] === error ? [merged(group)] : [];
  });
}

function keyOf({ path, allowed }: Fault): string {
  return JSON.stringify([path.replace(/\[\d+\]/g, "[]"), allowed]);
}

function merged(group: readonly [Fault, ...Fault[]]): Fault {
  const [{ allowed }] = group;
  return {
    path: places(group.map(({ path }) => path)),
    received: values(group),
    allowed,
    fix: fixes(group),
  };
}

const and = (count: number): string => `and ${count} more`;

function values(group: readonly Fault[]): unknown {
  const distinct = [...new Map(group.map(({ received }) => [JSON.stringify(received), received])).values()];
  const [first, ...others] = distinct;
  if (others.length === 0) return first;
  const examples = distinct.slice(0, EXAMPLES);
  return distinct.length === examples.length ? examples : [...examples, and(distinct.length - examples.length)];
}

function fixes(group: readonly Fault[]): string {
  const distinct = [...new Map(group.map((error) => [error.fix, error])).values()];
  const [first, ...others] = distinct;
  if (others.length === 0) return first?.fix ?? "";
  const examples = distinct.slice(0, FEW).map(({ received, fix }) => `${shown(received)}: ${fix}`);
  const rest = distinct.length - examples.length;
  return [...examples, ...(rest > 0 ? [`(${and(rest)})`] : [])].join(" ");
}

/** `names[0-2, 5]` where one index differs; else the first places and how many there are. */
function places(properties: readonly string[]): string {
  const indices = properties.map((path) => [...path.matchAll(/\[(\d+)\]/g)].map(([, index]) => Number(index)));
  const [first = []] = indices;
  const differing = first.flatMap((index, i) => (indices.every((each) => each[i] === index) ? [] : [i]));
  const [position, ...others] = differing;
  if (position === undefined || others.length > 0) {
    const examples = properties.slice(0, FEW);
    return `${examples.join(", ")} ${and(properties.length - examples.length)}`;
  }
  const all = ranges(indices.map((each) => each[position] ?? 0));
  let seen = -1;
  return (properties[0] ?? "").replace(/\[\d+\]/g, (index) => (++seen === position ? `[${all}]` : index));
}

/** `0-2, 5` for 0, 1, 2 and 5. */
function ranges(numbers: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const number of [...new Set(numbers)].sort((a, b) => a - b)) {
    const last = runs.at(-1);
    if (last !== undefined && number === last[1] + 1) last[1] = number;
    else runs.push([number, number]);
  }
  return runs.map(([from, to]) => (from === to ? String(from) : `${from}-${to}`)).join(", ");
}
