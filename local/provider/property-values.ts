/**
 * Pulumi's property values, as they travel in protobuf Structs, and plain JavaScript values.
 * Follows Pulumi's wire format: https://github.com/pulumi/pulumi/blob/master/sdk/proto (property value signatures).
 */
import { Struct } from "google-protobuf/google/protobuf/struct_pb";

export type Value = null | boolean | number | string | Value[] | { [key: string]: Value };
export type Values = Record<string, Value>;

/** The engine's stand-in for a value that is known only after an update. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
/** The key under which the engine marks assets, archives and secrets. */
export const SIGNATURE = "4dabf18193072939515e22adb298388d";
export const ARCHIVE_SIGNATURE = "0def7320c3a5731c473e5ecbe6d01bc7";

export const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";

/** Values without their secret marks; what was secret is named by `secretNames`. */
export function fromStruct(struct: Struct | undefined): Values {
  return withoutMarks((struct?.toJavaScript() ?? {}) as Values) as Values;
}

function isSecret(value: Value): value is { value: Value } {
  return isObject(value) && value[SIGNATURE] === SECRET_SIGNATURE;
}

function withoutMarks(value: Value): Value {
  if (isSecret(value)) return withoutMarks(value.value);
  if (Array.isArray(value)) return value.map(withoutMarks);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutMarks(item)]));
}

function containsSecret(value: Value): boolean {
  if (Array.isArray(value)) return value.some(containsSecret);
  return isObject(value) && (isSecret(value) || Object.values(value).some(containsSecret));
}

/** Properties that are secret, or have a secret inside. Tags show up a second time, over the default ones. */
export function secretNames(...structs: (Struct | undefined)[]): ReadonlySet<string> {
  const names = structs.flatMap((struct) =>
    Object.entries((struct?.toJavaScript() ?? {}) as Values).flatMap(([name, value]) =>
      containsSecret(value) ? [name] : [],
    ),
  );
  return new Set(names.includes("tags") ? [...names, "tagsAll"] : names);
}

/** `secrets` names the properties that are marked as secret as a whole. */
export function toStruct(values: Values, secrets: ReadonlySet<string> = new Set()): Struct {
  const marked = Object.entries(values).map(([name, value]) => [
    name,
    secrets.has(name) ? { [SIGNATURE]: SECRET_SIGNATURE, value } : value,
  ]);
  return Struct.fromJavaScript(Object.fromEntries(marked) as Parameters<typeof Struct.fromJavaScript>[0]);
}

export function isObject(value: Value | undefined): value is { [key: string]: Value } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function containsUnknown(value: Value | undefined): boolean {
  if (value === UNKNOWN) return true;
  if (Array.isArray(value)) return value.some(containsUnknown);
  return isObject(value) && Object.values(value).some(containsUnknown);
}

/** Assets and archives are the same when their contents are, wherever their files lie. */
function contentHash(value: Value | undefined): Value | undefined {
  return isObject(value) && SIGNATURE in value && typeof value.hash === "string" ? value.hash : undefined;
}

export function isEqual(a: Value | undefined, b: Value | undefined): boolean {
  if (a === b) return true;
  const hash = contentHash(a);
  if (hash !== undefined) return hash === contentHash(b);
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, i) => isEqual(item, b[i]));
  if (!isObject(a) || !isObject(b)) return false;
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every((key) => isEqual(a[key], b[key]));
}

/** What a checkpoint keeps of an archive or asset: its hash, and of a file its place, but not its contents. */
export function withoutContents(values: Values): Values {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => {
      const hash = contentHash(value);
      if (hash === undefined || !isObject(value)) return [key, value];
      const { [SIGNATURE]: signature = "", path } = value;
      // Programs read a resource's outputs back: an asset without a place is none to them.
      return [key, { [SIGNATURE]: signature, hash, ...(path !== undefined && { path }) }];
    }),
  );
}

/** Equal values, or texts that are the same JSON document: AWS and programs write policies in notations of their own. */
export function isSameDocument(a: Value | undefined, b: Value | undefined): boolean {
  if (typeof a !== "string" || typeof b !== "string" || !a.startsWith("{") || !b.startsWith("{")) return isEqual(a, b);
  try {
    return isEqual(JSON.parse(a) as Value, JSON.parse(b) as Value);
  } catch {
    return a === b;
  }
}
