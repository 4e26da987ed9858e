/** The state machine's definition, and what its role may do. */
import * as pulumi from "@pulumi/pulumi";
import type { PolicyStatement } from "../internal/policy";
import { backingOff, TRANSIENT_ERRORS } from "../internal/retriers";
import type {
  ItemReader,
  MapState,
  Retrier,
  StateMachineDefinition,
  TaskState,
} from "../building-blocks/state-language";
import type { DistributedMapArgs, MapRetries, SourceObject } from "./args";
import { DEFAULTS } from "./args.schema";
import { isFromInput, objectOf } from "./checks";

/** Stands in the ARNs of map runs and their children, which policies name. */
export const LABEL = "items";

/** Batches of `hottestDay` where nothing is said: one row for each execution would cost more than it computes. */
const HOTTEST_DAY_BATCH = { items: 1000 };

/** What of the definition is known when the component is made: names in place of what the arguments say. */
export interface Parts {
  readonly sourceBucket: pulumi.Output<string>;
  readonly resultsBucket: pulumi.Output<string>;
  /** ARN of a function; undefined for a task. */
  readonly functionArn: pulumi.Input<string> | undefined;
  /** The step after the map, of ready-made items. */
  readonly summaryArn: pulumi.Output<string> | undefined;
  /** An ARN in the partition. */
  readonly arn: (rest: pulumi.Input<string>) => pulumi.Output<string>;
}

function retrier(retries: MapRetries = {}): Retrier {
  const settings = { ...DEFAULTS.MapRetries, ...retries };
  return backingOff(TRANSIENT_ERRORS.lambda, {
    IntervalSeconds: settings.intervalSeconds,
    MaxAttempts: settings.attempts,
    BackoffRate: settings.backoffRate,
    MaxDelaySeconds: settings.maxDelaySeconds,
  });
}

function invoke({ arn }: Parts, FunctionName: pulumi.Input<string>, retries?: MapRetries): TaskState {
  return {
    Type: "Task",
    Resource: arn("states:::lambda:invoke"),
    Parameters: { FunctionName, "Payload.$": "$" },
    OutputPath: "$.Payload",
    Retry: [retrier(retries)],
    End: true,
  };
}

function readerConfig({ source }: DistributedMapArgs): ItemReader["ReaderConfig"] {
  const maxItems = "objects" in source ? source.objects.maxItems : objectOf(source)?.maxItems;
  const most = maxItems === undefined ? {} : { MaxItems: maxItems };
  if ("objects" in source) return most;
  if ("json" in source) return { InputType: "JSON", ...most };
  if ("jsonLines" in source) return { InputType: "JSONL", ...most };
  if ("inventory" in source) return { InputType: "MANIFEST", ...most };
  const { headers, delimiter = DEFAULTS.CsvObject.delimiter } = source.csv;
  const location = headers === undefined ? "FIRST_ROW" : "GIVEN";
  return {
    InputType: "CSV",
    CSVHeaderLocation: location,
    ...(headers !== undefined && { CSVHeaders: headers }),
    CSVDelimiter: delimiter,
    ...most,
  };
}

function reader(args: DistributedMapArgs, { sourceBucket, arn }: Parts): ItemReader {
  const { source } = args;
  const config = readerConfig(args);
  const ReaderConfig = config !== undefined && Object.keys(config).length > 0 ? { ReaderConfig: config } : {};
  if ("objects" in source) {
    const Parameters = { Bucket: sourceBucket, Prefix: source.objects.prefix };
    return { Resource: arn("states:::s3:listObjectsV2"), ...ReaderConfig, Parameters };
  }
  const key = (objectOf(source) as SourceObject).key;
  const Key = isFromInput(key) ? { "Key.$": key.path } : { Key: key };
  return { Resource: arn("states:::s3:getObject"), ...ReaderConfig, Parameters: { Bucket: sourceBucket, ...Key } };
}

function mapState(args: DistributedMapArgs, parts: Parts, item: TaskState): Omit<MapState, "End" | "Next"> {
  const { results, toleratedFailures: { count, percentage } = {} } = args;
  const batch = args.batch ?? ("hottestDay" in args.item ? HOTTEST_DAY_BATCH : undefined);
  const { items, bytes, input } = { items: undefined, bytes: undefined, input: undefined, ...batch };
  return {
    Type: "Map",
    Label: LABEL,
    ItemReader: reader(args, parts),
    ...(batch !== undefined && {
      ItemBatcher: {
        ...(items !== undefined && { MaxItemsPerBatch: items }),
        ...(bytes !== undefined && { MaxInputBytesPerBatch: bytes }),
        ...(input !== undefined && { BatchInput: input as Record<string, string> }),
      },
    }),
    ItemProcessor: {
      ProcessorConfig: {
        Mode: "DISTRIBUTED",
        ExecutionType: args.children ?? DEFAULTS.DistributedMapArgs.children,
      },
      StartAt: "Item",
      States: { Item: item },
    },
    MaxConcurrency: args.maxConcurrency ?? DEFAULTS.DistributedMapArgs.maxConcurrency,
    ...(count !== undefined && { ToleratedFailureCount: count }),
    ...(percentage !== undefined && { ToleratedFailurePercentage: percentage }),
    ResultWriter: {
      Resource: parts.arn("states:::s3:putObject"),
      Parameters: { Bucket: parts.resultsBucket, Prefix: results.prefix },
      // Lines, which can be read one by one.
      WriterConfig: { OutputType: "JSONL", Transformation: "NONE" },
    },
  };
}

export function definitionOf(args: DistributedMapArgs, parts: Parts): StateMachineDefinition {
  const { functionArn, summaryArn } = parts;
  const item =
    "task" in args.item ? args.item.task.state : invoke(parts, functionArn as pulumi.Input<string>, args.retries);
  const map = mapState(args, parts, item);
  if (summaryArn === undefined) return { StartAt: "Map", States: { Map: { ...map, End: true } } };
  return {
    StartAt: "Map",
    States: { Map: { ...map, Next: "Summary" }, Summary: invoke(parts, summaryArn, args.retries) },
  };
}

/** Leave to read the items. */
function readPermission({ source }: DistributedMapArgs, { sourceBucket, arn }: Parts): PolicyStatement {
  const bucketArn = arn(pulumi.interpolate`s3:::${sourceBucket}`);
  if ("objects" in source) {
    const conditions = { StringEquals: { "s3:prefix": [source.objects.prefix] } };
    return { actions: ["s3:ListBucket"], resources: [bucketArn], conditions };
  }
  const { key } = objectOf(source) as SourceObject;
  if (isFromInput(key)) {
    return { actions: ["s3:GetObject"], resources: [pulumi.interpolate`${bucketArn}/${key.prefix}*`] };
  }
  const manifest = pulumi.interpolate`${bucketArn}/${key}`;
  // …/<configuration>/<time>/manifest.json names files in …/<configuration>/data/.
  const data = pulumi.output(key).apply((path) => path.replace(/([^/]+\/)?[^/]*$/, "data/*"));
  const more = "inventory" in source ? [pulumi.interpolate`${bucketArn}/${data}`] : [];
  return { actions: ["s3:GetObject"], resources: [manifest, ...more] };
}

/**
 * What the machine's role may do to read items, call what works on them, and write results.
 * https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html
 */
export function permissionsOf(args: DistributedMapArgs, parts: Parts): PolicyStatement[] {
  const functions = [parts.functionArn, parts.summaryArn].filter((arn) => arn !== undefined);
  return [
    readPermission(args, parts),
    {
      actions: ["s3:AbortMultipartUpload", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:PutObject"],
      resources: [parts.arn(pulumi.interpolate`s3:::${parts.resultsBucket}/${args.results.prefix}/*`)],
    },
    ...(functions.length > 0 ? [{ actions: ["lambda:InvokeFunction"], resources: functions }] : []),
    ...("task" in args.item ? args.item.task.policies : []),
  ];
}

/** What the role may do to its own machine: start children, look after them, and redrive those that failed. */
export function ownPermissions(machineArn: pulumi.Output<string>): PolicyStatement[] {
  // Mocks of a program's unit tests may answer no ARN.
  const executions = machineArn.apply((arn) => String(arn).replace(":stateMachine:", ":execution:"));
  const children = pulumi.interpolate`${executions}/${LABEL}:*`;
  return [
    { actions: ["states:StartExecution"], resources: [machineArn] },
    {
      actions: ["states:DescribeExecution", "states:StopExecution"],
      resources: [pulumi.interpolate`${executions}:*`, children],
    },
    { actions: ["states:RedriveExecution"], resources: [children] },
  ];
}
