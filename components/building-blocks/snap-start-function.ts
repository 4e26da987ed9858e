import { existsSync } from "node:fs";
import { relative } from "node:path";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Context } from "aws-lambda";
import { checkArguments, withDefaults } from "../internal/argument-checks";
import { archiveNotBuilt, refuseToDeploy } from "../internal/not-built";
import { checkPolicies, type PolicyStatement, serviceTrust } from "../internal/policy";
import { lastingPolicy, logsAndTraces } from "../internal/role-policy";
import { LIMITS_AS_OF, snapStartFaults, type SnapStartInputs } from "../internal/snap-start-limits";
import { DEFAULTS, SNAP_START_FUNCTION } from "./args.schema";
import { CallbackLambda } from "./callback-lambda";
import { alarmAbove, alarmTopics, Component, type ComponentOptions, type ObservabilityArgs } from "./component";

/**
 * How a new version is tried before all requests go to it: it gets a share of them for a while. When an alarm goes off
 * the alias has the old version alone again, and the deployment fails with `CanaryFailedError`; so it does, before the
 * version gets any, where an alarm is on already or not there.
 *
 * ```ts
 * canary: { percent: 10, minutes: 5, alarmNames: [latency.name] }
 * ```
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuring-alias-routing.html
 */
export interface Canary {
  /** Share of the requests that it gets. @integer @minimum 1 @maximum 50 @unit percents */
  percent: number;
  /**
   * For how long; a deployment waits for it. Lambda counts errors by the minute: an alarm goes off a minute or two later.
   *
   * @integer @minimum 1 @maximum 10 @unit minutes @default 5
   */
  minutes?: number;
  /**
   * Names of CloudWatch alarms that take the version back, composite ones too, beside that of the alias's errors. They
   * are there when a version is tried; the first one is not.
   *
   * @minLength 1
   * @maxItems 20
   * @default none
   */
  alarmNames?: pulumi.Input<string>[];
}

export interface SnapStartFunctionArgs extends ObservabilityArgs {
  /** What the function does, for the console: at most 256 characters of Latin-1. @format latin-1-of-256 */
  description: string;
  /** Path of a JAR, a ZIP archive or a folder, or an archive. It is built before: `mvn package`, say. @rule */
  code: string | pulumi.asset.Archive;
  /** Class or method that is called, such as `records.RecordsHandler`. */
  handler: string;
  /** Lambda's name of the runtime: Java 11, Python 3.12, .NET 8 or later. @format snap-start-runtime */
  runtime: string;
  /** Exactly what the function may do, besides writing its own logs and traces. */
  policies: readonly PolicyStatement[];
  /** Processor. Arm costs a fifth less. @default "arm64" */
  architecture?: "arm64" | "x86_64";
  /** How long an invocation may take. @integer @minimum 1 @maximum 900 @unit seconds @default 30 */
  timeoutSeconds?: number;
  /** Memory, which decides the CPU too. @integer @minimum 128 @maximum 10240 @unit MB @default 1024 */
  memoryMegabytes?: number;
  /**
   * Environment variables. Never secrets: snapshots hold them, and the function reads those after it is restored.
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
  /** How a new version is tried. @default none: all requests go to it once it is active */
  canary?: Canary;
  /** Name of the alias, which is all that can be invoked. @format alias-name @default "live" */
  aliasName?: string;
}

/** Longest that the new version is waited for. Lambda initializes it for up to 15 minutes, mostly for one or two. */
const WAIT_SECONDS = 840;

const ERRORS = "invocations failed. Read the function's logs";
const THROTTLES = "invocations were refused. Raise the concurrency, or find out who calls so often";

/**
 * A Lambda function whose versions start from a snapshot (SnapStart). Each change of code or configuration publishes a
 * version; the alias moves to it when it is active, and until then, or when it cannot be initialized, stays where it
 * is. Only the alias may be invoked: nothing here gives leave to invoke `$LATEST`, which has no snapshot.
 *
 * ```ts
 * const records = new SnapStartFunction("records", {
 *   description: "Records by REST",
 *   code: "apps/snapstart-java/target/function",
 *   handler: "records.RecordsHandler",
 *   runtime: "java25",
 *   policies: [{ actions: ["dynamodb:GetItem"], resources: [table.arn] }],
 * });
 * records.allow("api", { principal: "apigateway.amazonaws.com", sourceArn: pulumi.interpolate`${api.executionArn}/*` });
 * ```
 *
 * Arguments win over defaults. Invariants: SnapStart on published versions, active tracing, JSON logs in a log group of
 * its own with retention, exact policies, alarms of the alias's errors and throttles.
 *
 * A preview shows a `code` that is not built as changed.
 *
 * @throws ArgumentsError for wrong arguments, and RunError for transforms that SnapStart does not go with, and for a
 *   `code` that is not built where it is deployed
 * @see https://docs.aws.amazon.com/lambda/latest/dg/snapstart.html
 */
export class SnapStartFunction extends Component {
  readonly function: aws.lambda.Function;
  readonly role: aws.iam.Role;
  readonly logGroup: aws.cloudwatch.LogGroup;
  readonly alias: aws.lambda.Alias;
  /** Of the alias's errors; takes back a version that is tried. */
  readonly errorsAlarm: aws.cloudwatch.MetricAlarm;
  /** Says when a version is active, and has been tried. */
  readonly gate: CallbackLambda;
  /** What a caller's role needs. */
  readonly invokePolicy: PolicyStatement;

  constructor(name: string, args: SnapStartFunctionArgs, opts?: ComponentOptions) {
    checkArguments(`SnapStartFunction "${name}"`, SNAP_START_FUNCTION, args, (checks, { policies }) =>
      checkPolicies(checks, "policies", policies),
    );
    const code = codeOf(name, args.code);
    super("lambda", name, opts);
    const settings = withDefaults(DEFAULTS.SnapStartFunctionArgs, args);
    this.logGroup = new aws.cloudwatch.LogGroup(
      this.named("logs"),
      { retentionInDays: settings.logRetentionDays },
      this.child,
    );
    this.role = new aws.iam.Role(
      this.named("role"),
      { assumeRolePolicy: serviceTrust("lambda.amazonaws.com"), description: args.description },
      this.child,
    );
    this.function = this.createFunction(args, settings, code);
    this.errorsAlarm = this.createAlarm("errors", "Errors", ERRORS, settings.aliasName, args);
    this.createAlarm("throttles", "Throttles", THROTTLES, settings.aliasName, args);
    this.gate = this.createGate(settings.aliasName, args.canary);
    this.alias = this.createAlias(settings.aliasName);
    this.invokePolicy = { actions: ["lambda:InvokeFunction"], resources: [this.alias.arn] };
    this.registerOutputs({ functionName: this.function.name, aliasArn: this.alias.arn });
  }

  /** Lets an AWS service, or another account, invoke the alias. `role` becomes part of the permission's name. */
  allow(role: string, from: { principal: string; sourceArn: pulumi.Input<string> }): aws.lambda.Permission {
    return new aws.lambda.Permission(
      this.named(`${role}-permission`),
      {
        action: "lambda:InvokeFunction",
        function: this.function.name,
        qualifier: this.alias.name,
        principal: from.principal,
        sourceArn: from.sourceArn,
      },
      this.child,
    );
  }

  private createFunction(
    args: SnapStartFunctionArgs,
    settings: ReturnType<typeof withDefaults<typeof DEFAULTS.SnapStartFunctionArgs, SnapStartFunctionArgs>>,
    code: pulumi.asset.Archive,
  ): aws.lambda.Function {
    const statements = [...args.policies, ...logsAndTraces(this.logGroup)];
    const policy = lastingPolicy(this.named("policy"), this.role, statements, this.child);
    return new aws.lambda.Function(
      this.named("function"),
      {
        description: args.description,
        runtime: args.runtime,
        architectures: [settings.architecture],
        handler: args.handler,
        code,
        role: this.role.arn,
        timeout: settings.timeoutSeconds,
        memorySize: settings.memoryMegabytes,
        environment: args.environment && { variables: args.environment },
        tracingConfig: { mode: "Active" },
        loggingConfig: { logFormat: "JSON", logGroup: this.logGroup.name },
        reservedConcurrentExecutions: args.reservedConcurrency,
        snapStart: { applyOn: "PublishedVersions" },
        publish: true,
      },
      // A version is initialized as soon as it is published, with what its role may do by then.
      { ...this.child, dependsOn: [policy] },
    );
  }

  private createGate(aliasName: string, canary: Canary | undefined): CallbackLambda {
    const errors = this.errorsAlarm;
    const { minutes, percent = 0, alarmNames = [] } = { minutes: DEFAULTS.Canary.minutes, ...canary };
    const settings = pulumi
      .all([errors.name, ...alarmNames])
      .apply((names) => (canary === undefined ? undefined : { aliasName, percent, minutes, alarmNames: names }));
    const ofCanary: PolicyStatement[] = [
      { actions: ["lambda:GetAlias", "lambda:UpdateAlias"], resources: [this.function.arn] },
      {
        actions: ["cloudwatch:DescribeAlarms"],
        resources: ["*"],
        reason: "AWS authorizes it on all alarms at once, whichever are named",
      },
    ];
    return new CallbackLambda(
      this.named("gate"),
      {
        description: `${this.componentName}: waits until a version is active`,
        timeoutSeconds: WAIT_SECONDS,
        policies: [
          { actions: ["lambda:GetFunctionConfiguration"], resources: [pulumi.interpolate`${this.function.arn}:*`] },
          ...(canary === undefined ? [] : ofCanary),
        ],
        callback: async (event: unknown, context: Context) => {
          const { makeAwaitVersion } = await import("../../handlers/snapstart/await-version");
          return makeAwaitVersion(settings.get())(event, context);
        },
      },
      this.child,
    );
  }

  /**
   * The provider waits for the versions of updates, not for the first one, whose snapshot is made after the function is
   * there. The gate waits for each, and says no for one that failed.
   */
  private createAlias(name: string): aws.lambda.Alias {
    const { name: functionName, version } = this.function;
    const active = new aws.lambda.Invocation(
      this.named("active"),
      {
        functionName: this.gate.function.name,
        input: pulumi.jsonStringify({ functionName, version }),
        triggers: { version },
      },
      { ...this.child, dependsOn: [this.gate] },
    );
    const functionVersion = pulumi
      .all([version, active.result, requireSnapStart(this.componentName, this.function)])
      .apply(([newest]) => newest);
    const description = "The newest version that is active";
    return new aws.lambda.Alias(this.named("alias"), { name, description, functionName, functionVersion }, this.child);
  }

  /** By the alias's name: the gate, which the alias waits for, looks at the alarm. */
  private createAlarm(
    role: string,
    metricName: string,
    what: string,
    aliasName: string,
    args: ObservabilityArgs,
  ): aws.cloudwatch.MetricAlarm {
    const FunctionName = this.function.name;
    return new aws.cloudwatch.MetricAlarm(
      this.named(`${role}-alarm`),
      {
        alarmDescription: `${this.componentName}: ${what}.`,
        namespace: "AWS/Lambda",
        metricName,
        dimensions: { FunctionName, Resource: pulumi.interpolate`${FunctionName}:${aliasName}` },
        statistic: "Sum",
        period: 60,
        ...alarmAbove(0, alarmTopics(args)),
      },
      this.child,
    );
  }
}

/** Previews need no JDK. */
function codeOf(component: string, code: string | pulumi.asset.Archive): pulumi.asset.Archive {
  if (typeof code !== "string") return code;
  if (existsSync(code)) return new pulumi.asset.FileArchive(code);
  const what = `SnapStartFunction "${component}": code: there is no ${relative("", code)}. ${buildOf(relative("", code))}`;
  refuseToDeploy(what);
  return archiveNotBuilt(code);
}

/** How a path comes to be: what is in a folder `target` is made by Maven. */
function buildOf(path: string): string {
  const [, project] = /^(?:(.+)\/)?target\//.exec(path.replaceAll("\\", "/")) ?? [];
  return project === undefined ? "Build it, or correct the path." : `Build it: mvn --file ${project} package`;
}

/** Fails the preview for what a transform has made impossible. Each is by itself, as a preview does not know all. */
function requireSnapStart(component: string, made: aws.lambda.Function): pulumi.Output<"possible">[] {
  const check = (inputs: SnapStartInputs): "possible" => {
    const faults = snapStartFaults(inputs);
    if (faults.length === 0) return "possible";
    const line = `SnapStartFunction "${component}": SnapStart is not possible: ${faults.join("; ")}`;
    throw new pulumi.RunError(`${line} (Lambda's documentation as of ${LIMITS_AS_OF}). Take it out of the transform.`);
  };
  return [
    pulumi.all([made.runtime, made.packageType]).apply(([runtime, packageType]) => check({ runtime, packageType })),
    made.ephemeralStorage.apply((ephemeralStorage) => check({ ephemeralStorage })),
    made.fileSystemConfig.apply((fileSystemConfig) => check({ fileSystemConfig })),
  ];
}
