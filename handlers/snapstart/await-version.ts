/**
 * Waits until a published version can be invoked: its snapshot is made after it is published.
 * https://docs.aws.amazon.com/lambda/latest/dg/functions-states.html
 */
import {
  GetFunctionConfigurationCommand,
  type GetFunctionConfigurationCommandInput,
  type GetFunctionConfigurationCommandOutput,
  LambdaClient,
} from "@aws-sdk/client-lambda";
import type { Context } from "aws-lambda";
import * as z from "zod";
import { systemClock, type Clock } from "../shared/clock";
import { callWithin, clientConfig } from "../shared/invocation";
import { logged } from "../shared/logged";
import { powertoolsTelemetry } from "../shared/powertools";
import type { Telemetry } from "../shared/telemetry";

const Request = z.object({ functionName: z.string().min(1), version: z.string().regex(/^\d+$/) });

export interface AwaitVersionDeps extends Clock {
  readonly telemetry: Pick<Telemetry<never>, "info" | "error">;
  readonly lambda: {
    getFunctionConfiguration(
      input: GetFunctionConfigurationCommandInput,
    ): Promise<Pick<GetFunctionConfigurationCommandOutput, "State" | "StateReason" | "SnapStart">>;
  };
}

/** The version is not active, and will not become so by waiting. */
export class VersionFailedError extends Error {
  override readonly name = "VersionFailedError";
}

/** The version is still being initialized; deploying again goes on waiting. */
export class VersionPendingError extends Error {
  override readonly name = "VersionPendingError";
}

const MARGIN_MS = 10_000;
const WAIT_MS = 2000;

function productionDeps(): AwaitVersionDeps {
  const lambda = new LambdaClient(clientConfig());
  return {
    ...systemClock,
    telemetry: powertoolsTelemetry<never>({ service: "snapstart", namespace: "aws-patterns", dimensions: {} }),
    lambda: { getFunctionConfiguration: (input) => lambda.send(new GetFunctionConfigurationCommand(input)) },
  };
}

export function makeAwaitVersion(deps: AwaitVersionDeps = productionDeps()) {
  return async (event: unknown, context: Context): Promise<{ version: string }> => {
    const request = Request.parse(event);
    await logged(deps, "The version is not let through", () => untilActive(request, deps, context));
    return { version: request.version };
  };
}

async function untilActive(
  { functionName, version }: z.infer<typeof Request>,
  deps: AwaitVersionDeps,
  context: Context,
): Promise<void> {
  const call = callWithin(deps, context, MARGIN_MS);
  const what = `version ${version} of ${functionName}`;
  while (context.getRemainingTimeInMillis() > MARGIN_MS + WAIT_MS) {
    const input = { FunctionName: functionName, Qualifier: version };
    const { State, StateReason, SnapStart } = await call(`reading ${what}`, () =>
      deps.lambda.getFunctionConfiguration(input),
    );
    if (State === "Active") {
      if (SnapStart?.OptimizationStatus === "On") return;
      throw new VersionFailedError(`${what} is active, but has no snapshot: SnapStart is off`);
    }
    if (State !== "Pending") throw new VersionFailedError(`${what} is ${State}: ${StateReason ?? "no reason given"}`);
    await deps.sleep(WAIT_MS);
  }
  throw new VersionPendingError(`${what} is still being initialized; deploy again to go on waiting`);
}
