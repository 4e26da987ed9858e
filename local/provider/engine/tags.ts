/** Tags as the services take and answer them: maps, lists of keys and values, EC2's specifications. */
import type { NormalizedSchema } from "@smithy/core/schema";
import type { Values } from "../property-values";
import type { Operation } from "../resource-type";
import { pairMembers } from "./convert";
import type { Call, Entry } from "./entry";
import { memberNames } from "./names";
import type { Structure, TagCalls } from "./service";

type Tags = Readonly<Record<string, string>>;

const TAGS = /tags?(list|set)?$/i;
const KEYS = /tagkeys(list)?$/i;

function tagMember(schema: NormalizedSchema): [string, NormalizedSchema] | undefined {
  return schema.isStructSchema()
    ? Object.entries(schema.getMemberSchemas()).find(([name]) => TAGS.test(name))
    : undefined;
}

function toAwsTags(schema: NormalizedSchema, tags: Tags): unknown {
  if (schema.isMapSchema()) return { ...tags };
  const [key, value] = pairMembers(schema.getValueSchema()) ?? ["Key", "Value"];
  return Object.entries(tags).map(([name, text]) => ({ [key]: name, [value]: text }));
}

/** Tags of AWS's own are nobody's to manage. */
function fromAwsTags(schema: NormalizedSchema, answer: unknown): Record<string, string> {
  const pairs = schema.isMapSchema() ? undefined : pairMembers(schema.getValueSchema());
  const entries =
    pairs === undefined
      ? Object.entries((answer ?? {}) as Record<string, string>)
      : ((answer ?? []) as Structure[]).map((tag): [string, string] => [String(tag[pairs[0]]), String(tag[pairs[1]])]);
  return Object.fromEntries(entries.filter(([key]) => !key.startsWith("aws:")));
}

/** The creating request with the resource's tags, for operations that take them. */
export function withTags(entry: Entry, { tags }: Operation, { call }: Call, request: Structure): Structure {
  if (entry.taggable !== true || Object.keys(tags).length === 0) return request;
  const { input } = entry.service.schema(call);
  const member = tagMember(input);
  if (member !== undefined) return { ...request, [member[0]]: toAwsTags(member[1], tags) };
  const list = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  return entry.tagType === undefined
    ? request
    : { ...request, TagSpecifications: [{ ResourceType: entry.tagType, Tags: list }] };
}

/** Whether the creating call takes tags, so that none have to be set afterwards. */
export function takesTags(entry: Entry, { call }: Call): boolean {
  return entry.tagType !== undefined || tagMember(entry.service.schema(call).input) !== undefined;
}

const callsOf = (entry: Entry): TagCalls | undefined => entry.tags ?? entry.service.definition.tags;

/** What tag operations take to name the resource: its ARN where they say so, and its id elsewhere. */
function about(entry: Entry, operation: string, id: string, outputs: Values): Structure {
  const { input } = entry.service.schema(operation);
  const fixed = callsOf(entry)?.with ?? {};
  const name = memberNames(input).find((member) => {
    const schema = input.getMemberSchemas()[member];
    return !(member in fixed) && !TAGS.test(member) && !KEYS.test(member) && schema?.isBooleanSchema() !== true;
  });
  if (name === undefined) throw new Error(`${operation} names no resource`);
  const arn = typeof outputs.arn === "string" ? outputs.arn : id;
  const value = /arn$|^resource$/i.test(name) ? arn : id;
  return { ...fixed, [name]: input.getMemberSchemas()[name]?.isListSchema() === true ? [value] : value };
}

export async function readTags(
  entry: Entry,
  operation: Operation,
  id: string,
  outputs: Values,
  { first, schema }: { first: Structure; schema: NormalizedSchema | undefined },
): Promise<Values> {
  if (entry.taggable !== true) return {};
  if (entry.tagging?.read !== undefined) return { tagsAll: await entry.tagging.read(operation, id) };
  const list = callsOf(entry)?.list;
  if (list === undefined) {
    const member = schema === undefined ? undefined : tagMember(schema);
    return { tagsAll: member === undefined ? {} : fromAwsTags(member[1], first[member[0]]) };
  }
  const { output } = entry.service.schema(list);
  // WAF answers them within a structure.
  const [around] = tagMember(output) === undefined ? memberNames(output).filter((name) => /^tag/i.test(name)) : [];
  const member = tagMember((around === undefined ? undefined : output.getMemberSchemas()[around]) ?? output);
  if (member === undefined) throw new Error(`${list} answers no tags`);
  const tagsAll: Record<string, string> = {};
  for await (const page of entry.service.pages(operation.account, list, about(entry, list, id, outputs))) {
    const holder = around === undefined ? page : (page[around] as Structure);
    Object.assign(tagsAll, fromAwsTags(member[1], holder[member[0]]));
  }
  return { tagsAll };
}

/** Brings the tags to what the operation asks for. `olds` is the state before, with its `tagsAll`. */
export async function updateTags(entry: Entry, operation: Operation, id: string, olds: Values): Promise<void> {
  const calls = callsOf(entry);
  if (entry.taggable !== true) return;
  const before = (olds.tagsAll ?? {}) as Tags;
  const set = Object.fromEntries(Object.entries(operation.tags).filter(([key, value]) => before[key] !== value));
  const removed = Object.keys(before).filter((key) => !(key in operation.tags));
  if (removed.length === 0 && Object.keys(set).length === 0) return;
  if (entry.tagging !== undefined) await entry.tagging.write(operation, id);
  if (calls === undefined) return;
  const send = async (call: string, member: string, value: unknown): Promise<void> => {
    const request = { ...about(entry, call, id, olds), [member]: value };
    await entry.service.send(operation.account, call, request);
  };
  if (removed.length > 0) {
    const { input } = entry.service.schema(calls.remove);
    const keys = memberNames(input).find((name) => KEYS.test(name));
    // EC2 takes tags without values in place of keys.
    await send(calls.remove, keys ?? "Tags", keys === undefined ? removed.map((Key) => ({ Key })) : removed);
  }
  const member = tagMember(entry.service.schema(calls.set).input);
  if (Object.keys(set).length > 0 && member !== undefined) await send(calls.set, member[0], toAwsTags(member[1], set));
}
