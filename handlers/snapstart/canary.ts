/**
 * Gives a new version a part of the requests, and takes it back when an alarm goes off.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuring-alias-routing.html
 */
import type { AlarmType, DescribeAlarmsCommandInput, DescribeAlarmsCommandOutput } from "@aws-sdk/client-cloudwatch";
import type {
  GetAliasCommandInput,
  GetAliasCommandOutput,
  UpdateAliasCommandInput,
  UpdateAliasCommandOutput,
} from "@aws-sdk/client-lambda";
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
    getAlias(input: GetAliasCommandInput): Promise<Pick<GetAliasCommandOutput, "FunctionVersion" | "RevisionId">>;
    updateAlias(input: UpdateAliasCommandInput): Promise<Pick<UpdateAliasCommandOutput, "RevisionId">>;
  };
  readonly cloudwatch: {
    describeAlarms(
      input: DescribeAlarmsCommandInput,
    ): Promise<Pick<DescribeAlarmsCommandOutput, "CompositeAlarms" | "MetricAlarms">>;
  };
}

/** A new version is not let through; the old one gets all requests. */
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
 * Ends when the version may have all requests: it had its share for the whole time, and no alarm was on. Whatever else
 * comes, the alias is left without weights; where this is killed, by the next canary or move of the alias.
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
  const what = `version ${version} of ${functionName}`;
  const alias = { FunctionName: functionName, Name: aliasName };
  const live = await call("reading the alias", () => readAlias(lambda, alias));
  // The first version has no other to take requests from.
  if (live === undefined || live.FunctionVersion === version) return;
  /** With a revision, only if nobody has changed the alias since: another deployment's canary is left alone. */
  const weigh = (weights: Record<string, number>, RevisionId?: string) => () =>
    lambda.updateAlias({ ...alias, RevisionId, RoutingConfig: { AdditionalVersionWeights: weights } });
  const look = async (): Promise<string | undefined> => {
    const input = { AlarmNames: [...alarmNames], AlarmTypes: ALL_TYPES };
    return faultOf(await call("reading the alarms", () => cloudwatch.describeAlarms(input)), alarmNames);
  };

  const early = await look();
  if (early !== undefined) throw new CanaryFailedError(`${what} is not tried: ${early}`);
  let revision: string | undefined;
  try {
    const share = weigh({ [version]: percent / 100 }, live.RevisionId);
    revision = (await call("giving requests to the new version", share)).RevisionId;
    for (const end = now() + minutes * 60_000; now() < end;) {
      await sleep(LOOK_MS);
      const fault = await look();
      if (fault !== undefined) throw new CanaryFailedError(`${what} is taken back: ${fault}`);
    }
  } catch (error) {
    await closing("taking the weights back", weigh({})).catch((failure: unknown) => {
      throw new CanaryFailedError(
        `${String(error)}; but alias ${aliasName} may still have weights, as they were not taken back: ${String(failure)}`,
        { cause: error },
      );
    });
    throw isStale(error) ? changed(what, aliasName) : error;
  }
  await closing("taking the weights back", weigh({}, revision)).catch((error: unknown) => {
    throw isStale(error) ? changed(what, aliasName) : error;
  });
}

const ALL_TYPES: AlarmType[] = ["MetricAlarm", "CompositeAlarm"];

/** Why a version may not get requests; undefined where all alarms are there, and none is on. */
function faultOf(
  { MetricAlarms = [], CompositeAlarms = [] }: Pick<DescribeAlarmsCommandOutput, "CompositeAlarms" | "MetricAlarms">,
  alarmNames: readonly string[],
): string | undefined {
  const states = new Map([...MetricAlarms, ...CompositeAlarms].map((alarm) => [alarm.AlarmName, alarm.StateValue]));
  const missing = alarmNames.filter((name) => !states.has(name));
  if (missing.length > 0) return `there is no alarm ${missing.join(", ")}; correct canary.alarmNames`;
  const on = alarmNames.filter((name) => states.get(name) === "ALARM");
  return on.length > 0 ? `alarm ${on.join(", ")} is on` : undefined;
}

function isStale(error: unknown): boolean {
  return error instanceof Error && error.name === "PreconditionFailedException";
}

function changed(what: string, aliasName: string): CanaryFailedError {
  return new CanaryFailedError(
    `${what} is not let through: somebody else has changed alias ${aliasName}; deploy again`,
  );
}

/** What the alias stands for; undefined where there is none yet. */
async function readAlias(lambda: CanaryDeps["lambda"], alias: GetAliasCommandInput) {
  try {
    return await lambda.getAlias(alias);
  } catch (error) {
    if (error instanceof Error && error.name === "ResourceNotFoundException") return undefined;
    throw error;
  }
}
