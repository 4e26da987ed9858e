/** What the resource types of AWS Organizations share. */
import {
  ListTagsForResourceCommand,
  OrganizationsClient,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-organizations";
import type { Account } from "../../account";
import type { Values } from "../../property-values";
import type { Operation } from "../../resource-type";
import { allPages, changedTags, tagList, tagRecord } from "../support";

/** What AWS answers while a new organization is not ready yet. */
export const NOT_READY = ["FinalizingOrganizationException", "ConcurrentModificationException"];

export async function tagsOf(account: Account, id: string): Promise<Record<string, string>> {
  const client = account.client(OrganizationsClient);
  const tags = await allPages(async (NextToken) => {
    const answer = await client.send(new ListTagsForResourceCommand({ ResourceId: id, NextToken }));
    return { items: answer.Tags, token: answer.NextToken };
  });
  return tagRecord(tags);
}

export async function setTags({ account, tags }: Operation, id: string, olds: Values): Promise<void> {
  const client = account.client(OrganizationsClient);
  const { set, removed } = changedTags(olds, tags);
  if (removed.length > 0) await client.send(new UntagResourceCommand({ ResourceId: id, TagKeys: removed }));
  if (Object.keys(set).length > 0) await client.send(new TagResourceCommand({ ResourceId: id, Tags: tagList(set) }));
}
