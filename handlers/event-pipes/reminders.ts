/** Reminders of orders that are still open: each is a schedule that fires once and is gone. */
import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import * as z from "zod";
import type { OneOffResult, OneOffSettings } from "../shared/one-off-schedules";
import { logged } from "../shared/logged";
import { type EventPipesDeps, productionDeps } from "./clients";

const reminder = z.object({ id: z.string().min(1) });
const dueReminder = reminder.extend({ remindAt: z.iso.datetime() });

export type ReminderOutcome = "closed-or-reminded" | "reminded";

export interface ReminderSettings {
  readonly ordersTable: string;
}

/** Notes that an order was reminded of, unless it is closed, gone, or was reminded of before. */
async function remind(id: string, { ordersTable }: ReminderSettings, deps: EventPipesDeps): Promise<ReminderOutcome> {
  const outcome = await note(id, ordersTable, deps);
  deps.telemetry.info("A reminder was due", { id, outcome });
  return outcome;
}

async function note(id: string, TableName: string, { now, table }: EventPipesDeps): Promise<ReminderOutcome> {
  try {
    await table.updateItem({
      TableName,
      Key: { id: { S: id } },
      UpdateExpression: "SET remindedAt = :now",
      ConditionExpression:
        "attribute_exists(id) AND attribute_not_exists(closedAt) AND attribute_not_exists(remindedAt)",
      ExpressionAttributeValues: { ":now": { S: new Date(now()).toISOString() } },
    });
    return "reminded";
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return "closed-or-reminded";
    throw error;
  }
}

/** The Lambda that schedules call. */
export function makeRemind(settings: ReminderSettings, deps: EventPipesDeps = productionDeps()) {
  return (event: unknown): Promise<ReminderOutcome> =>
    logged(deps, "A reminder failed", async () => remind(reminder.parse(event).id, settings, deps));
}

/** The Lambda that the state machine calls for each order; again and again with the same makes one reminder. */
export function makeScheduleReminder(
  settings: ReminderSettings & { readonly oneOffs: OneOffSettings },
  deps: EventPipesDeps = productionDeps(),
) {
  const oneOffs = deps.oneOffs(settings.oneOffs);
  return (event: unknown): Promise<OneOffResult | ReminderOutcome> =>
    logged(deps, "A reminder was not scheduled", async () => {
      const { id, remindAt } = dueReminder.parse(event);
      const result = await oneOffs.schedule({ key: `order-${id}`, at: new Date(remindAt), input: { id } });
      deps.telemetry.info("An order is worked off", { id, result, remindAt });
      return result === "due" ? remind(id, settings, deps) : result;
    });
}
