/** Checks of the maps that a stack configuration consists of. */
import { MAXIMUM_NAME_LENGTH } from "../components/building-blocks/component";
import { type Fault, nearest, pathText, shown } from "./faults";
import { instanceName } from "./settings";

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The entries of a configuration key that must be a non-empty map; anything else is a fault. */
export function entriesOf(value: unknown, key: string, example: string, faults: Fault<string>[]): [string, unknown][] {
  if (isRecord(value) && Object.keys(value).length > 0) return Object.entries(value);
  faults.push({
    path: key,
    received: shown(value),
    allowed: "a map with at least one entry",
    fix: `For example ${example}`,
  });
  return [];
}

export function checkName(path: readonly string[], name: string, faults: Fault<string>[]): void {
  if (instanceName.test(name)) return;
  faults.push({
    path: pathText(path),
    received: shown(name),
    allowed: `a name of at most ${MAXIMUM_NAME_LENGTH} lower-case letters, digits and hyphens, beginning with a letter`,
    fix: "Rename it; resource names are built from it.",
  });
}

/** Notes a name that is not among the known ones, with the nearest of them. */
export function unknownName(
  path: PropertyKey[],
  received: string,
  known: readonly string[],
  faults: Fault<string>[],
): void {
  faults.push({
    path: pathText(path),
    received: shown(received),
    allowed: known.join(", "),
    fix: nearest(received, known),
  });
}
