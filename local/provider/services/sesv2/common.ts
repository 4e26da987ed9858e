/** What the resources of Amazon SES share. */
import { SESv2Client, TagResourceCommand, UntagResourceCommand } from "@aws-sdk/client-sesv2";
import { containsUnknown, type Value, type Values } from "../../property-values";
import type { CheckFailure, Operation } from "../../resource-type";
import { arn, changedTags, tagList } from "../support";

/** The name of the SDK's error, whichever operation says that it has no such thing. */
export const MISSING = "NotFoundException";

export async function setTags({ account, tags }: Operation, resource: string, olds: Values): Promise<void> {
  const client = account.client(SESv2Client);
  const ResourceArn = await arn(account, "ses", resource);
  const { set, removed } = changedTags(olds, tags);
  if (removed.length > 0) await client.send(new UntagResourceCommand({ ResourceArn, TagKeys: removed }));
  if (Object.keys(set).length > 0) await client.send(new TagResourceCommand({ ResourceArn, Tags: tagList(set) }));
}

const DOMAIN = /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$/i;

export function isDomain(value: string): boolean {
  return DOMAIN.test(value);
}

/** An address or a domain: 7-bit ASCII, as SES takes neither in another writing. */
export function checkIdentity(property: string, value: Value | undefined): CheckFailure[] {
  if (typeof value !== "string" || containsUnknown(value)) return [];
  const at = value.lastIndexOf("@");
  const isLocal = at < 0 || /^[\x21-\x3f\x41-\x7e]{1,64}$/.test(value.slice(0, at));
  if (isLocal && isDomain(value.slice(at + 1))) return [];
  return [{ property, reason: `received "${value}"; expected an address such as costs@example.com, or a domain` }];
}

/** Letters, digits, hyphens and underscores. */
export function checkName(property: string, value: Value | undefined): CheckFailure[] {
  if (typeof value !== "string" || containsUnknown(value) || /^[\w-]{1,64}$/.test(value)) return [];
  return [{ property, reason: `received "${value}"; expected 1 to 64 letters, digits, - and _` }];
}
