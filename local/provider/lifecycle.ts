/** What happens to one resource: check, diff, create, read, update and delete, the same for every type. */
import { randomBytes, createHash } from "node:crypto";
import type { Account } from "./account";
import { type Change, changes } from "./diff";
import type { CheckFailure, Operation, ResourceState, ResourceType } from "./resource-type";
import {
  containsUnknown,
  isEqual,
  isObject,
  isSameDocument,
  UNKNOWN,
  type Value,
  type Values,
  withoutContents,
} from "./property-values";

/** A resource that AWS has made, but whose creation did not come to its end. */
export class IncompleteResourceError extends Error {
  constructor(
    readonly state: ResourceState,
    readonly reason: Error,
    /** Properties of the state that are secret. */
    readonly secrets: ReadonlySet<string>,
  ) {
    super(reason.message);
  }
}

/** Tells, among the checked inputs, that the physical name is not the program's. */
const GENERATED_NAME = "__generatedName";

/** A name that the program gives can exist only once, so the old resource has to go first. */
export function deletesBeforeReplace(type: ResourceType, news: Values): boolean {
  const named = type.autoName !== undefined && news[type.autoName.property] !== undefined;
  return type.deleteBeforeReplace === true || (named && news[GENERATED_NAME] !== true);
}

export function logicalName(urn: string): string {
  return urn.slice(urn.lastIndexOf("::") + 2);
}

/** The tags that AWS is to have: the resource's own over the provider's. */
function allTags(type: ResourceType, account: Account, inputs: Values): Record<string, string> {
  if (type.taggable !== true) return {};
  const own = isObject(inputs.tags) ? (inputs.tags as Record<string, string>) : {};
  return { ...account.defaultTags, ...own };
}

function operation(type: ResourceType, account: Account, urn: string, inputs: Values): Operation {
  return { account, logicalName: logicalName(urn), tags: allTags(type, account, inputs), created: () => {} };
}

/** Pulumi's way to name what the program leaves unnamed: the logical name and seven random hexadecimal digits. */
function physicalName(type: ResourceType, urn: string, inputs: Values, seed: Uint8Array): string {
  const { maxLength, suffix } = type.autoName ?? { maxLength: 64 };
  const random = seed.length > 0 ? createHash("sha256").update(seed).digest("hex") : randomBytes(4).toString("hex");
  const ending = `-${random.slice(0, 7)}${suffix?.(inputs) ?? ""}`;
  return `${logicalName(urn).slice(0, maxLength - ending.length)}${ending}`;
}

export function check(
  type: ResourceType,
  urn: string,
  olds: Values,
  news: Values,
  seed: Uint8Array,
): { inputs: Values; failures: CheckFailure[] } {
  const failures: CheckFailure[] = [];
  const given = Object.fromEntries(Object.entries(news).filter(([, value]) => value !== null));
  for (const property of Object.keys(given)) {
    if (!(property in type.properties) && !isGeneric(type, property)) {
      failures.push({
        property,
        reason: `the local provider does not map this property of ${type.token}; add it to the type's entry in ${fileOf(type)}`,
      });
    }
  }
  for (const property of type.required ?? []) {
    if (given[property] === undefined) failures.push({ property, reason: "missing, and required" });
  }
  const inputs: Values = { ...type.defaults, ...given };
  if (type.autoName !== undefined && inputs[type.autoName.property] === undefined) {
    const { property, suffix } = type.autoName;
    // A generated name stays, unless the name of what the resource becomes has to look different.
    const fits = olds[property] !== undefined && suffix?.(olds) === suffix?.(inputs);
    inputs[property] = (fits ? olds[property] : undefined) ?? physicalName(type, urn, inputs, seed);
    inputs[GENERATED_NAME] = true;
  }
  return { inputs, failures: [...failures, ...(type.check?.(inputs) ?? [])] };
}

/** `tags` and `region` mean the same for every type. */
function isGeneric(type: ResourceType, property: string): boolean {
  return property === "region" || (property === "tags" && type.taggable === true) || property.startsWith("__");
}

export function fileOf(type: { token: string }): string {
  const service = /^aws:([^/:]+)/.exec(type.token)?.[1] ?? "index";
  return `local/provider/services/${service}.ts`;
}

export function diff(
  type: ResourceType,
  account: Account | undefined,
  state: Values,
  olds: Values,
  news: Values,
  ignored: readonly string[],
): Change[] {
  const found = changes(type, olds, news, ignored);
  const region = found.map((change) => (change.path === "region" ? { ...change, effect: "replace" as const } : change));
  if (type.taggable !== true || account === undefined || region.some(({ path }) => path.startsWith("tags")))
    return region;
  if (containsUnknown(news.tags) || isEqual(state.tagsAll ?? {}, allTags(type, account, news))) return region;
  return [...region, { path: "tagsAll", kind: "update", effect: "update" }];
}

/** Outputs that every type has, around those of its own. */
function complete(type: ResourceType, account: Account | undefined, inputs: Values, outputs: Values): Values {
  const tagsAll = type.taggable === true && account !== undefined ? { tagsAll: allTags(type, account, inputs) } : {};
  const region = account === undefined ? {} : { region: account.region };
  return withoutContents({ ...region, ...inputs, ...outputs, ...tagsAll });
}

/** What a preview shows: the inputs, and unknown for what only AWS can tell. */
export function preview(type: ResourceType, account: Account | undefined, inputs: Values, known: Values): Values {
  const names = (type.computed ?? []).filter((name) => inputs[name] === undefined);
  const computed = Object.fromEntries(names.map((name) => [name, known[name] ?? (UNKNOWN as Value)]));
  return complete(type, account, inputs, { ...computed });
}

export async function create(
  type: ResourceType,
  account: Account,
  urn: string,
  inputs: Values,
  secrets: ReadonlySet<string> = new Set(),
): Promise<ResourceState> {
  await account.id();
  let partial: ResourceState | undefined;
  const created = (id: string, outputs: Values = {}): void => {
    partial = { id, outputs: complete(type, account, inputs, outputs) };
  };
  try {
    const { id, outputs } = await type.create({ ...operation(type, account, urn, inputs), created }, inputs);
    return { id, outputs: complete(type, account, inputs, outputs) };
  } catch (error) {
    if (partial !== undefined) throw new IncompleteResourceError(partial, error as Error, secrets);
    throw error;
  }
}

export async function read(
  type: ResourceType,
  account: Account,
  urn: string,
  id: string,
  state: Values,
  inputs: Values,
): Promise<(ResourceState & { inputs: Values }) | undefined> {
  const found = await type.read(operation(type, account, urn, inputs), id, state);
  if (found === undefined) return undefined;
  const names = Object.keys(inputs).length > 0 ? Object.keys(inputs) : Object.keys(type.properties);
  const present = names.flatMap((name): [string, Value][] => {
    const actual = name in found.outputs ? found.outputs[name] : inputs[name];
    const value = isSameDocument(actual, inputs[name]) ? inputs[name] : actual;
    return value === undefined || value === null ? [] : [[name, value]];
  });
  const outputs = withoutContents({ region: account.region, ...state, ...found.outputs });
  return { id: found.id, outputs, inputs: Object.fromEntries(present) };
}

export async function update(
  type: ResourceType,
  account: Account,
  urn: string,
  id: string,
  state: Values,
  news: Values,
): Promise<Values> {
  if (type.update === undefined) throw new Error(`${type.token} cannot be updated, only replaced`);
  const outputs = await type.update(operation(type, account, urn, news), id, state, news);
  const computed = Object.fromEntries((type.computed ?? []).map((name) => [name, state[name] ?? null]));
  return complete(type, account, news, { ...computed, ...outputs });
}

export async function remove(
  type: ResourceType,
  account: Account,
  urn: string,
  id: string,
  state: Values,
): Promise<void> {
  await type.delete(operation(type, account, urn, state), id, state);
}
