/** What the handlers use of AWS, and its production side. */
import {
  DynamoDBClient,
  GetItemCommand,
  type GetItemCommandInput,
  type GetItemCommandOutput,
  PutItemCommand,
  type PutItemCommandInput,
  QueryCommand,
  type QueryCommandInput,
  type QueryCommandOutput,
} from "@aws-sdk/client-dynamodb";
import { clientConfig } from "../shared/invocation";
import { powertoolsTelemetry } from "../shared/powertools";
import type { Telemetry } from "../shared/telemetry";

export interface WidgetApiDeps {
  readonly telemetry: Pick<Telemetry<never>, "error">;
  readonly table: {
    getItem(input: GetItemCommandInput): Promise<Pick<GetItemCommandOutput, "Item">>;
    putItem(input: PutItemCommandInput): Promise<unknown>;
    query(input: QueryCommandInput): Promise<Pick<QueryCommandOutput, "Items" | "LastEvaluatedKey">>;
  };
}

let known: WidgetApiDeps | undefined;

/** Made once for each execution environment. */
export function productionDeps(): WidgetApiDeps {
  known ??= makeDeps();
  return known;
}

function makeDeps(): WidgetApiDeps {
  const dynamo = new DynamoDBClient({ ...clientConfig(), maxAttempts: 3 });
  return {
    telemetry: powertoolsTelemetry<never>({ service: "widget-api", namespace: "aws-patterns", dimensions: {} }),
    table: {
      getItem: (input) => dynamo.send(new GetItemCommand(input)),
      putItem: (input) => dynamo.send(new PutItemCommand(input)),
      query: (input) => dynamo.send(new QueryCommand(input)),
    },
  };
}
