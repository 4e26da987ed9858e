/** What happens to one resource: check, diff, create, read, update and delete, the same for every type. */
import type { Account } from "./account";
import { type Change, changes, topLevel } from "./diff";
import { aboutPrefix, checkPrefix, isNamedByProgram, withName } from "./naming";
import type { CheckFailure, Operation, ResourceState, ResourceType } from "./resource-type";
import { allTags, withAllTags, withoutRepeatedTags, withOwnTags } from "./tags";
import { containsUnknown, isSameDocument, UNKNOWN, type Value, type Values, withoutContents } from "./property-values";

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

/** A name that the program gives can exist only once, so the old resource has to go first. */
export function deletesBeforeReplace(type: ResourceType, news: Values): boolean {
  return type.deleteBeforeReplace === true || isNamedByProgram(type, news);
}

export function logicalName(urn: string): string {
  return urn.slice(urn.lastIndexOf("::") + 2);
}

function operation(type: ResourceType, account: Account, urn: string, inputs: Values, before: Values = {}): Operation {
  return { account, logicalName: logicalName(urn), tags: allTags(type, account, inputs), before, created: () => {} };
}

export function check(
  type: ResourceType,
  urn: string,
  olds: Values,
  news: Values,
  seed: Uint8Array,
  account?: Account,
): { inputs: Values; failures: CheckFailure[] } {
  const failures: CheckFailure[] = [];
  const given = Object.fromEntries(Object.entries(news).filter(([, value]) => value !== null));
  for (const property of Object.keys(given)) {
    if (!(property in type.properties) && !isGeneric(type, property)) {
      failures.push({
        property,
        reason: `the local provider does not map this property of ${type.token}; add it to the type's entry in ${fileOf(type)}`,
        isUnmapped: true,
      });
    }
  }
  for (const property of type.required ?? []) {
    if (given[property] === undefined) failures.push({ property, reason: "missing, and required" });
  }
  const named = withName(type, logicalName(urn), olds, { ...type.defaults, ...given }, seed);
  const inputs: Values = { ...named, ...withAllTags(type, account, named), ...withDefaultsNoted(type, given) };
  const ofType = aboutPrefix(type, given, type.check?.(inputs) ?? []);
  return {
    inputs,
    failures: [...failures, ...checkPrefix(type, given), ...ofType],
  };
}

/** Names what nobody has chosen, as the real provider does: policies may set it, and do not blame the program for it. */
function withDefaultsNoted({ defaults = {} }: ResourceType, given: Values): { __defaults?: string[] } {
  const noted = Object.keys(defaults).filter((name) => given[name] === undefined);
  return noted.length === 0 ? {} : { __defaults: noted };
}

/** `tags` and `region` mean the same for every type; an import has what was read checked, `tagsAll` included. */
function isGeneric(type: ResourceType, property: string): boolean {
  const isTags = property === "tags" || property === "tagsAll";
  return property === "region" || (isTags && type.taggable === true) || property.startsWith("__");
}

export function fileOf(type: { token: string }): string {
  const service = /^aws:([^/:]+)/.exec(type.token)?.[1] ?? "index";
  return `local/provider/services/${service}.ts`;
}

export function diff(type: ResourceType, olds: Values, news: Values, ignored: readonly string[]): Change[] {
  return withoutRepeatedTags(changes(type, olds, news, ignored)).map((change) =>
    change.path === "region" ? { ...change, effect: "replace" } : change,
  );
}

/** Outputs that every type has, around those of its own. */
function complete(type: ResourceType, account: Account | undefined, inputs: Values, outputs: Values): Values {
  const region = account === undefined ? {} : { region: account.region };
  return withoutContents({ ...region, ...inputs, ...outputs, ...withAllTags(type, account, inputs) });
}

/** The outputs that the update from `olds` to `news` moves. */
function moved(type: ResourceType, olds: Values, news: Values): ReadonlySet<string> {
  const changed = new Set(changes(type, olds, news).map(({ path }) => topLevel(path)));
  const names = (type.volatile ?? []).flatMap(({ outputs, changedBy, onlyWith }) => {
    const condition = onlyWith === undefined ? true : news[onlyWith];
    const isMet = condition === true || condition === "true" || containsUnknown(condition);
    return isMet && changedBy.some((name) => changed.has(name)) ? outputs : [];
  });
  return new Set(names);
}

/**
 * What a preview shows: the inputs, and unknown for what only AWS can tell. `before` is what the update of an existing
 * resource begins with.
 */
export function preview(
  type: ResourceType,
  account: Account | undefined,
  inputs: Values,
  before?: { inputs: Values; state: Values },
): Values {
  const isMoved = before === undefined ? new Set<string>() : moved(type, before.inputs, inputs);
  const names = (type.computed ?? []).filter((name) => inputs[name] === undefined);
  const computed = names.map((name): [string, Value] => {
    const known = isMoved.has(name) ? undefined : before?.state[name];
    return [name, known ?? UNKNOWN];
  });
  return complete(type, account, inputs, Object.fromEntries(computed));
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

/** `inputs` are those of the resource's last update; undefined when it is imported. */
export async function read(
  type: ResourceType,
  account: Account,
  urn: string,
  id: string,
  state: Values,
  inputs: Values | undefined,
): Promise<(ResourceState & { inputs: Values }) | undefined> {
  const found = await type.read(operation(type, account, urn, inputs ?? {}), id, state);
  if (found === undefined) return undefined;
  const names = Object.keys(inputs ?? type.properties);
  const present = names.flatMap((name): [string, Value][] => {
    const given = inputs?.[name];
    const actual = name in found.outputs ? found.outputs[name] : given;
    const value = isSameDocument(actual, given) ? given : actual;
    return value === undefined || value === null ? [] : [[name, value]];
  });
  const tags = type.taggable === true ? withOwnTags(account, inputs, found.outputs) : {};
  const outputs = withoutContents({ region: account.region, ...state, ...found.outputs, ...tags });
  return { id: found.id, outputs, inputs: { ...Object.fromEntries(present), ...tags } };
}

export async function update(
  type: ResourceType,
  account: Account,
  urn: string,
  id: string,
  state: Values,
  news: Values,
  before: Values,
): Promise<Values> {
  if (type.update === undefined) throw new Error(`${type.token} cannot be updated, only replaced`);
  const outputs = await type.update(operation(type, account, urn, news, before), id, state, news);
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
