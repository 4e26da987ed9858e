/** Physical names for what the program leaves unnamed. Pure, but for the dice. */
import { createHash, randomBytes } from "node:crypto";
import type { CheckFailure, ResourceType } from "./resource-type";
import { containsUnknown, UNKNOWN, type Value, type Values } from "./property-values";

/** Tells, among the checked inputs, that the physical name is not the program's. */
const GENERATED_NAME = "__generatedName";
/** How many random digits follow the logical name, as Pulumi does it. */
const DIGITS = 7;
/** How many follow a prefix that the program gives: as long as the real provider's suffix. */
const DIGITS_AFTER_PREFIX = 26;

/** Whether a name is the program's own: it can exist only once. */
export function isNamedByProgram(type: ResourceType, inputs: Values): boolean {
  return type.autoName !== undefined && inputs[type.autoName.property] !== undefined && inputs[GENERATED_NAME] !== true;
}

/** The property that says how a generated name begins, for types that have one. */
function prefixProperty(type: ResourceType): string | undefined {
  const property = `${type.autoName?.property}Prefix`;
  return property in type.properties ? property : undefined;
}

function ending(type: ResourceType, inputs: Values): string {
  return type.autoName?.suffix?.(inputs) ?? "";
}

function randomDigits(count: number, seed: Uint8Array): string {
  const random = seed.length > 0 ? createHash("sha256").update(seed).digest("hex") : randomBytes(32).toString("hex");
  return random.slice(0, count);
}

/** The logical name, or the program's prefix, and random hexadecimal digits. */
function generate(type: ResourceType, logicalName: string, inputs: Values, seed: Uint8Array): Value {
  const prefix = inputs[prefixProperty(type) ?? ""];
  if (containsUnknown(prefix)) return UNKNOWN;
  const tail = ending(type, inputs);
  if (typeof prefix === "string") return `${prefix}${randomDigits(DIGITS_AFTER_PREFIX, seed)}${tail}`;
  const rest = `-${randomDigits(DIGITS, seed)}${tail}`;
  const start = type.autoName?.isLowerCase === true ? logicalName.toLowerCase() : logicalName;
  return `${start.slice(0, (type.autoName?.maxLength ?? 64) - rest.length)}${rest}`;
}

/** The inputs with a physical name. A generated one stays over updates, as long as it would look the same. */
export function withName(
  type: ResourceType,
  logicalName: string,
  olds: Values,
  inputs: Values,
  seed: Uint8Array,
): Values {
  const property = type.autoName?.property;
  if (property === undefined || inputs[property] !== undefined) return inputs;
  const prefix = prefixProperty(type) ?? "";
  const fits = olds[prefix] === inputs[prefix] && ending(type, olds) === ending(type, inputs);
  const name = (fits ? olds[property] : undefined) ?? generate(type, logicalName, inputs, seed);
  return { ...inputs, [property]: name, [GENERATED_NAME]: true };
}

export function checkPrefix(type: ResourceType, given: Values): CheckFailure[] {
  const [property, name] = [prefixProperty(type), type.autoName?.property ?? ""];
  const prefix = given[property ?? ""];
  if (property === undefined || prefix === undefined) return [];
  if (given[name] !== undefined) return [{ property, reason: `received beside ${name}; give one of them` }];
  if (containsUnknown(prefix)) return [];
  const most = (type.autoName?.maxLength ?? 0) - DIGITS_AFTER_PREFIX - ending(type, given).length;
  if (typeof prefix === "string" && prefix !== "" && prefix.length <= most) return [];
  const reason =
    `received ${JSON.stringify(prefix)}; expected text of 1 to ${most} characters, ` +
    `after which the name goes on with ${DIGITS_AFTER_PREFIX} random ones`;
  return [{ property, reason }];
}

/** Failures of a generated name are failures of the prefix that it begins with: the program knows only that. */
export function aboutPrefix(type: ResourceType, given: Values, failures: readonly CheckFailure[]): CheckFailure[] {
  const [property, name] = [prefixProperty(type), type.autoName?.property];
  if (property === undefined || given[property] === undefined || given[name ?? ""] !== undefined) return [...failures];
  // A prefix that is no good itself says all there is to say.
  const isBad = checkPrefix(type, given).length > 0;
  return failures.flatMap((failure) => {
    if (failure.property !== name) return [failure];
    return isBad ? [] : [{ ...failure, property }];
  });
}
