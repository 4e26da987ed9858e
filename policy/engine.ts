/** Between the engine's view of resources and that of the rules. */
import * as pulumi from "@pulumi/pulumi";
import { Secret } from "@pulumi/policy";
import type { Change, Subject } from "./rule";
import { UNKNOWN, type Value, type Values } from "./values";

/** What the engine sends in place of a value that is not known yet, one text for each type. */
const UNKNOWN_TEXTS: readonly unknown[] = [
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
];

type Raw = Record<string, unknown>;

/**
 * The properties behind the SDK's proxies, which throw as soon as something unknown is looked at and hide what is
 * secret. (A property's descriptor is the one of the object behind the proxy.)
 */
export function rawProperties(props: Raw): Raw {
  const entries = Object.entries(Object.getOwnPropertyDescriptors(props));
  return Object.fromEntries(entries.map(([key, { value }]) => [key, value as unknown]));
}

/** Plain values, and the paths of those that are secret. Assets and archives are nothing to judge. */
export function plainValues(raw: Raw): { values: Values; secrets: ReadonlySet<string> } {
  const secrets = new Set<string>();
  const plain = (value: unknown, path: string): Value => {
    if (UNKNOWN_TEXTS.includes(value)) return UNKNOWN;
    if (value instanceof Secret) {
      secrets.add(path);
      return plain(value.value, path);
    }
    if (Array.isArray(value)) return value.map((item, i) => plain(item, `${path}[${i}]`));
    if (typeof value !== "object" || value === null) return value as Value;
    if (Object.getPrototypeOf(value) !== Object.prototype) return UNKNOWN;
    return record(value as Raw, path);
  };
  const record = (value: Raw, path: string): Values =>
    Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, plain(item, path === "" ? key : `${path}.${key}`)]),
    );
  return { values: record(raw, ""), secrets };
}

/** What the SDK hands to policies, as far as it is used here. */
export interface EngineResource {
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  readonly props: Raw;
  readonly provider?: { readonly props: Raw };
}

export function subjectOf({
  type,
  name,
  urn,
  props,
  provider,
}: EngineResource): Required<Pick<Subject, "secrets">> & Subject {
  const { values, secrets } = plainValues(rawProperties(props));
  const inherited = provider === undefined ? {} : { provider: plainValues(rawProperties(provider.props)).values };
  return { type, name, urn, props: values, secrets, ...inherited };
}

/** The properties with some changes; nothing that is given is changed in place. */
export function withChanges(raw: Raw, changes: readonly Change[]): Raw {
  return changes.reduce((result, change) => changed(result, change.path, change) as Raw, raw);
}

function changed(value: unknown, path: readonly string[], change: Change): unknown {
  // What is secret stays so.
  if (value instanceof Secret) return new Secret(changed(value.value, path, change));
  const [key, ...rest] = path;
  if (key !== undefined) {
    const object = (value ?? {}) as Raw;
    return { ...object, ...notDefault(object, key, rest), [key]: changed(object[key], rest, change) };
  }
  return "set" in change ? change.set : [...((value ?? []) as unknown[]), ...change.append];
}

/** What has been set is not among the provider's defaults any more, which it would change again by itself. */
function notDefault({ __defaults: defaults }: Raw, key: string, rest: readonly string[]): Raw {
  if (rest.length > 0 || !Array.isArray(defaults)) return {};
  return { __defaults: defaults.filter((name) => name !== key) };
}

/**
 * The same properties with their archives written out as the engine reads them: the SDK returns only the names of the
 * files in an archive, which the engine refuses.
 */
export async function withArchives(raw: Raw): Promise<Raw> {
  const entries = Object.entries(raw).map(async ([key, value]) => [key, await writtenOut(value)] as const);
  return Object.fromEntries(await Promise.all(entries));
}

async function writtenOut(value: unknown): Promise<unknown> {
  if (!(value instanceof pulumi.asset.AssetArchive)) return value;
  const { specialSigKey, specialArchiveSig } = pulumi.runtime;
  return { [specialSigKey]: specialArchiveSig, assets: await withArchives(await value.assets) };
}
