/** Sums up the orders of the day before. Invoked asynchronously by EventBridge Scheduler. */
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import * as z from "zod";
import { addDays, type Day, dayIn } from "../shared/days";
import { pages } from "../shared/pages";
import { logged } from "../shared/logged";
import { type EventPipesDeps, productionDeps } from "./clients";

/** Made from `SUMMARY_EVENT`. */
const summaryEvent = z.object({ time: z.iso.datetime() });

export interface SummarySettings {
  /** With an item for each order: `DAY#2026-11-28`, id. */
  readonly daysTable: string;
  readonly timeZone: string;
}

export interface Summary {
  readonly day: Day;
  readonly orders: number;
  readonly totalCents: number;
}

/** A day that is summed up twice gives the same, or with it what came since. */
export function makeSummary({ daysTable, timeZone }: SummarySettings, deps: EventPipesDeps = productionDeps()) {
  return (event: unknown): Promise<Summary> =>
    logged(deps, "The day was not summed up", async () => {
      const { time } = summaryEvent.parse(event);
      const day = addDays(dayIn(timeZone, Date.parse(time)), -1);
      const totals = await totalsOf(day, daysTable, deps);
      const summary = { day, orders: totals.length, totalCents: totals.reduce((sum, total) => sum + total, 0) };
      await deps.table.putItem({
        TableName: daysTable,
        Item: {
          pk: { S: "SUMMARY" },
          sk: { S: day },
          orders: { N: String(summary.orders) },
          totalCents: { N: String(summary.totalCents) },
        },
      });
      deps.telemetry.info("A day was summed up", { ...summary });
      return summary;
    });
}

async function totalsOf(day: Day, table: string, deps: EventPipesDeps): Promise<number[]> {
  const ask = (ExclusiveStartKey: Record<string, AttributeValue> | undefined) =>
    deps.table.query({
      TableName: table,
      KeyConditionExpression: "pk = :day",
      ExpressionAttributeValues: { ":day": { S: `DAY#${day}` } },
      ProjectionExpression: "totalCents",
      ExclusiveStartKey,
    });
  const totals: number[] = [];
  for await (const { Items = [] } of pages(ask, ({ LastEvaluatedKey }) => LastEvaluatedKey)) {
    totals.push(...Items.map(({ totalCents }) => Number(totalCents?.N)));
  }
  return totals;
}
