/**
 * Gives a new version a part of the requests, and takes it back when an alarm goes off.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuring-alias-routing.html
 */
import type { DescribeAlarmsCommandInput, DescribeAlarmsCommandOutput } from "@aws-sdk/client-cloudwatch";
import type { GetAliasCommandInput, GetAliasCommandOutput, UpdateAliasCommandInput } from "@aws-sdk/client-lambda";
import type { Clock } from "../shared/clock";
import type { Call } from "../shared/retry";

export interface CanarySettings {
  readonly aliasName: string;
  readonly percent: number;
  readonly minutes: number;
  readonly alarmNames: readonly string[];
}

export interface CanaryDeps extends Clock {
  readonly lambda: {
    getAlias(input: GetAliasCommandInput): Promise<Pick<GetAliasCommandOutput, "FunctionVersion">>;
    updateAlias(input: UpdateAliasCommandInput): Promise<unknown>;
  };
  readonly cloudwatch: {
    describeAlarms(
      input: DescribeAlarmsCommandInput,
    ): Promise<Pick<DescribeAlarmsCommandOutput, "CompositeAlarms" | "MetricAlarms">>;
  };
}

/** An alarm went off while a new version got a part of the requests; the old one gets all of them again. */
export class CanaryFailedError extends Error {
  override readonly name = "CanaryFailedError";
}

const LOOK_MS = 5000;

/** A version of a function. */
interface Version {
  readonly functionName: string;
  readonly version: string;
}

/**
 * Ends when the version may have all requests. Whatever comes, the alias is left without weights: where it is killed, by
 * the next canary at the latest.
 *
 * @param call for what begins the canary, and looks at it
 * @param closing for what ends it: goes on where `call` would begin nothing any more
 */
export async function tryCanary(
  { functionName, version }: Version,
  { aliasName, percent, minutes, alarmNames }: CanarySettings,
  { lambda, cloudwatch, now, sleep }: CanaryDeps,
  { call, closing }: { readonly call: Call; readonly closing: Call },
): Promise<void> {
  const alias = { FunctionName: functionName, Name: aliasName };
  const live = await call("reading the alias", () => liveVersion(lambda, alias));
  // The first version has no other to take requests from.
  if (live === undefined || live === version) return;
  const weigh = (weights: Record<string, number>) => () =>
    lambda.updateAlias({ ...alias, RoutingConfig: { AdditionalVersionWeights: weights } });
  const look = async (): Promise<void> => {
    const { MetricAlarms = [], CompositeAlarms = [] } = await call("reading the alarms", () =>
      cloudwatch.describeAlarms({
        AlarmNames: [...alarmNames],
        AlarmTypes: ["MetricAlarm", "CompositeAlarm"],
        StateValue: "ALARM",
      }),
    );
    const names = [...MetricAlarms, ...CompositeAlarms].map(({ AlarmName }) => AlarmName);
    if (names.length === 0) return;
    throw new CanaryFailedError(`version ${version} of ${functionName} is taken back: ${names.join(", ")} went off`);
  };
  await look();
  try {
    await call("giving requests to the new version", weigh({ [version]: percent / 100 }));
    const end = now() + minutes * 60_000;
    while (now() < end) {
      await sleep(LOOK_MS);
      await look();
    }
  } finally {
    await closing("taking the weights back", weigh({}));
  }
}

/** What the alias stands for; undefined where there is none yet. */
async function liveVersion(lambda: CanaryDeps["lambda"], alias: GetAliasCommandInput): Promise<string | undefined> {
  try {
    return (await lambda.getAlias(alias)).FunctionVersion;
  } catch (error) {
    if (error instanceof Error && error.name === "ResourceNotFoundException") return undefined;
    throw error;
  }
}
