/** What roles are allowed: inline policies, and attachments of managed ones. */
import {
  AttachRolePolicyCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  GetRolePolicyCommand,
  IAMClient,
  NoSuchEntityException,
  paginateListAttachedRolePolicies,
  PutRolePolicyCommand,
} from "@aws-sdk/client-iam";
import type { Account } from "../../account";
import type { Values } from "../../property-values";
import { type ResourceType, text } from "../../resource-type";
import { checkPolicy, documentLike, documentText } from "../documents";
import { ifMissing } from "../support";
import { checkName, checkPolicyArn, decoded } from "./common";

async function put(account: Account, values: Values): Promise<void> {
  await account.client(IAMClient).send(
    new PutRolePolicyCommand({
      RoleName: text(values, "role"),
      PolicyName: text(values, "name"),
      PolicyDocument: documentText(values.policy),
    }),
  );
}

/** `role:policy`; neither name has a colon. */
function names(id: string): { RoleName: string; PolicyName: string } {
  const [RoleName = "", PolicyName = ""] = id.split(":");
  return { RoleName, PolicyName };
}

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePolicy.html */
export const rolePolicy: ResourceType = {
  token: "aws:iam/rolePolicy:RolePolicy",
  properties: { name: "replace", namePrefix: "replace", policy: "update", role: "replace" },
  required: ["policy", "role"],
  autoName: { property: "name", maxLength: 128 },
  check: (inputs) => [
    ...checkPolicy("policy", inputs.policy, { principal: "forbidden" }),
    ...checkName("name", inputs.name, 128),
    ...checkName("role", inputs.role, 64),
  ],
  async create({ account }, inputs) {
    await put(account, inputs);
    return { id: `${text(inputs, "role")}:${text(inputs, "name")}`, outputs: {} };
  },
  async read({ account }, id, state) {
    const question = account.client(IAMClient).send(new GetRolePolicyCommand(names(id)));
    const found = await ifMissing(question, NoSuchEntityException);
    if (found === undefined) return undefined;
    const policy = documentLike(state.policy, decoded(found.PolicyDocument));
    return { id, outputs: { role: found.RoleName ?? "", name: found.PolicyName ?? "", policy } };
  },
  async update({ account }, _id, _olds, news) {
    await put(account, news);
    return {};
  },
  async delete({ account }, id) {
    const deletion = account.client(IAMClient).send(new DeleteRolePolicyCommand(names(id)));
    await ifMissing(deletion, NoSuchEntityException);
  },
};

async function isAttached(client: IAMClient, role: string, arn: string): Promise<boolean> {
  for await (const page of paginateListAttachedRolePolicies({ client }, { RoleName: role })) {
    if (page.AttachedPolicies?.some(({ PolicyArn }) => PolicyArn === arn) === true) return true;
  }
  return false;
}

/** `role/arn`; a role's name has no slash. */
function attachment(id: string): { RoleName: string; PolicyArn: string } {
  const slash = id.indexOf("/");
  return { RoleName: id.slice(0, slash), PolicyArn: id.slice(slash + 1) };
}

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_AttachRolePolicy.html */
export const rolePolicyAttachment: ResourceType = {
  token: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
  properties: { policyArn: "replace", role: "replace" },
  required: ["policyArn", "role"],
  check: (inputs) => [...checkPolicyArn("policyArn", inputs.policyArn), ...checkName("role", inputs.role, 64)],
  async create({ account }, inputs) {
    const [role, arn] = [text(inputs, "role"), text(inputs, "policyArn")];
    await account.client(IAMClient).send(new AttachRolePolicyCommand({ RoleName: role, PolicyArn: arn }));
    return { id: `${role}/${arn}`, outputs: {} };
  },
  async read({ account }, id) {
    const { RoleName: role, PolicyArn: policyArn } = attachment(id);
    const found = await ifMissing(isAttached(account.client(IAMClient), role, policyArn), NoSuchEntityException);
    return found === true ? { id, outputs: { role, policyArn } } : undefined;
  },
  async delete({ account }, id) {
    const detachment = account.client(IAMClient).send(new DetachRolePolicyCommand(attachment(id)));
    await ifMissing(detachment, NoSuchEntityException);
  },
};
