import { LambdaClient, TagResourceCommand, UntagResourceCommand } from "@aws-sdk/client-lambda";
import type { Values } from "../../property-values";
import type { Operation } from "../../resource-type";
import { changedTags } from "../support";

export async function updateTags({ account, tags }: Operation, arn: string, olds: Values): Promise<void> {
  const client = account.client(LambdaClient);
  const { set, removed } = changedTags(olds, tags);
  if (removed.length > 0) await client.send(new UntagResourceCommand({ Resource: arn, TagKeys: removed }));
  if (Object.keys(set).length > 0) await client.send(new TagResourceCommand({ Resource: arn, Tags: set }));
}
