/** What the resource types of Cost Explorer share. */
import {
  CostExplorerClient,
  ListTagsForResourceCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-cost-explorer";
import type { Account } from "../../account";
import { containsUnknown, type Value, type Values } from "../../property-values";
import type { CheckFailure, Operation } from "../../resource-type";
import { changedTags, tagList, tagRecord } from "../support";

export async function tagsOf(account: Account, ResourceArn: string): Promise<Record<string, string>> {
  const { ResourceTags } = await account
    .client(CostExplorerClient)
    .send(new ListTagsForResourceCommand({ ResourceArn }));
  return tagRecord(ResourceTags);
}

export async function setTags({ account, tags }: Operation, ResourceArn: string, olds: Values): Promise<void> {
  const client = account.client(CostExplorerClient);
  const { set, removed } = changedTags(olds, tags);
  if (removed.length > 0) await client.send(new UntagResourceCommand({ ResourceArn, ResourceTagKeys: removed }));
  if (Object.keys(set).length > 0) {
    await client.send(new TagResourceCommand({ ResourceArn, ResourceTags: tagList(set) }));
  }
}

export function checkName(name: Value | undefined): CheckFailure[] {
  if (typeof name !== "string" || containsUnknown(name) || (name.length >= 1 && name.length <= 1024)) return [];
  return [{ property: "name", reason: `received ${name.length} characters; 1 to 1024` }];
}
