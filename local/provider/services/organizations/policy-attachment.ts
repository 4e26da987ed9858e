/** https://docs.aws.amazon.com/organizations/latest/APIReference/API_AttachPolicy.html */
import {
  AttachPolicyCommand,
  DetachPolicyCommand,
  ListTargetsForPolicyCommand,
  OrganizationsClient,
  PolicyNotAttachedException,
  PolicyNotFoundException,
  TargetNotFoundException,
} from "@aws-sdk/client-organizations";
import { containsUnknown, type Values } from "../../property-values";
import { type CheckFailure, type Operation, type ResourceState, type ResourceType, text } from "../../resource-type";
import { allPages, ifMissing, whileRefused } from "../support";
import { NOT_READY } from "./common";

/** The parts of an id, which is the target's and the policy's with a colon between them. */
function parts(id: string): { TargetId: string; PolicyId: string } {
  const [TargetId, PolicyId, ...rest] = id.split(":");
  if (TargetId === undefined || PolicyId === undefined || rest.length > 0) {
    throw new Error(`received "${id}"; the id of a policy attachment is the target's id, a colon, and the policy's id`);
  }
  return { TargetId, PolicyId };
}

async function read({ account }: Operation, id: string): Promise<ResourceState | undefined> {
  const { TargetId, PolicyId } = parts(id);
  const client = account.client(OrganizationsClient);
  const targets = await ifMissing(
    allPages(async (NextToken) => {
      const answer = await client.send(new ListTargetsForPolicyCommand({ PolicyId, NextToken }));
      return { items: answer.Targets, token: answer.NextToken };
    }),
    PolicyNotFoundException,
  );
  const isAttached = (targets ?? []).some((target) => target.TargetId === TargetId);
  return isAttached ? { id, outputs: { policyId: PolicyId, targetId: TargetId } } : undefined;
}

function check({ policyId, targetId }: Values): CheckFailure[] {
  const isGood = (value: unknown, pattern: RegExp): boolean =>
    typeof value !== "string" || containsUnknown(value) || pattern.test(value);
  return [
    ...(isGood(policyId, /^p-\w{8,128}$/)
      ? []
      : [{ property: "policyId", reason: `received "${String(policyId)}"; expected a policy's id, p-…` }]),
    ...(isGood(targetId, /^(r-[0-9a-z]{4,32}|\d{12}|ou-[0-9a-z]{4,32}-[a-z0-9]{8,32})$/)
      ? []
      : [
          {
            property: "targetId",
            reason: `received "${String(targetId)}"; expected the id of a root (r-…), a unit (ou-…) or an account`,
          },
        ]),
  ];
}

export const policyAttachment: ResourceType = {
  token: "aws:organizations/policyAttachment:PolicyAttachment",
  properties: { policyId: "replace", skipDestroy: "update", targetId: "replace" },
  required: ["policyId", "targetId"],
  check,
  async create(operation, inputs) {
    const [TargetId, PolicyId] = [text(inputs, "targetId"), text(inputs, "policyId")];
    const client = operation.account.client(OrganizationsClient);
    await whileRefused(() => client.send(new AttachPolicyCommand({ PolicyId, TargetId })), NOT_READY);
    return { id: `${TargetId}:${PolicyId}`, outputs: {} };
  },
  read,
  // Only what happens in the end can change.
  update: () => Promise.resolve({}),
  async delete({ account }, id, state) {
    if (state.skipDestroy === true) return;
    const detachment = account.client(OrganizationsClient).send(new DetachPolicyCommand(parts(id)));
    await ifMissing(detachment, PolicyNotAttachedException, PolicyNotFoundException, TargetNotFoundException);
  },
};
