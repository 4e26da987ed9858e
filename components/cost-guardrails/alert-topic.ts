import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { arnParts } from "../internal/arn";
import { Component } from "../building-blocks/component";
import { tlsOnlyStatement } from "../internal/policy";

/** The services that tell of costs. */
const PUBLISHERS = ["budgets.amazonaws.com", "costalerts.amazonaws.com"];

/** What the account itself may do with the key: look after it, but neither encrypt nor decrypt. */
const KEY_ADMINISTRATION = [
  "kms:CancelKeyDeletion",
  "kms:DescribeKey",
  "kms:DisableKey",
  "kms:DisableKeyRotation",
  "kms:EnableKey",
  "kms:EnableKeyRotation",
  "kms:GetKeyPolicy",
  "kms:GetKeyRotationStatus",
  "kms:ListKeyPolicies",
  "kms:ListResourceTags",
  "kms:PutKeyPolicy",
  "kms:ScheduleKeyDeletion",
  "kms:TagResource",
  "kms:UntagResource",
  "kms:UpdateKeyDescription",
];

/**
 * An encrypted SNS topic that AWS Budgets and Cost Anomaly Detection publish to, on behalf of this account only, and
 * nobody without TLS. The key is one of the account's own: services cannot be let into the one that AWS manages for
 * SNS. See https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-sns-policy.html and ad-SNS.html there.
 */
export class AlertTopic extends Component {
  readonly topic: aws.sns.Topic;
  /** What has to exist before a service is given the topic: it tries at once whether it may publish. */
  readonly ready: pulumi.Resource[];

  constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
    super("cost", name, opts);
    const caller = aws.getCallerIdentityOutput({}, { parent: this });
    const key = this.createKey(caller);
    this.topic = new aws.sns.Topic(this.named("topic"), { kmsMasterKeyId: key.arn }, this.child);
    const policy = new aws.sns.TopicPolicy(
      this.named("policy"),
      { arn: this.topic.arn, policy: topicPolicy(this.topic.arn, caller.accountId) },
      this.child,
    );
    this.ready = [policy];
    this.registerOutputs({ topicArn: this.topic.arn });
  }

  private createKey(caller: pulumi.Output<aws.GetCallerIdentityResult>): aws.kms.Key {
    const root = caller.apply(({ accountId, arn }) => `arn:${arnParts(arn).partition}:iam::${accountId}:root`);
    return new aws.kms.Key(
      this.named("key"),
      {
        description: `${this.componentName}: what AWS tells of costs`,
        enableKeyRotation: true,
        policy: pulumi.jsonStringify({
          Version: "2012-10-17",
          Statement: [
            // In a key's policy, `*` is the key itself.
            { Effect: "Allow", Principal: { AWS: root }, Action: KEY_ADMINISTRATION, Resource: "*" },
            ...PUBLISHERS.map((service) => ({
              Effect: "Allow",
              Principal: { Service: service },
              Action: ["kms:Decrypt", "kms:GenerateDataKey"],
              Resource: "*",
              Condition: { StringEquals: { "aws:SourceAccount": caller.accountId } },
            })),
          ],
        }),
      },
      this.child,
    );
  }
}

function topicPolicy(topicArn: pulumi.Output<string>, accountId: pulumi.Output<string>): pulumi.Output<string> {
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      ...PUBLISHERS.map((service) => ({
        Effect: "Allow",
        Principal: { Service: service },
        Action: "sns:Publish",
        Resource: topicArn,
        Condition: { StringEquals: { "aws:SourceAccount": accountId } },
      })),
      tlsOnlyStatement("sns:Publish", topicArn),
    ],
  });
}
