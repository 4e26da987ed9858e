/**
 * The days that the schedule has reported: one item for each, beside the day's deliveries. A day is reported once
 * everybody has its mail who can get it; anyone who could not is named by an error of its own.
 */
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { pages } from "../shared/pages";
import type { DeliveryTable } from "./apis";
import type { Day } from "../shared/days";
import { type DeliveryCalls, isConditionFailed, KEPT_SECONDS } from "./deliveries";
import type { FullSettings } from "./settings";

type Item = Record<string, AttributeValue>;

const PREFIX = "reported#";

export class Calendar {
  constructor(
    private readonly table: DeliveryTable,
    private readonly calls: DeliveryCalls,
    private readonly settings: Pick<FullSettings, "tableName" | "reportId">,
    private readonly now: () => number,
  ) {}

  /** In order. */
  async reported(): Promise<Day[]> {
    const { tableName, reportId } = this.settings;
    const days: Day[] = [];
    const ask = (ExclusiveStartKey: Item | undefined) =>
      this.calls.call("reading the days that were reported", () =>
        this.table.query({
          TableName: tableName,
          ConsistentRead: true,
          KeyConditionExpression: "pk = :report AND begins_with(sk, :day)",
          ExpressionAttributeValues: { ":report": { S: reportId }, ":day": { S: PREFIX } },
          ...(ExclusiveStartKey !== undefined && { ExclusiveStartKey }),
        }),
      );
    for await (const page of pages(ask, ({ LastEvaluatedKey }) => LastEvaluatedKey)) {
      for (const item of page.Items ?? []) days.push((item["sk"]?.S ?? "").slice(PREFIX.length));
    }
    return days;
  }

  async markReported(day: Day): Promise<void> {
    const { tableName, reportId } = this.settings;
    const now = this.now();
    try {
      await this.calls.closing("marking a day as reported", () =>
        this.table.updateItem({
          TableName: tableName,
          Key: { pk: { S: reportId }, sk: { S: `${PREFIX}${day}` } },
          UpdateExpression: "SET reportedAt = :now, expiresAt = :expiresAt",
          ConditionExpression: "attribute_not_exists(reportedAt)",
          ExpressionAttributeValues: {
            ":now": { N: String(now) },
            ":expiresAt": { N: String(Math.floor(now / 1000) + KEPT_SECONDS) },
          },
        }),
      );
    } catch (error) {
      if (!isConditionFailed(error)) throw error;
    }
  }
}
