import type { Sample } from "./sample";

const MANAGEMENT = "111122223333";
const MEMBER = "444455556666";
const ADMINISTRATOR = "aws:inspector2/delegatedAdminAccount:DelegatedAdminAccount";

const equals = (value: string) => ({ comparison: "EQUALS", value });

/** The management account is its own delegated administrator here. */
export const inspector: readonly Sample[] = [
  {
    token: "aws:inspector2/enabler:Enabler",
    program: () => ({
      inputs: { accountIds: [MANAGEMENT], resourceTypes: ["ECR", "LAMBDA"] },
      changes: [{ resourceTypes: ["EC2", "LAMBDA", "LAMBDA_CODE"] }],
    }),
  },
  { token: ADMINISTRATOR, program: () => ({ inputs: { accountId: MEMBER } }) },
  {
    token: "aws:inspector2/memberAssociation:MemberAssociation",
    program: async (make) => {
      await make(ADMINISTRATOR, { accountId: MANAGEMENT });
      return { inputs: { accountId: MEMBER } };
    },
  },
  {
    token: "aws:inspector2/organizationConfiguration:OrganizationConfiguration",
    program: async (make) => {
      await make(ADMINISTRATOR, { accountId: MANAGEMENT });
      const autoEnable = { ec2: true, ecr: false, lambda: true, lambdaCode: false };
      return { inputs: { autoEnable }, changes: [{ autoEnable: { ...autoEnable, lambdaCode: true } }], remains: true };
    },
  },
  {
    token: "aws:inspector2/filter:Filter",
    program: () => ({
      inputs: {
        action: "SUPPRESS",
        description: "not reachable",
        filterCriterias: [
          { vulnerabilityIds: [equals("CVE-2023-30861")], severities: [equals("LOW"), equals("HIGH")] },
        ],
      },
      changes: [
        { action: "NONE" },
        { description: "not reachable (until 2027-01-31)" },
        { name: "renamed" },
        { filterCriterias: [{ vulnerablePackages: [{ name: equals("flask") }], resourceIds: [equals("i-1")] }] },
      ],
    }),
  },
];
