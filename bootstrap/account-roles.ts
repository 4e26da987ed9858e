/** The roles that each account has for its stacks: docs/accounts.md. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type AccountRole, ROLES } from "../stacks/roles";

/** Who may assume a role, and what they have to say with it. */
export interface Trusted {
  /** A role that exists by then: IAM refuses all others. */
  readonly arn: pulumi.Input<string>;
  readonly externalId: string | undefined;
}

function trustPolicy(trusted: readonly Trusted[]): pulumi.Output<string> {
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: trusted.map(({ arn, externalId }) => ({
      Effect: "Allow",
      Principal: { AWS: arn },
      Action: "sts:AssumeRole",
      ...(externalId === undefined ? {} : { Condition: { StringEquals: { "sts:ExternalId": externalId } } }),
    })),
  });
}

/**
 * Makes a role that somebody is trusted with.
 *
 * @param account its id, for the names of resources
 */
function createRole(
  account: string,
  { name, policy, attached }: AccountRole,
  trusted: readonly Trusted[],
  opts: pulumi.CustomResourceOptions,
): void {
  if (trusted.length === 0) return;
  const role = new aws.iam.Role(`${account}-${name}`, { name, assumeRolePolicy: trustPolicy(trusted) }, opts);
  const inline = { role: role.name, name: "work", policy: JSON.stringify(policy) };
  new aws.iam.RolePolicy(`${account}-${name}`, inline, opts);
  for (const [policyName, document] of Object.entries(attached)) {
    const args = { name: policyName, policy: JSON.stringify(document) };
    const { arn } = new aws.iam.Policy(`${account}-${policyName}`, args, opts);
    new aws.iam.RolePolicyAttachment(`${account}-${policyName}`, { role: role.name, policyArn: arn }, opts);
  }
}

export function createAccountRoles(
  account: string,
  trusted: Readonly<Record<keyof typeof ROLES, readonly Trusted[]>>,
  opts: pulumi.CustomResourceOptions,
): void {
  createRole(account, ROLES.deployer, trusted.deployer, opts);
  createRole(account, ROLES.preview, trusted.preview, opts);
}
