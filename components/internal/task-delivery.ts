/** What EventBridge Scheduler needs to deliver to a task's target. */
import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { CallbackLambda } from "../building-blocks/callback-lambda";
import { DeadLetterQueue, type DeadLetterQueueArgs } from "../building-blocks/dead-letter-queue";
import type { StateMachine } from "../building-blocks/state-machine";
import type { WorkQueue } from "../building-blocks/work-queue";
import { serviceTrust } from "./policy";
import { lastingPolicy } from "./role-policy";
import { deadLettersOf } from "./subscription-parts";

/** Who does the work: a function, the consumer of a queue, or a state machine. */
export type TaskTarget = { lambda: CallbackLambda } | { queue: WorkQueue } | { stateMachine: StateMachine };

/** What is called, where failures end, and the role of schedules that may do just that. */
export interface Delivery {
  readonly arn: pulumi.Output<string>;
  readonly deadLetters: DeadLetterQueue;
  readonly role: aws.iam.Role;
  /** Without it the role may not deliver yet. */
  readonly policy: aws.iam.RolePolicy;
}

function called(
  target: TaskTarget,
  ownDeadLetters: () => DeadLetterQueue,
): [arn: pulumi.Output<string>, action: string, deadLetters: DeadLetterQueue] {
  if ("queue" in target) return [target.queue.queue.arn, "sqs:SendMessage", target.queue.deadLetters];
  if ("lambda" in target) return [target.lambda.function.arn, "lambda:InvokeFunction", deadLettersOf(target.lambda)];
  return [target.stateMachine.machine.arn, "states:StartExecution", ownDeadLetters()];
}

/**
 * @param named gives the names of what is made
 * @param ownDeadLetters of the queue that is made for a target that has none
 */
export function deliveryTo(
  named: (role: string) => string,
  target: TaskTarget,
  description: string,
  ownDeadLetters: DeadLetterQueueArgs,
  opts: pulumi.CustomResourceOptions,
): Delivery {
  const own = (): DeadLetterQueue => new DeadLetterQueue(named("dead-letters"), ownDeadLetters, opts);
  const [arn, action, deadLetters] = called(target, own);
  const role = new aws.iam.Role(
    named("role"),
    { assumeRolePolicy: serviceTrust("scheduler.amazonaws.com"), description },
    opts,
  );
  const statements = [
    { actions: [action], resources: [arn] },
    { actions: ["sqs:SendMessage"], resources: [deadLetters.queue.arn] },
  ];
  return { arn, deadLetters, role, policy: lastingPolicy(named("policy"), role, statements, opts) };
}
