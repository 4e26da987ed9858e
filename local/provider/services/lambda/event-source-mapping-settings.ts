/** The settings of event source mappings, between Pulumi's properties and Lambda's. */
import type { UpdateEventSourceMappingRequest } from "@aws-sdk/client-lambda";
import { boolean, named, nested, nestedList, number, type Shape, text as string, texts, time } from "../shape";

/** What can be changed later. */
export const CHANGEABLE: Shape = {
  batchSize: number,
  bisectBatchOnFunctionError: boolean,
  destinationConfig: nested({ onFailure: nested({ destinationArn: named("Destination", string) }) }),
  enabled: boolean,
  filterCriteria: nested({ filters: nestedList({ pattern: string }) }),
  functionResponseTypes: texts,
  kmsKeyArn: named("KMSKeyArn", string),
  maximumBatchingWindowInSeconds: number,
  maximumRecordAgeInSeconds: number,
  maximumRetryAttempts: number,
  metricsConfig: nested({ metrics: texts }),
  parallelizationFactor: number,
  provisionedPollerConfig: nested({ maximumPollers: number, minimumPollers: number, pollerGroupName: string }),
  scalingConfig: nested({ maximumConcurrency: number }),
  sourceAccessConfigurations: nestedList({ type: string, uri: named("URI", string) }),
  tumblingWindowInSeconds: number,
};

/** What another mapping is needed for. */
export const FIXED: Shape = {
  eventSourceArn: string,
  startingPosition: string,
  startingPositionTimestamp: time,
  topics: texts,
};

export const MAPPING: Shape = { ...CHANGEABLE, ...FIXED };

/** How Lambda is told that something is no longer wanted; other settings stay when the program leaves them out. */
export const ABSENT: Readonly<Partial<Record<string, Partial<UpdateEventSourceMappingRequest>>>> = {
  destinationConfig: { DestinationConfig: { OnFailure: {} } },
  filterCriteria: { FilterCriteria: {} },
  functionResponseTypes: { FunctionResponseTypes: [] },
  kmsKeyArn: { KMSKeyArn: "" },
  maximumBatchingWindowInSeconds: { MaximumBatchingWindowInSeconds: 0 },
  metricsConfig: { MetricsConfig: { Metrics: [] } },
  provisionedPollerConfig: { ProvisionedPollerConfig: {} },
  scalingConfig: { ScalingConfig: {} },
  sourceAccessConfigurations: { SourceAccessConfigurations: [] },
  tumblingWindowInSeconds: { TumblingWindowInSeconds: 0 },
};
