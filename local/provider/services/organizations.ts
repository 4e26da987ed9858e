/** AWS Organizations. https://docs.aws.amazon.com/organizations/latest/APIReference/ */
import type { Service } from "../resource-type";
import { getOrganization } from "./organizations/get-organization";
import { getOrganizationalUnit } from "./organizations/get-organizational-unit";
import { organizationalUnit } from "./organizations/organizational-unit";
import { policy } from "./organizations/policy";
import { policyAttachment } from "./organizations/policy-attachment";

export const organizations: Service = {
  resources: [organizationalUnit, policy, policyAttachment],
  functions: [getOrganization, getOrganizationalUnit],
};
