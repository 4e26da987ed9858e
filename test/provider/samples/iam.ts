import { allow, trust } from "../support";
import type { Make, Sample } from "./sample";

const ROLE = "aws:iam/role:Role";

export const madeRole = (make: Make, by = "lambda"): ReturnType<Make> =>
  make(ROLE, { assumeRolePolicy: trust(`${by}.amazonaws.com`) });

export const iam: readonly Sample[] = [
  {
    token: ROLE,
    program: () => ({
      inputs: { assumeRolePolicy: trust("lambda.amazonaws.com"), path: "/service/" },
      changes: [
        { assumeRolePolicy: trust("ec2.amazonaws.com") },
        { description: "for instances" },
        { maxSessionDuration: 7200 },
      ],
    }),
  },
  {
    token: "aws:iam/rolePolicy:RolePolicy",
    program: async (make) => ({
      inputs: { role: (await madeRole(make)).id, policy: allow("s3:GetObject") },
      changes: [{ policy: allow(["s3:GetObject", "s3:PutObject"]) }],
    }),
  },
  {
    token: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    program: async (make) => ({
      inputs: { role: (await madeRole(make)).id, policyArn: "arn:aws:iam::aws:policy/ReadOnlyAccess" },
    }),
  },
  {
    token: "aws:iam/instanceProfile:InstanceProfile",
    program: async (make) => {
      const [one, other] = [await madeRole(make, "ec2"), await madeRole(make, "ec2")];
      return { inputs: { role: one.id }, changes: [{ role: other.id }] };
    },
  },
];
