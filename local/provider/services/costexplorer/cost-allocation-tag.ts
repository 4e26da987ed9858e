/** https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_UpdateCostAllocationTagsStatus.html */
import {
  type CostAllocationTagStatus,
  CostExplorerClient,
  ListCostAllocationTagsCommand,
  UpdateCostAllocationTagsStatusCommand,
} from "@aws-sdk/client-cost-explorer";
import type { Account } from "../../account";
import { type Operation, type ResourceState, type ResourceType, text } from "../../resource-type";
import { checkOneOf } from "../checks";
import { settled } from "../support";

async function setStatus(account: Account, TagKey: string, Status: CostAllocationTagStatus): Promise<void> {
  const command = new UpdateCostAllocationTagsStatusCommand({ CostAllocationTagsStatus: [{ TagKey, Status }] });
  const { Errors = [] } = await account.client(CostExplorerClient).send(command);
  const [refusal] = Errors;
  if (refusal === undefined) return;
  // AWS refuses in an answer that is no error.
  throw new Error(
    `${refusal.Code}: ${refusal.Message}. AWS knows a tag up to 24 hours after it was first on a resource; ` +
      `activate it in the management account, and then.`,
  );
}

async function read({ account }: Operation, id: string): Promise<ResourceState | undefined> {
  const question = new ListCostAllocationTagsCommand({ TagKeys: [id], MaxResults: 1 });
  const { CostAllocationTags = [] } = await account.client(CostExplorerClient).send(question);
  const [found] = CostAllocationTags;
  if (found === undefined) return undefined;
  return { id, outputs: { status: found.Status ?? "", tagKey: id, type: found.Type ?? "" } };
}

export const costAllocationTag: ResourceType = {
  token: "aws:costexplorer/costAllocationTag:CostAllocationTag",
  properties: { status: "update", tagKey: "replace" },
  required: ["status", "tagKey"],
  computed: ["type"],
  check: ({ status, tagKey }) => [
    ...checkOneOf("status", status, ["Active", "Inactive"]),
    ...(typeof tagKey === "string" && tagKey.length > 1024
      ? [{ property: "tagKey", reason: `received ${tagKey.length} characters; at most 1024` }]
      : []),
  ],
  async create(operation, inputs) {
    const id = text(inputs, "tagKey");
    await setStatus(operation.account, id, text(inputs, "status") as CostAllocationTagStatus);
    operation.created(id);
    return settled(read, operation, id, inputs);
  },
  read,
  async update(operation, id, _olds, news) {
    await setStatus(operation.account, id, text(news, "status") as CostAllocationTagStatus);
    return (await settled(read, operation, id, news)).outputs;
  },
  // A tag cannot be taken out of the list, only deactivated.
  delete: ({ account }, id) => setStatus(account, id, "Inactive"),
};
