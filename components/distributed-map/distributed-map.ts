import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { CallbackLambda } from "../building-blocks/callback-lambda";
import { alarmTopics, checkName, Component, type ComponentOptions } from "../building-blocks/component";
import { ScheduledTask } from "../building-blocks/scheduled-task";
import { StateMachine } from "../building-blocks/state-machine";
import { lastingIdentity } from "../internal/lasting-identity";
import { lastingPolicy } from "../internal/role-policy";
import type { DistributedMapArgs, MapSource, SourceObject } from "./args";
import { checkDistributedMap, objectOf } from "./checks";
import { mapDashboard } from "./dashboard";
import { definitionOf, ownPermissions, type Parts, permissionsOf } from "./definition";
import { type FunctionContext, itemFunction, summaryFunction } from "./item-function";
import { inSameRegion } from "./same-region";
import { UploadTrigger } from "./upload-trigger";

export type * from "./args";
export { UploadTrigger } from "./upload-trigger";

/**
 * A Step Functions machine that works on up to 100 million items of S3 at once: objects, rows of a CSV file, elements of
 * a JSON file, JSON lines, or an inventory. Each item or batch is a child execution of its own; what they answer is
 * written to S3, some may fail, and only what failed runs again when a run is redriven.
 *
 * ```ts
 * new DistributedMap("dogs", {
 *   source: { objects: { bucket: "pictures", prefix: "images/" } },
 *   item: { thumbnails: { width: 200 } },
 *   results: { bucket: "pictures", prefix: "small" },
 *   toleratedFailures: { percentage: 1 },
 * });
 * ```
 *
 * Follows the AWS News Blog post "Step Functions Distributed Map – A Serverless Solution for Large-Scale Parallel Data
 * Processing"; how it differs and why is described in docs/distributed-map.md. Arguments win over defaults. Invariants:
 * exact policies, results in S3, jitter between retries, an alarm for runs that fail and for those that cannot start.
 *
 * @throws ArgumentsError naming every wrong argument, before any resource is registered; RunError for a bucket in
 *   another region, as soon as its region is known
 */
export class DistributedMap extends Component {
  readonly stateMachine: StateMachine;
  /** The function of the item, where it is made here. */
  readonly lambda: CallbackLambda | undefined;
  /** What sums up the results of a ready-made item. */
  readonly summary: CallbackLambda | undefined;
  readonly dashboard: aws.cloudwatch.Dashboard;
  readonly schedule: ScheduledTask | undefined;
  readonly uploads: UploadTrigger | undefined;

  constructor(name: string, args: DistributedMapArgs, opts?: ComponentOptions) {
    const checks = checkDistributedMap(args);
    checkName(checks, name);
    checks.finish(`DistributedMap "${name}"`);
    // Functions cannot be kept in the stack's state.
    const { item, ...shown } = args;
    super("distributed", name, opts, "lambda" in item ? shown : { ...args });
    const context = this.functionContext(args);
    this.lambda = itemFunction(context);
    this.summary = summaryFunction(context);
    this.stateMachine = this.createMachine(context);
    const ready = this.createOwnPolicy();
    this.schedule = this.createSchedule(args, ready);
    this.uploads = this.createUploads(context, ready);
    this.dashboard = this.createDashboard(args);
    this.registerOutputs({ stateMachineArn: this.stateMachine.machine.arn });
  }

  private functionContext(args: DistributedMapArgs): FunctionContext {
    const { componentName, child } = this;
    const [place, { bucket }] = sourceOf(args.source);
    const label = `DistributedMap "${componentName}"`;
    const sourceBucket = inSameRegion(label, `source.${place}.bucket`, bucket, child);
    const isSame = bucket === args.results.bucket;
    return {
      args,
      componentName,
      child,
      sourceBucket,
      resultsBucket: isSame ? sourceBucket : inSameRegion(label, "results.bucket", args.results.bucket, child),
      named: (role) => this.named(role),
      arn: (rest) => this.arn(rest),
      common: { ...alarmTopics(args), ...(args.tags !== undefined && { tags: args.tags }) },
    };
  }

  private createMachine({ args, common, ...context }: FunctionContext): StateMachine {
    const given = "function" in args.item ? args.item.function.arn : undefined;
    const parts: Parts = {
      ...context,
      functionArn: this.lambda?.function.arn ?? given,
      summaryArn: this.summary?.function.arn,
    };
    return new StateMachine(
      this.named("machine"),
      {
        description: `${this.componentName}: works on many items at once`,
        definition: definitionOf(args, parts),
        policies: permissionsOf(args, parts),
        ...common,
      },
      this.child,
    );
  }

  /** A policy of its own: it names the machine, which is made after the role and its other policy. */
  private createOwnPolicy(): aws.iam.RolePolicy {
    const { role, machine } = this.stateMachine;
    return lastingPolicy(this.named("children"), role, ownPermissions(machine.arn), this.child);
  }

  private createSchedule(args: DistributedMapArgs, ready: aws.iam.RolePolicy): ScheduledTask | undefined {
    if (args.schedule === undefined) return undefined;
    return new ScheduledTask(
      this.named("schedule"),
      {
        description: `${this.componentName}: a run is due`,
        target: { stateMachine: this.stateMachine },
        ...args.schedule,
        ...alarmTopics(args),
      },
      { ...this.child, dependsOn: [ready] },
    );
  }

  private createUploads({ args, sourceBucket }: FunctionContext, ready: aws.iam.RolePolicy): UploadTrigger | undefined {
    const { onUpload } = args;
    if (onUpload === undefined) return undefined;
    return new UploadTrigger(
      this.named("uploads"),
      { bucket: sourceBucket, onUpload, stateMachine: this.stateMachine, ...alarmTopics(args) },
      { ...this.child, dependsOn: [ready] },
    );
  }

  private createDashboard({ item }: DistributedMapArgs): aws.cloudwatch.Dashboard {
    const given = "function" in item ? pulumi.output(item.function.arn).apply(functionNameOf) : undefined;
    const identity = lastingIdentity(this.named("identity"), this.componentName, this.child);
    return mapDashboard(
      this.named("dashboard"),
      {
        identity,
        machineArn: this.stateMachine.machine.arn,
        functionName: this.lambda?.function.name ?? given,
        region: aws.getRegionOutput({}, this.child).region,
      },
      this.child,
    );
  }
}

/** The source's kind, which is its place among the arguments, and where it is. */
function sourceOf(source: MapSource): [place: string, Pick<SourceObject, "bucket">] {
  const place = Object.keys(source).join();
  return [place, "objects" in source ? source.objects : (objectOf(source) as SourceObject)];
}

/** `arn:…:function:resize:live` → `resize`. */
function functionNameOf(arn: string): string {
  return arn.split(":")[6] ?? arn;
}
