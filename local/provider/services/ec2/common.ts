/** What the EC2 resource types share. */
import { isIPv4 } from "node:net";
import {
  CreateTagsCommand,
  DeleteTagsCommand,
  EC2Client,
  type Filter,
  type ResourceType as TaggedType,
  type Tag,
  type TagSpecification,
} from "@aws-sdk/client-ec2";
import { containsUnknown, type Value, type Values } from "../../property-values";
import type { CheckFailure, Operation } from "../../resource-type";
import { changedTags, tagList } from "../support";

export const FILE = "local/provider/services/ec2.ts";

export function tagSpecifications({ tags }: Operation, type: TaggedType): TagSpecification[] | undefined {
  return Object.keys(tags).length === 0 ? undefined : [{ ResourceType: type, Tags: tagList(tags) }];
}

/** Brings the tags of an EC2 resource to what the operation asks for. */
export async function updateTags(operation: Operation, id: string, olds: Values): Promise<void> {
  const client = operation.account.client(EC2Client);
  const { set, removed } = changedTags(olds, operation.tags);
  if (removed.length > 0) {
    await client.send(new DeleteTagsCommand({ Resources: [id], Tags: removed.map((Key) => ({ Key })) }));
  }
  if (Object.keys(set).length > 0) {
    await client.send(new CreateTagsCommand({ Resources: [id], Tags: tagList(set) }));
  }
}

/** Tags of AWS's own are nobody's to manage. */
export function ownTags(tags: readonly Tag[] | undefined): Record<string, string> {
  return Object.fromEntries(
    (tags ?? []).filter(({ Key = "" }) => !Key.startsWith("aws:")).map(({ Key = "", Value = "" }) => [Key, Value]),
  );
}

/** Filters as a function's arguments have them: `filters: [{ name, values }]` and `tags`. */
export function filters(args: Values, more: Readonly<Record<string, Value | undefined>> = {}): Filter[] | undefined {
  const given = ((args.filters ?? []) as { name: string; values: string[] }[]).map(({ name, values }) => ({
    Name: name,
    Values: values,
  }));
  const tags = Object.entries((args.tags ?? {}) as Record<string, string>).map(([key, value]) => ({
    Name: `tag:${key}`,
    Values: [value],
  }));
  const named = Object.entries(more).flatMap(([Name, value]) =>
    value === undefined || value === null || value === "" ? [] : [{ Name, Values: [String(value)] }],
  );
  const all = [...given, ...tags, ...named];
  return all.length === 0 ? undefined : all;
}

function toNumber(address: string): number {
  return address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
}

function toAddress(number: number): string {
  return [24, 16, 8, 0].map((bits) => Math.floor(number / 2 ** bits) % 256).join(".");
}

/** A failure when `value` is no IPv4 network in its canonical notation, or one of a size that AWS does not take. */
export function checkCidr(property: string, value: Value | undefined, { min = 0, max = 32 } = {}): CheckFailure[] {
  if (typeof value !== "string" || value === "" || containsUnknown(value)) return [];
  const [address = "", length = "", ...rest] = value.split("/");
  const prefix = Number(length);
  if (rest.length > 0 || !isIPv4(address) || !/^\d{1,2}$/.test(length) || prefix > 32) {
    return [{ property, reason: `received "${value}"; expected an IPv4 network such as 10.0.0.0/16` }];
  }
  if (prefix < min || prefix > max) {
    return [{ property, reason: `received "${value}"; AWS takes networks of size /${min} to /${max} here` }];
  }
  const network = toAddress(toNumber(address) - (toNumber(address) % 2 ** (32 - prefix)));
  if (network === address) return [];
  return [{ property, reason: `received "${value}", which has host bits set; did you mean "${network}/${length}"?` }];
}
