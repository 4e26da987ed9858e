/** What EventBridge Scheduler needs to deliver to a task's target. */
import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { CallbackLambda } from "../building-blocks/callback-lambda";
import type { DeadLetterQueue } from "../building-blocks/dead-letter-queue";
import type { StateMachine } from "../building-blocks/state-machine";
import type { WorkQueue } from "../building-blocks/work-queue";
import { serviceTrust } from "./policy";
import { deadLettersOf, lastingPolicy } from "./subscription-parts";

/** Who does the work: a function, the consumer of a queue, or a state machine. */
export type TaskTarget = { lambda: CallbackLambda } | { queue: WorkQueue } | { stateMachine: StateMachine };

/** What is called, and where failures end. */
export interface Delivery {
  readonly arn: pulumi.Output<string>;
  readonly action: string;
  readonly deadLetters: DeadLetterQueue;
}

/** @param ownDeadLetters makes a queue, for a target that has none */
export function deliveryTo(target: TaskTarget, ownDeadLetters: () => DeadLetterQueue): Delivery {
  if ("queue" in target) {
    return { arn: target.queue.queue.arn, action: "sqs:SendMessage", deadLetters: target.queue.deadLetters };
  }
  if ("lambda" in target) {
    const { lambda } = target;
    return { arn: lambda.function.arn, action: "lambda:InvokeFunction", deadLetters: deadLettersOf(lambda) };
  }
  return { arn: target.stateMachine.machine.arn, action: "states:StartExecution", deadLetters: ownDeadLetters() };
}

/** The role of schedules that may make one delivery, and nothing else; and its policy, without which it may not yet. */
export function deliveryRole(
  named: (role: string) => string,
  { arn, action, deadLetters }: Delivery,
  description: string,
  opts: pulumi.CustomResourceOptions,
): { role: aws.iam.Role; policy: aws.iam.RolePolicy } {
  const role = new aws.iam.Role(
    named("role"),
    { assumeRolePolicy: serviceTrust("scheduler.amazonaws.com"), description },
    opts,
  );
  const statements = [
    { actions: [action], resources: [arn] },
    { actions: ["sqs:SendMessage"], resources: [deadLetters.queue.arn] },
  ];
  return { role, policy: lastingPolicy(named("policy"), role, statements, opts) };
}
