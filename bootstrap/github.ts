/** Roles for GitHub's workflows, which get credentials by OpenID Connect. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

const ISSUER = "token.actions.githubusercontent.com";
const AUDIENCE = "sts.amazonaws.com";

/** AWS checks GitHub's certificate by the authorities that it trusts, so there is no thumbprint. */
export function createIdentityProvider(opts: pulumi.CustomResourceOptions): aws.iam.OpenIdConnectProvider {
  return new aws.iam.OpenIdConnectProvider("github", { url: `https://${ISSUER}`, clientIdLists: [AUDIENCE] }, opts);
}

/** @param subject the whole `sub` of the workflow's tokens, without wildcards */
export function createWorkflowRole(
  name: string,
  { arn }: aws.iam.OpenIdConnectProvider,
  subject: string,
  opts: pulumi.CustomResourceOptions,
): aws.iam.Role {
  const assumeRolePolicy = pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Federated: arn },
        Action: "sts:AssumeRoleWithWebIdentity",
        Condition: { StringEquals: { [`${ISSUER}:aud`]: AUDIENCE, [`${ISSUER}:sub`]: subject } },
      },
    ],
  });
  return new aws.iam.Role(name, { name, assumeRolePolicy }, opts);
}
