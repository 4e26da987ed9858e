/** https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventsourcemapping.html: what fits which source. */
import { containsUnknown, type Values } from "../../property-values";
import { type CheckFailure, list, objects, optionalObject } from "../../resource-type";
import { checkOneOf, checkRange } from "../checks";
import { checkJson } from "../documents";
import { checkShape } from "../shape";
import { FILE } from "./configuration";
import { MAPPING } from "./event-source-mapping-settings";

type Source = "sqs" | "sqs-fifo" | "stream" | "other";

function sourceOf(inputs: Values): Source | undefined {
  const arn = inputs.eventSourceArn;
  if (typeof arn !== "string" || containsUnknown(arn)) return undefined;
  const service = arn.split(":")[2];
  if (service === "sqs") return arn.endsWith(".fifo") ? "sqs-fifo" : "sqs";
  return service === "kinesis" || service === "dynamodb" ? "stream" : "other";
}

const STREAM_ONLY = [
  "bisectBatchOnFunctionError",
  "maximumRecordAgeInSeconds",
  "maximumRetryAttempts",
  "parallelizationFactor",
  "startingPosition",
  "tumblingWindowInSeconds",
];

function checkSource(inputs: Values): CheckFailure[] {
  const source = sourceOf(inputs);
  const given = (name: string): boolean => inputs[name] !== undefined && inputs[name] !== null;
  if (source === "sqs" || source === "sqs-fifo") {
    const forStreams = STREAM_ONLY.filter(given).map((property) => ({
      property,
      reason: "only for streams; an SQS queue decides by its redrive policy and its order",
    }));
    return [...forStreams, ...checkBatches(inputs, source)];
  }
  if (source === "stream") {
    return [
      ...(given("startingPosition")
        ? []
        : [{ property: "startingPosition", reason: "missing; a stream is read from LATEST or TRIM_HORIZON" }]),
      ...(given("scalingConfig") ? [{ property: "scalingConfig", reason: "only for SQS queues" }] : []),
      ...checkRange("batchSize", inputs.batchSize, 1, 10_000),
    ];
  }
  return [];
}

function checkBatches(inputs: Values, source: "sqs" | "sqs-fifo"): CheckFailure[] {
  // Neither comparison below holds for a number that is not known yet.
  const number = (name: string, otherwise: number): number => Number(inputs[name] ?? otherwise);
  const [size, window] = [number("batchSize", 10), number("maximumBatchingWindowInSeconds", 0)];
  if (source === "sqs-fifo") {
    return [
      ...checkRange("batchSize", inputs.batchSize, 1, 10),
      ...(window > 0
        ? [
            {
              property: "maximumBatchingWindowInSeconds",
              reason: `received ${window}; a FIFO queue allows no batching window`,
            },
          ]
        : []),
    ];
  }
  const needsWindow = size > 10 && window === 0;
  return [
    ...checkRange("batchSize", inputs.batchSize, 1, 10_000),
    ...(needsWindow
      ? [
          {
            property: "maximumBatchingWindowInSeconds",
            reason: `missing; a batchSize above 10 (received ${size}) needs a window of at least 1 second`,
          },
        ]
      : []),
  ];
}

function checkAges(inputs: Values): CheckFailure[] {
  if (Number(inputs.maximumRecordAgeInSeconds ?? -1) === -1) return [];
  return checkRange("maximumRecordAgeInSeconds", inputs.maximumRecordAgeInSeconds, 60, 604_800);
}

export function checkEventSourceMapping(inputs: Values): CheckFailure[] {
  const shape = checkShape(MAPPING, inputs, FILE);
  if (shape.length > 0) return shape;
  const filters = objects(optionalObject(inputs, "filterCriteria") ?? {}, "filters");
  const concurrency = optionalObject(inputs, "scalingConfig")?.maximumConcurrency;
  return [
    ...checkSource(inputs),
    ...checkAges(inputs),
    ...checkRange("maximumBatchingWindowInSeconds", inputs.maximumBatchingWindowInSeconds, 0, 300),
    ...checkRange("maximumRetryAttempts", inputs.maximumRetryAttempts, -1, 10_000),
    ...checkRange("parallelizationFactor", inputs.parallelizationFactor, 1, 10),
    ...checkRange("tumblingWindowInSeconds", inputs.tumblingWindowInSeconds, 0, 900),
    ...checkRange("scalingConfig.maximumConcurrency", concurrency, 2, 1000),
    ...checkOneOf("startingPosition", inputs.startingPosition, ["LATEST", "TRIM_HORIZON", "AT_TIMESTAMP"]),
    ...list(inputs, "functionResponseTypes").flatMap((type, i) =>
      checkOneOf(`functionResponseTypes[${i}]`, type, ["ReportBatchItemFailures"]),
    ),
    ...filters.flatMap(({ pattern }, i) => checkJson(`filterCriteria.filters[${i}].pattern`, pattern)),
  ];
}
