import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { Component, type ComponentOptions, type ObservabilityArgs } from "../building-blocks/component";
import { DeadLetterQueue } from "../building-blocks/dead-letter-queue";
import type { StateMachine } from "../building-blocks/state-machine";
import { wildcard } from "../event-pattern";
import { serviceTrust } from "../internal/policy";
import { lastingPolicy } from "../internal/role-policy";
import type { MapUpload } from "./args";

export interface UploadTriggerArgs extends ObservabilityArgs {
  bucket: pulumi.Input<string>;
  onUpload: MapUpload;
  stateMachine: StateMachine;
}

/**
 * EventBridge rule → state machine: an execution for each object that has come, with S3's event as its input. What
 * cannot be started ends in a dead-letter queue with an alarm. The bucket's owner lets it tell EventBridge.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-event-notifications-eventbridge.html
 */
export class UploadTrigger extends Component {
  readonly rule: aws.cloudwatch.EventRule;
  readonly deadLetters: DeadLetterQueue;

  constructor(name: string, { bucket, onUpload, stateMachine, ...topics }: UploadTriggerArgs, opts?: ComponentOptions) {
    super("distributed", name, opts);
    const purpose = `executions that ${name} could not start`;
    this.deadLetters = new DeadLetterQueue(
      this.named("dead-letters"),
      { purpose, fromEventRules: true, ...topics },
      this.child,
    );
    const { prefix, suffix = "" } = onUpload;
    const eventPattern = pulumi.jsonStringify({
      source: ["aws.s3"],
      "detail-type": ["Object Created"],
      detail: {
        bucket: { name: [bucket] },
        object: { key: [suffix === "" ? { prefix } : wildcard(`${prefix}*${suffix}`)] },
      },
    });
    this.rule = new aws.cloudwatch.EventRule(
      this.named("rule"),
      { description: `Objects ${prefix}*${suffix} start a run`, eventPattern },
      this.child,
    );
    const role = new aws.iam.Role(
      this.named("role"),
      { assumeRolePolicy: serviceTrust("events.amazonaws.com"), description: `Starts a run for ${prefix}*${suffix}` },
      this.child,
    );
    const arn = stateMachine.machine.arn;
    const may = [{ actions: ["states:StartExecution"], resources: [arn] }];
    const policy = lastingPolicy(this.named("policy"), role, may, this.child);
    new aws.cloudwatch.EventTarget(
      this.named("target"),
      {
        rule: this.rule.name,
        arn,
        roleArn: role.arn,
        deadLetterConfig: { arn: this.deadLetters.queue.arn },
      },
      { ...this.child, dependsOn: [policy] },
    );
    this.registerOutputs({ ruleArn: this.rule.arn });
  }
}
