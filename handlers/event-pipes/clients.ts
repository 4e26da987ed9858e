/** What the handlers use of AWS, and its production side. */
import {
  DynamoDBClient,
  PutItemCommand,
  type PutItemCommandInput,
  QueryCommand,
  type QueryCommandInput,
  type QueryCommandOutput,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from "@aws-sdk/client-dynamodb";
import { SchedulerClient } from "@aws-sdk/client-scheduler";
import { type Clock, systemClock } from "../shared/clock";
import { clientConfig } from "../shared/invocation";
import { makeOneOffSchedules, type OneOffSchedules, type OneOffSettings } from "../shared/one-off-schedules";
import { powertoolsTelemetry } from "../shared/powertools";
import type { Telemetry } from "../shared/telemetry";

export interface EventPipesDeps extends Pick<Clock, "now"> {
  readonly telemetry: Pick<Telemetry<never>, "error" | "info">;
  readonly table: {
    putItem(input: PutItemCommandInput): Promise<unknown>;
    query(input: QueryCommandInput): Promise<Pick<QueryCommandOutput, "Items" | "LastEvaluatedKey">>;
    updateItem(input: UpdateItemCommandInput): Promise<unknown>;
  };
  oneOffs(settings: OneOffSettings): Pick<OneOffSchedules, "schedule">;
}

let known: EventPipesDeps | undefined;

/** Made once for each execution environment. */
export function productionDeps(): EventPipesDeps {
  known ??= makeDeps();
  return known;
}

function makeDeps(): EventPipesDeps {
  const config = { ...clientConfig(), maxAttempts: 3 };
  const dynamo = new DynamoDBClient(config);
  const scheduler = new SchedulerClient(config);
  return {
    ...systemClock,
    telemetry: powertoolsTelemetry<never>({ service: "event-pipes", namespace: "aws-patterns", dimensions: {} }),
    table: {
      putItem: (input) => dynamo.send(new PutItemCommand(input)),
      query: (input) => dynamo.send(new QueryCommand(input)),
      updateItem: (input) => dynamo.send(new UpdateItemCommand(input)),
    },
    oneOffs: (settings) => makeOneOffSchedules(scheduler, settings),
  };
}
