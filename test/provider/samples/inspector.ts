/** Amazon Inspector, of an account and of an organization, and the hub that its findings go to. */
import type { Samples } from "./sample";

const MEMBER = "444455556666";
const AUTO_ENABLE = { ec2: true, ecr: false, lambda: true, lambdaCode: false };

const equals = (value: string) => ({ comparison: "EQUALS", value });

export const inspector: Samples = {
  "aws:inspector2/enabler:Enabler": {
    inputs: { accountIds: ["111122223333"], resourceTypes: ["ECR", "LAMBDA"] },
    changes: { resourceTypes: ["EC2", "LAMBDA", "LAMBDA_CODE"] },
  },
  "aws:securityhub/account:Account": {
    inputs: { enableDefaultStandards: false },
    changes: { autoEnableControls: false, controlFindingGenerator: "STANDARD_CONTROL" },
    notRead: ["enableDefaultStandards"],
  },
  "aws:inspector2/delegatedAdminAccount:DelegatedAdminAccount": { inputs: { accountId: MEMBER } },
  "aws:inspector2/memberAssociation:MemberAssociation": { beside: "{delegation.id}", inputs: { accountId: MEMBER } },
  "aws:inspector2/organizationConfiguration:OrganizationConfiguration": {
    beside: "{delegation.id}",
    inputs: { autoEnable: AUTO_ENABLE },
    changes: { autoEnable: { ...AUTO_ENABLE, lambdaCode: true } },
    remains: true,
  },
  "aws:inspector2/filter:Filter": {
    inputs: {
      action: "SUPPRESS",
      description: "not reachable",
      filterCriterias: [{ vulnerabilityIds: [equals("CVE-2023-30861")], severities: [equals("LOW"), equals("HIGH")] }],
    },
    changes: {
      action: "NONE",
      description: "not reachable (until 2027-01-31)",
      name: "renamed",
      filterCriterias: [{ vulnerablePackages: [{ name: equals("flask") }], resourceIds: [equals("i-1")] }],
    },
  },
};
