import { EventBridgeClient, TagResourceCommand, UntagResourceCommand } from "@aws-sdk/client-eventbridge";
import type { Values } from "../../property-values";
import type { Operation } from "../../resource-type";
import { changedTags, tagList } from "../support";

/** Tags of rules and event buses. */
export async function setEventTags({ account, tags }: Operation, arn: string, olds: Values): Promise<void> {
  const client = account.client(EventBridgeClient);
  const { set, removed } = changedTags(olds, tags);
  if (removed.length > 0) await client.send(new UntagResourceCommand({ ResourceARN: arn, TagKeys: removed }));
  if (Object.keys(set).length > 0) {
    await client.send(new TagResourceCommand({ ResourceARN: arn, Tags: tagList(set) }));
  }
}
