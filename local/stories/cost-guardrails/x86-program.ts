/** A program that keeps to all rules but one: its function is for x86 processors. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { GuardrailsSettings } from "../../../policy/settings";
import type { Account } from "../../../stacks/account";
import type { PlayedContext, Preview } from "../story";

function program({ region, roleArn, tags }: Account): () => Promise<void> {
  return async () => {
    const provider = new aws.Provider("account", {
      region: region as aws.Region,
      assumeRoles: [{ roleArn }],
      defaultTags: { tags: { ...tags } },
    });
    const trust = { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" };
    const assumeRolePolicy = JSON.stringify({ Version: "2012-10-17", Statement: [trust] });
    const role = new aws.iam.Role("legacy", { assumeRolePolicy }, { provider });
    const logs = new aws.cloudwatch.LogGroup("legacy", { retentionInDays: 7 }, { provider });
    const text = "exports.handler = async () => 1";
    new aws.lambda.Function(
      "legacy",
      {
        role: role.arn,
        runtime: "nodejs24.x",
        handler: "index.handler",
        code: new pulumi.asset.AssetArchive({ "index.js": new pulumi.asset.StringAsset(text) }),
        architectures: ["x86_64"],
        tracingConfig: { mode: "Active" },
        loggingConfig: { logFormat: "JSON", logGroup: logs.name },
      },
      { provider },
    );
  };
}

export function previewX86(
  context: PlayedContext,
  exemptions: NonNullable<GuardrailsSettings["exemptions"]>,
): Promise<Preview> {
  return context.preview(program(context.deployment.account), { exemptions });
}
