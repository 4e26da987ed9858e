import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { ArgumentChecks } from "../internal/argument-checks";
import { checkDeadLetters, deadLettersOf } from "../internal/subscription-parts";
import type { CallbackLambda } from "./callback-lambda";
import { Component, type ComponentOptions } from "./component";

export interface EventRuleSubscriptionArgs {
  /** What the rule is for; shown in the console. */
  description: string;
  /** EventBridge event pattern. */
  eventPattern: Record<string, unknown>;
  /** The function to invoke; it must be `asynchronous`. */
  lambda: CallbackLambda;
  /** Event bus. Default: the account's default bus, which AWS services send to. */
  eventBusName?: pulumi.Input<string>;
}

/** EventBridge rule → Lambda. Undeliverable events end in the function's dead-letter queue. */
export class EventRuleSubscription extends Component {
  readonly rule: aws.cloudwatch.EventRule;

  constructor(name: string, args: EventRuleSubscriptionArgs, opts?: ComponentOptions) {
    const checks = new ArgumentChecks();
    checkDeadLetters(checks, "lambda", args.lambda);
    checks.value("eventBusName", args.eventBusName, { type: "string", format: "event-bus", input: true });
    checks.finish(`EventRuleSubscription "${name}"`);
    super("lambda", name, opts);
    const deadLetters = deadLettersOf(args.lambda);
    const bus = args.eventBusName === undefined ? {} : { eventBusName: args.eventBusName };
    this.rule = new aws.cloudwatch.EventRule(
      this.named("rule"),
      { description: args.description, eventPattern: JSON.stringify(args.eventPattern), ...bus },
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
        ...bus,
      },
      { ...this.child, dependsOn: [permission] },
    );
    this.registerOutputs({ ruleArn: this.rule.arn });
  }
}
