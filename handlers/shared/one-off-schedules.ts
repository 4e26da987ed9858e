/**
 * Schedules that fire once and are gone, made by handlers: a reminder, a time-out, the end of an offer.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#one-time
 */
import { createHash } from "node:crypto";
import {
  ConflictException,
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  DeleteScheduleCommand,
  GetScheduleCommand,
  ResourceNotFoundException,
  type SchedulerClient,
  UpdateScheduleCommand,
} from "@aws-sdk/client-scheduler";
import type { OneOffSettings } from "./one-off-settings";

export type { OneOffSettings } from "./one-off-settings";

export interface OneOff {
  /** What the schedule is about, such as `order-4711/reminder`: there is one schedule of a key at a time. */
  readonly key: string;
  /** When it fires, to the second; Scheduler begins within the minute after. */
  readonly at: Date;
  /** JSON for the target. */
  readonly input: unknown;
}

/**
 * What came of it. `unchanged`: it was there already, as after a message that was delivered twice. `moved`: it was there
 * with another time or input. `due`: its time is over, or comes within 30 seconds, so that it was not made: do the work
 * now, or nothing where it may have been done already.
 */
export type OneOffResult = "created" | "unchanged" | "moved" | "due";

/**
 * A schedule of the same key and time may have fired, and be gone, by the time that a call reaches AWS. So none is made
 * that a call could reach too late.
 */
const LEAD_MS = 30_000;
const LONGEST_CALL_MS = 20_000;

export interface OneOffSchedules {
  /** May be called any number of times with the same: one key and time fires once. */
  schedule(oneOff: OneOff): Promise<OneOffResult>;
  /** @returns whether there was one */
  cancel(key: string): Promise<boolean>;
}

/** A name that AWS takes, the same for the same key, with the key's beginning for people. */
export function scheduleName(key: string): string {
  const hash = createHash("sha256").update(key).digest("hex").slice(0, 32);
  return `${key.replaceAll(/[^\w.-]+/g, "-").slice(0, 31)}-${hash}`;
}

/** Scheduler knows no parts of seconds; earlier than asked for would be wrong. */
function expressionOf(at: Date): string {
  const second = new Date(Math.ceil(at.getTime() / 1000) * 1000);
  return `at(${second.toISOString().slice(0, 19)})`;
}

/**
 * ```ts
 * const schedules = makeOneOffSchedules(new SchedulerClient(), settings);
 * await schedules.schedule({ key: `order-${id}/reminder`, at: dueDate, input: { order: id } });
 * ```
 *
 * A schedule whose time has come is not made again: a message that comes twice, the second time after the schedule has
 * fired and was deleted, does not make it fire twice.
 *
 * @param now the time; for tests
 */
export function makeOneOffSchedules(
  client: Pick<SchedulerClient, "send">,
  { groupName, roleArn, targetArn, deadLetterArn }: OneOffSettings,
  now: () => Date = () => new Date(),
): OneOffSchedules {
  const inputOf = ({ key, at, input }: OneOff): CreateScheduleCommandInput => ({
    Name: scheduleName(key),
    GroupName: groupName,
    ScheduleExpression: expressionOf(at),
    ScheduleExpressionTimezone: "UTC",
    FlexibleTimeWindow: { Mode: "OFF" },
    ActionAfterCompletion: "DELETE",
    Target: {
      Arn: targetArn,
      RoleArn: roleArn,
      Input: JSON.stringify(input),
      DeadLetterConfig: { Arn: deadLetterArn },
    },
  });

  async function create(wanted: CreateScheduleCommandInput): Promise<boolean> {
    try {
      await client.send(new CreateScheduleCommand(wanted), { abortSignal: AbortSignal.timeout(LONGEST_CALL_MS) });
      return true;
    } catch (error) {
      if (error instanceof ConflictException) return false;
      throw error;
    }
  }

  /** Undefined where it has gone meanwhile. */
  async function change(wanted: CreateScheduleCommandInput): Promise<OneOffResult | undefined> {
    const { Name, GroupName } = wanted;
    try {
      const there = await client.send(new GetScheduleCommand({ Name, GroupName }));
      const isSame =
        there.ScheduleExpression === wanted.ScheduleExpression && there.Target?.Input === wanted.Target?.Input;
      if (isSame) return "unchanged";
      await client.send(new UpdateScheduleCommand(wanted));
      return "moved";
    } catch (error) {
      if (error instanceof ResourceNotFoundException) return undefined;
      throw error;
    }
  }

  return {
    async schedule(oneOff) {
      const wanted = inputOf(oneOff);
      // It ends: each round the schedule was there and has gone, which takes another caller, or its time.
      while (oneOff.at.getTime() - LEAD_MS > now().getTime()) {
        if (await create(wanted)) return "created";
        const changed = await change(wanted);
        if (changed !== undefined) return changed;
      }
      return "due";
    },

    async cancel(key) {
      try {
        await client.send(new DeleteScheduleCommand({ Name: scheduleName(key), GroupName: groupName }));
        return true;
      } catch (error) {
        if (error instanceof ResourceNotFoundException) return false;
        throw error;
      }
    },
  };
}
