/** The functions that work on items, and the one that sums up what ready-made ones answer. */
import * as pulumi from "@pulumi/pulumi";
import type { SummarySettings } from "../../handlers/distributed-map/settings";
import { CallbackLambda } from "../building-blocks/callback-lambda";
import type { ObservabilityArgs } from "../building-blocks/component";
import type { DistributedMapArgs, HottestDay, ItemCapacity, Thumbnails } from "./args";
import { DEFAULTS } from "./args.schema";
import type { Parts } from "./definition";

/** What all functions of one component share. */
export interface FunctionContext extends Pick<Parts, "sourceBucket" | "resultsBucket" | "arn"> {
  readonly args: DistributedMapArgs;
  /** The component's name, and those of its children. */
  readonly componentName: string;
  readonly named: (role: string) => string;
  /** Topics and tags. */
  readonly common: ObservabilityArgs & { tags?: Record<string, string> };
  readonly child: pulumi.CustomResourceOptions;
}

/** The function of the item; undefined where it exists already, or for a task. */
export function itemFunction(context: FunctionContext): CallbackLambda | undefined {
  const { item } = context.args;
  if ("lambda" in item) {
    return new CallbackLambda(context.named("item"), { ...context.common, ...item.lambda }, context.child);
  }
  if ("thumbnails" in item) return thumbnailsFunction(context, item.thumbnails);
  return "hottestDay" in item ? hottestDayFunction(context, item.hottestDay) : undefined;
}

/** What makes a summary of the items' answers; undefined for items of the user's own. */
export function summaryFunction(context: FunctionContext): CallbackLambda | undefined {
  const { item, results } = context.args;
  if (!("thumbnails" in item) && !("hottestDay" in item)) return undefined;
  const of: SummarySettings["of"] = "thumbnails" in item ? "thumbnails" : "hottestDay";
  const { prefix } = results;
  const bucket = context.resultsBucket;
  return new CallbackLambda(
    context.named("summary"),
    {
      ...context.common,
      description: `${context.componentName}: sums up the results of a run`,
      timeoutSeconds: 900,
      memoryMegabytes: DEFAULTS.ItemCapacity.memoryMegabytes,
      policies: [
        {
          actions: ["s3:GetObject", "s3:PutObject"],
          resources: [context.arn(pulumi.interpolate`s3:::${bucket}/${prefix}/*`)],
        },
      ],
      callback: async (event: unknown) => {
        const { makeHandler } = await import("../../handlers/distributed-map/summary");
        return makeHandler({ of, results: { bucket: bucket.get(), prefix } })(event);
      },
    },
    context.child,
  );
}

function capacity({ reservedConcurrency, memoryMegabytes = DEFAULTS.ItemCapacity.memoryMegabytes }: ItemCapacity) {
  return { memoryMegabytes, ...(reservedConcurrency !== undefined && { reservedConcurrency }) };
}

function thumbnailsFunction(context: FunctionContext, thumbnails: Thumbnails): CallbackLambda {
  const { source, results } = context.args;
  const { width = DEFAULTS.Thumbnails.width } = thumbnails;
  const sourcePrefix = "objects" in source ? source.objects.prefix : "";
  const { prefix } = results;
  const { sourceBucket, resultsBucket } = context;
  return new CallbackLambda(
    context.named("thumbnails"),
    {
      ...context.common,
      ...capacity(thumbnails),
      description: `${context.componentName}: makes pictures small`,
      timeoutSeconds: 120,
      policies: [
        {
          actions: ["s3:GetObject"],
          resources: [context.arn(pulumi.interpolate`s3:::${sourceBucket}/${sourcePrefix}*`)],
        },
        {
          actions: ["s3:PutObject"],
          resources: [context.arn(pulumi.interpolate`s3:::${resultsBucket}/${prefix}/thumbnails/*`)],
        },
      ],
      callback: async (event: unknown) => {
        const { makeHandler } = await import("../../handlers/distributed-map/thumbnails");
        const target = { bucket: resultsBucket.get(), prefix };
        return makeHandler({ sourceBucket: sourceBucket.get(), sourcePrefix, results: target, width })(event);
      },
    },
    context.child,
  );
}

function hottestDayFunction(context: FunctionContext, hottestDay: HottestDay): CallbackLambda {
  const { station, day, temperature } = { ...DEFAULTS.HottestDay, ...hottestDay };
  const columns = { station, day, temperature };
  return new CallbackLambda(
    context.named("hottest-day"),
    {
      ...context.common,
      ...capacity(hottestDay),
      description: `${context.componentName}: finds the hottest days of a batch`,
      timeoutSeconds: 60,
      policies: [],
      callback: async (event: unknown) => {
        const { makeHandler } = await import("../../handlers/distributed-map/hottest-day");
        return makeHandler(columns)(event);
      },
    },
    context.child,
  );
}
