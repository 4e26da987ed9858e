import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { checkArguments, withDefaults } from "../internal/argument-checks";
import { CALLBACK_LAMBDA, DEFAULTS } from "./args.schema";
import { alarmTopics, Component, type ComponentOptions, type ObservabilityArgs } from "./component";
import { DeadLetterQueue } from "./dead-letter-queue";
import { type InspectorExclusion, tagsWithExclusion } from "./inspector-exclusion";
import { type Callback, callbackArchive, type CallbackFiles, packageCallback } from "../internal/packaging";
import { checkPolicies, type PolicyStatement, serviceTrust } from "../internal/policy";
import { lastingPolicy, logsAndTraces } from "../internal/role-policy";

/** What happens to events that Lambda invokes the function with asynchronously (EventBridge, Scheduler, S3, SNS). */
export interface AsynchronousArgs {
  /** Time after which an event is given up. @integer @minimum 60 @maximum 21600 @unit seconds @default 21600 */
  maximumEventAgeSeconds?: number;
  /** Retries after the first failure. @default 2 */
  maximumRetryAttempts?: 0 | 1 | 2;
}

export interface CallbackLambdaArgs extends ObservabilityArgs {
  /**
   * The function's code, written inline and kept thin: it imports its handler module by a relative path and captures
   * nothing but settings (Outputs by `.get()`).
   */
  callback: Callback;
  /**
   * Folder at which all relative imports of the callback start, for callbacks that are made at run time.
   *
   * @default the folder of the file that each import is written in
   */
  directory?: string;
  /** What the function does, for the console: at most 256 characters of Latin-1. @format latin-1-of-256 */
  description: string;
  /** Exactly what the handler may do, besides writing its own logs and traces. There is no managed-policy default. */
  policies: readonly PolicyStatement[];
  /** How long an invocation may take. @integer @minimum 1 @maximum 900 @unit seconds @default 30 */
  timeoutSeconds?: number;
  /** Memory, which decides the CPU too. @integer @minimum 128 @maximum 10240 @unit MB @default 256 */
  memoryMegabytes?: number;
  /**
   * Environment variables. Never secrets: the handler reads those from Secrets Manager or Parameter Store.
   *
   * @propertyNames environment-variable
   * @default none
   */
  environment?: Record<string, pulumi.Input<string>>;
  /**
   * Instances at the same time.
   *
   * @integer @minimum 0 @maximum 1000 @unit instances
   * @default the account's unreserved concurrency
   */
  reservedConcurrency?: number;
  /** How long logs are kept. @unit days @default 30 */
  logRetentionDays?: 1 | 3 | 5 | 7 | 14 | 30 | 60 | 90 | 180 | 365;
  /**
   * For functions that are invoked asynchronously: failed events go to a dead-letter queue with an alarm.
   *
   * @default none: a function behind a queue or stream has its dead letters there
   */
  asynchronous?: AsynchronousArgs;
  /**
   * Tags of the function, its role and its log group.
   *
   * @propertyNames own-tag-key @format tag-value
   * @default none
   */
  tags?: Record<string, pulumi.Input<string>>;
  /** Leaves the function out of Amazon Inspector's scans. @default none: it is scanned where Inspector is on */
  inspectorExclusion?: InspectorExclusion;
}

/** Lambda's newest Node.js; it takes asynchronous handlers only, which callbacks are. */
const RUNTIME = "nodejs24.x";

/**
 * A Lambda function made from an inline callback, with a role that may do exactly what is listed.
 *
 * ```ts
 * const lambda = new CallbackLambda("greeter-hello", {
 *   description: "Says hello",
 *   policies: [{ actions: ["sqs:SendMessage"], resources: [queue.arn] }],
 *   callback: async (event: { name: string }) => {
 *     const { greet } = await import("../handlers/greeter/handler");
 *     return greet(event, queue.url.get());
 *   },
 * });
 * ```
 *
 * Arguments win over defaults. Invariants: arm64, Node.js 24, active tracing, JSON logs in a log group of its own with
 * retention. The archive holds the serialised callback and the bundled handler, so the same source gives the same
 * archive on every machine. What the callback imports by a constant name is bundled; what it imports otherwise, and a
 * secret that it captures, is refused with the function's name before anything is deployed. Programs that use the
 * published package install `esbuild`, which bundles.
 *
 * @throws ArgumentsError for a description that AWS refuses, wrong numbers, wildcard actions, or `*` resources without a
 *   reason
 */
export class CallbackLambda extends Component {
  readonly function: aws.lambda.Function;
  readonly role: aws.iam.Role;
  readonly logGroup: aws.cloudwatch.LogGroup;
  /** Present when `asynchronous` is given. */
  readonly deadLetters: DeadLetterQueue | undefined;

  constructor(name: string, args: CallbackLambdaArgs, opts?: ComponentOptions) {
    checkArguments(`CallbackLambda "${name}"`, CALLBACK_LAMBDA, args, (checks, { policies }) =>
      checkPolicies(checks, "policies", policies),
    );
    super("lambda", name, opts);
    const { tags } = args;
    this.logGroup = new aws.cloudwatch.LogGroup(
      this.named("logs"),
      { retentionInDays: args.logRetentionDays ?? DEFAULTS.CallbackLambdaArgs.logRetentionDays, tags },
      this.child,
    );
    this.deadLetters = args.asynchronous === undefined ? undefined : this.createDeadLetters(args);
    this.role = new aws.iam.Role(
      this.named("role"),
      { assumeRolePolicy: serviceTrust("lambda.amazonaws.com"), description: args.description, tags },
      this.child,
    );
    const policy = this.createPolicy(args.policies);
    this.function = this.createFunction(args, policy);
    if (args.asynchronous !== undefined) this.createInvokeConfig(args.asynchronous);
    this.registerOutputs({ functionName: this.function.name, functionArn: this.function.arn });
  }

  private createDeadLetters(args: CallbackLambdaArgs): DeadLetterQueue {
    const purpose = `events that ${this.componentName} could not handle`;
    const topics = alarmTopics(args);
    return new DeadLetterQueue(this.named("dead-letters"), { purpose, fromEventRules: true, ...topics }, this.child);
  }

  private createPolicy(statements: readonly PolicyStatement[]): aws.iam.RolePolicy {
    const own = logsAndTraces(this.logGroup);
    if (this.deadLetters !== undefined) {
      own.push({ actions: ["sqs:SendMessage"], resources: [this.deadLetters.queue.arn] });
    }
    return lastingPolicy(this.named("policy"), this.role, [...statements, ...own], this.child);
  }

  private createFunction(args: CallbackLambdaArgs, policy: aws.iam.RolePolicy): aws.lambda.Function {
    const code = pulumi.output(this.packageCode(args)).apply(callbackArchive);
    return new aws.lambda.Function(
      this.named("function"),
      {
        description: args.description,
        runtime: RUNTIME,
        architectures: ["arm64"],
        handler: "index.handler",
        code,
        role: this.role.arn,
        timeout: args.timeoutSeconds ?? DEFAULTS.CallbackLambdaArgs.timeoutSeconds,
        memorySize: args.memoryMegabytes ?? DEFAULTS.CallbackLambdaArgs.memoryMegabytes,
        environment: args.environment && { variables: args.environment },
        tracingConfig: { mode: "Active" },
        loggingConfig: { logFormat: "JSON", logGroup: this.logGroup.name },
        reservedConcurrentExecutions: args.reservedConcurrency,
        tags: tagsWithExclusion(args.tags, args.inspectorExclusion),
      },
      // Without its policy the function's first invocations would be refused.
      { ...this.child, dependsOn: [policy] },
    );
  }

  /** A RunError is shown as it is: the stack would say nothing of the callback. */
  private packageCode({ callback, directory }: CallbackLambdaArgs): Promise<CallbackFiles> {
    return packageCallback(callback, directory).catch((error: unknown) => {
      const why = error instanceof Error ? error.message : String(error);
      throw new pulumi.RunError(`CallbackLambda "${this.componentName}": ${why}`);
    });
  }

  private createInvokeConfig(args: AsynchronousArgs): void {
    const { maximumEventAgeSeconds, maximumRetryAttempts } = withDefaults(DEFAULTS.AsynchronousArgs, args);
    if (this.deadLetters === undefined) return;
    new aws.lambda.FunctionEventInvokeConfig(
      this.named("asynchronous"),
      {
        functionName: this.function.name,
        maximumEventAgeInSeconds: maximumEventAgeSeconds,
        maximumRetryAttempts,
        destinationConfig: { onFailure: { destination: this.deadLetters.queue.arn } },
      },
      this.child,
    );
  }
}
