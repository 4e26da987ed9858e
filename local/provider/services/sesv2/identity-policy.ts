/** https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_CreateEmailIdentityPolicy.html */
import {
  CreateEmailIdentityPolicyCommand,
  DeleteEmailIdentityPolicyCommand,
  GetEmailIdentityPoliciesCommand,
  SESv2Client,
  UpdateEmailIdentityPolicyCommand,
} from "@aws-sdk/client-sesv2";
import type { Values } from "../../property-values";
import { type Operation, type ResourceState, type ResourceType, text } from "../../resource-type";
import { checkPolicy, documentLike, documentText } from "../documents";
import { ifMissing, settled } from "../support";
import { checkIdentity, checkName, MISSING } from "./common";

function keyOf(id: string): { EmailIdentity: string; PolicyName: string } {
  const bar = id.lastIndexOf("|");
  return { EmailIdentity: id.slice(0, bar), PolicyName: id.slice(bar + 1) };
}

async function read({ account }: Operation, id: string, state: Values): Promise<ResourceState | undefined> {
  const { EmailIdentity, PolicyName } = keyOf(id);
  const question = account.client(SESv2Client).send(new GetEmailIdentityPoliciesCommand({ EmailIdentity }));
  const found = (await ifMissing(question, MISSING))?.Policies?.[PolicyName];
  if (found === undefined) return undefined;
  const policy = documentLike(state.policy, found);
  return { id, outputs: { emailIdentity: EmailIdentity, policy, policyName: PolicyName } };
}

export const emailIdentityPolicy: ResourceType = {
  token: "aws:sesv2/emailIdentityPolicy:EmailIdentityPolicy",
  properties: { emailIdentity: "replace", policy: "update", policyName: "replace" },
  required: ["emailIdentity", "policy", "policyName"],
  deleteBeforeReplace: true,
  check: ({ emailIdentity, policy, policyName }) => [
    ...checkIdentity("emailIdentity", emailIdentity),
    ...checkPolicy("policy", policy, { principal: "required" }),
    ...checkName("policyName", policyName),
  ],
  async create(operation, inputs) {
    const id = `${text(inputs, "emailIdentity")}|${text(inputs, "policyName")}`;
    const command = new CreateEmailIdentityPolicyCommand({ ...keyOf(id), Policy: documentText(inputs.policy) });
    await operation.account.client(SESv2Client).send(command);
    operation.created(id);
    return settled(read, operation, id, inputs);
  },
  read,
  async update(operation, id, _olds, news) {
    const command = new UpdateEmailIdentityPolicyCommand({ ...keyOf(id), Policy: documentText(news.policy) });
    await operation.account.client(SESv2Client).send(command);
    return (await settled(read, operation, id, news)).outputs;
  },
  async delete({ account }, id) {
    await ifMissing(account.client(SESv2Client).send(new DeleteEmailIdentityPolicyCommand(keyOf(id))), MISSING);
  },
};
