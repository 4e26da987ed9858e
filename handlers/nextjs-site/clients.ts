/** What the handler uses of AWS, and its production side. */
import { DynamoDBClient, PutItemCommand, type PutItemCommandInput } from "@aws-sdk/client-dynamodb";
import { type Clock, systemClock } from "../shared/clock";
import { clientConfig } from "../shared/invocation";
import { powertoolsTelemetry } from "../shared/powertools";
import type { Telemetry } from "../shared/telemetry";

export interface NextjsSiteDeps extends Pick<Clock, "now"> {
  readonly telemetry: Pick<Telemetry<never>, "info" | "error">;
  readonly table: { putItem(input: PutItemCommandInput): Promise<unknown> };
}

let known: NextjsSiteDeps | undefined;

/** Made once for each execution environment. */
export function productionDeps(): NextjsSiteDeps {
  known ??= makeDeps();
  return known;
}

function makeDeps(): NextjsSiteDeps {
  const dynamo = new DynamoDBClient(clientConfig());
  return {
    ...systemClock,
    telemetry: powertoolsTelemetry<never>({ service: "nextjs-site", namespace: "aws-patterns", dimensions: {} }),
    table: { putItem: (input) => dynamo.send(new PutItemCommand(input)) },
  };
}
