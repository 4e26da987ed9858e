/**
 * Waits until a published version can be invoked: its snapshot is made after it is published.
 * https://docs.aws.amazon.com/lambda/latest/dg/functions-states.html
 */
import { CloudWatchClient, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import {
  GetAliasCommand,
  GetFunctionConfigurationCommand,
  type GetFunctionConfigurationCommandInput,
  type GetFunctionConfigurationCommandOutput,
  LambdaClient,
  UpdateAliasCommand,
} from "@aws-sdk/client-lambda";
import type { Context } from "aws-lambda";
import * as z from "zod";
import { systemClock, type Clock } from "../shared/clock";
import { callWithin, clientConfig } from "../shared/invocation";
import { logged } from "../shared/logged";
import { powertoolsTelemetry } from "../shared/powertools";
import type { Telemetry } from "../shared/telemetry";
import { type CanaryDeps, type CanarySettings, tryCanary } from "./canary";

const Request = z.object({ functionName: z.string().min(1), version: z.string().regex(/^\d+$/) });

export interface AwaitVersionDeps extends Clock, Pick<CanaryDeps, "cloudwatch"> {
  readonly telemetry: Pick<Telemetry<never>, "info" | "error">;
  readonly lambda: CanaryDeps["lambda"] & {
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
/** Time in which weights are not taken back any more. */
const CLOSING_MARGIN_MS = 2000;
const WAIT_MS = 2000;

function productionDeps(): AwaitVersionDeps {
  const lambda = new LambdaClient(clientConfig());
  const cloudwatch = new CloudWatchClient(clientConfig());
  return {
    ...systemClock,
    telemetry: powertoolsTelemetry<never>({ service: "snapstart", namespace: "aws-patterns", dimensions: {} }),
    lambda: {
      getFunctionConfiguration: (input) => lambda.send(new GetFunctionConfigurationCommand(input)),
      getAlias: (input) => lambda.send(new GetAliasCommand(input)),
      updateAlias: (input) => lambda.send(new UpdateAliasCommand(input)),
    },
    cloudwatch: { describeAlarms: (input) => cloudwatch.send(new DescribeAlarmsCommand(input)) },
  };
}

/** @param canary what a new version goes through once it is active; nothing where all requests go to it at once */
export function makeAwaitVersion(canary?: CanarySettings, deps: AwaitVersionDeps = productionDeps()) {
  return async (event: unknown, context: Context): Promise<{ version: string }> => {
    const request = Request.parse(event);
    try {
      return await logged(deps, "The version is not let through", async () => {
        await untilActive(request, deps, context);
        if (canary !== undefined) await afterCanary(request, canary, deps, context);
        return { version: request.version };
      });
    } catch (error) {
      // The deployment shows all that Lambda answers; the stack is in the logs.
      if (error instanceof Error) error.stack = "";
      throw error;
    }
  };
}

async function afterCanary(
  request: z.infer<typeof Request>,
  canary: CanarySettings,
  deps: AwaitVersionDeps,
  context: Context,
): Promise<void> {
  if (context.getRemainingTimeInMillis() < canary.minutes * 60_000 + 2 * MARGIN_MS) {
    throw new VersionPendingError(
      `version ${request.version} of ${request.functionName} is active, but no time is left to try it; deploy again`,
    );
  }
  const calls = {
    call: callWithin(deps, context, MARGIN_MS),
    closing: callWithin(deps, context, CLOSING_MARGIN_MS),
  };
  await tryCanary(request, canary, deps, calls);
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
