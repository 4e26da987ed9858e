/**
 * Keeps one item for each finding, and notes what people have to know, in one transaction: so that a change has its notice
 * whenever the function dies, and an event that comes again, or late, changes nothing. What the transaction rests on, the
 * item as it was read and a group that still takes notices, are its conditions.
 */
import type { TransactWriteItem } from "@aws-sdk/client-dynamodb";
import { type Call, PartlyRefusedError } from "../shared/retry";
import type { FindingTable, RecordDeps } from "./apis";
import { ContentionError } from "./errors";
import type { Finding } from "./events";
import { findingItem, findingKey, groupKey, hourAfter, hourOf, noticeItem, readFinding, toItem } from "./items";
import { advance, type Known, type Step } from "./plan";

const MOST_ATTEMPTS = 20;

export interface Recording {
  readonly deps: Pick<RecordDeps, "table" | "now">;
  readonly call: Call;
  readonly tableName: string;
}

type Change = Extract<Step, { kind: "change" }>;
type Written = "written" | "another was faster" | "the group is closed";

/** @throws ContentionError where others are faster again and again */
export async function record(event: Finding, { deps, call, tableName }: Recording): Promise<Step> {
  let earliest = "";
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1) {
    const known = await read(event.arn, deps.table, call, tableName);
    const step = advance(known, event);
    if (step.kind === "late") return step;
    const now = deps.now();
    // Clocks differ: where the sender has closed this hour's group, the notice belongs to the next one.
    const hour = hourOf(now) > earliest ? hourOf(now) : earliest;
    const items = transaction(known, step, { tableName, hour, now });
    const written = await call("writing down a finding", () => write(deps.table, items));
    if (written === "written") return step;
    if (written === "the group is closed") earliest = hourAfter(hour);
  }
  throw new ContentionError(event.arn, MOST_ATTEMPTS);
}

async function read(arn: string, table: FindingTable, call: Call, TableName: string): Promise<Known | undefined> {
  const { Item } = await call("reading a finding", () =>
    table.getItem({ TableName, Key: findingKey(arn), ConsistentRead: true }),
  );
  return Item && readFinding(Item);
}

function transaction(
  known: Known | undefined,
  { next, notice }: Change,
  { tableName, hour, now }: { tableName: string; hour: string; now: number },
): TransactWriteItem[] {
  const finding: TransactWriteItem = {
    Put: {
      TableName: tableName,
      Item: findingItem(next),
      ...(known === undefined
        ? { ConditionExpression: "attribute_not_exists(pk)" }
        : {
            ConditionExpression: "revision = :revision",
            ExpressionAttributeValues: toItem({ ":revision": known.revision }),
          }),
    },
  };
  if (notice === undefined) return [finding];
  const { resourceId, resourceType, account, region } = next;
  const group = { hour, resourceId, resourceType, account, region };
  const names = Object.keys(group);
  return [
    finding,
    {
      Update: {
        TableName: tableName,
        Key: groupKey(group),
        UpdateExpression: `SET ${names.map((name) => `#${name} = :${name}`).join(", ")}`,
        ConditionExpression: "attribute_not_exists(closed)",
        ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
        ExpressionAttributeValues: toItem(
          Object.fromEntries(Object.entries(group).map(([name, value]) => [`:${name}`, value])),
        ),
      },
    },
    { Put: { TableName: tableName, Item: noticeItem(notice, next, hour, now) } },
  ];
}

async function write(table: FindingTable, TransactItems: TransactWriteItem[]): Promise<Written> {
  try {
    await table.transactWriteItems({ TransactItems });
    return "written";
  } catch (error) {
    const { name, CancellationReasons = [] } = error as { name?: string; CancellationReasons?: { Code?: string }[] };
    if (name !== "TransactionCanceledException") throw error;
    const [finding, group] = CancellationReasons.map(({ Code }) => Code === "ConditionalCheckFailed");
    if (finding === true) return "another was faster";
    if (group === true) return "the group is closed";
    // Conflicts with other transactions, and throttling, pass.
    throw new PartlyRefusedError(error instanceof Error ? error.message : name, { cause: error });
  }
}
