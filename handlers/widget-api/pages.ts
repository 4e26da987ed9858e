/** Pages of widgets, by token. */
import type { QueryCommandInput } from "@aws-sdk/client-dynamodb";
import * as z from "zod";
import { answer, Problem } from "../shared/problem";
import type { WidgetApiDeps } from "./clients";
import { type Item, widgetOf } from "./widgets";

/** The key at which a page ends, as DynamoDB has it. */
const KEY = z.record(
  z.enum(["widgetname", "color", "kind", "count"]).or(z.never()),
  z.union([z.strictObject({ S: z.string() }), z.strictObject({ N: z.string() })]),
);

/** One page of a query, and where the next one begins. */
export async function page(
  table: WidgetApiDeps["table"],
  query: QueryCommandInput,
  { limit, pageToken }: Readonly<Record<string, string | number | undefined>>,
) {
  const ExclusiveStartKey = pageToken === undefined ? undefined : keyOf(String(pageToken));
  const input = { ...query, Limit: Number(limit), ExclusiveStartKey };
  const { Items = [], LastEvaluatedKey } = await table.query(input).catch((error: unknown) => {
    // Of what is asked here, only a token can be wrong.
    if (ExclusiveStartKey !== undefined && error instanceof Error && error.name === "ValidationException") {
      throw invalidToken();
    }
    throw error;
  });
  const nextPageToken = LastEvaluatedKey && tokenOf(LastEvaluatedKey);
  return answer(200, { widgets: Items.map(widgetOf), ...(nextPageToken === undefined ? {} : { nextPageToken }) });
}

const invalidToken = () => new Problem(400, "pageToken: not one that a page of this report gave");

function tokenOf(key: Item): string {
  return Buffer.from(JSON.stringify(key)).toString("base64url");
}

function keyOf(token: string): Item {
  try {
    return KEY.parse(JSON.parse(Buffer.from(token, "base64url").toString())) as Item;
  } catch {
    throw invalidToken();
  }
}
