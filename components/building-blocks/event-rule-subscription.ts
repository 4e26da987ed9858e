import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { checkArguments } from "../internal/argument-checks";
import { checkDeadLetters, deadLettersOf } from "../internal/subscription-parts";
import { EVENT_RULE_SUBSCRIPTION } from "./args.schema";
import { type EventPattern, patternFaults } from "../event-pattern";
import { within } from "../internal/faults";
import type { CallbackLambda } from "./callback-lambda";
import { Component, type ComponentOptions } from "./component";

export interface EventRuleSubscriptionArgs {
  /** What the rule is for; shown in the console. */
  description: string;
  /** Which events: see `eventPattern` for operators, and for tests of patterns. @rule */
  eventPattern: EventPattern;
  /** The function to invoke; it must be `asynchronous`. */
  lambda: CallbackLambda;
  /** Event bus. @format event-bus @default the account's default bus, which AWS services send to */
  eventBusName?: pulumi.Input<string>;
}

/** EventBridge rule → Lambda. Undeliverable events end in the function's dead-letter queue. */
export class EventRuleSubscription extends Component {
  readonly rule: aws.cloudwatch.EventRule;

  constructor(name: string, args: EventRuleSubscriptionArgs, opts?: ComponentOptions) {
    checkArguments(
      `EventRuleSubscription "${name}"`,
      EVENT_RULE_SUBSCRIPTION,
      args,
      (checks, { lambda, eventPattern }) => {
        checkDeadLetters(checks, "lambda", lambda);
        checks.add(within("eventPattern", patternFaults(eventPattern, { service: "eventbridge" })));
      },
    );
    super("lambda", name, opts);
    const deadLetters = deadLettersOf(args.lambda);
    const { eventBusName } = args;
    this.rule = new aws.cloudwatch.EventRule(
      this.named("rule"),
      { description: args.description, eventPattern: JSON.stringify(args.eventPattern), eventBusName },
      this.child,
    );
    const permission = new aws.lambda.Permission(
      this.named("permission"),
      {
        action: "lambda:InvokeFunction",
        function: args.lambda.function.name,
        principal: "events.amazonaws.com",
        sourceArn: this.rule.arn,
      },
      this.child,
    );
    new aws.cloudwatch.EventTarget(
      this.named("target"),
      {
        rule: this.rule.name,
        arn: args.lambda.function.arn,
        deadLetterConfig: { arn: deadLetters.queue.arn },
        eventBusName,
      },
      { ...this.child, dependsOn: [permission] },
    );
    this.registerOutputs({ ruleArn: this.rule.arn });
  }
}
