/** AWS Identity and Access Management. https://docs.aws.amazon.com/IAM/latest/APIReference/ */
import type { Service } from "../resource-type";
import { instanceProfile } from "./iam/instance-profile";
import { openIdConnectProvider } from "./iam/open-id-connect-provider";
import { policy } from "./iam/policy";
import { role } from "./iam/role";
import { rolePolicy, rolePolicyAttachment } from "./iam/role-policies";

export const iam: Service = {
  resources: [role, rolePolicy, rolePolicyAttachment, policy, instanceProfile, openIdConnectProvider],
};
