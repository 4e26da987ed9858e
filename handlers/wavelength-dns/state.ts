/**
 * What has to be remembered between invocations, as items of one partition per record name:
 *
 * - `lease`: see shared/lease.ts;
 * - `interrupted#<instance id>`: Spot is about to take the instance; no service can be asked for that later;
 * - `removal#<instance id>`: when and by which change the record of an instance that waits for the lifecycle hook went
 *   away. Exists only while the record does not: it is deleted before a record is (re)created;
 * - `ttl#<instance id>#<seconds>`: the TTL of a record that was about to be deleted, or to be given a lower one, for as
 *   long as caches may go by it. Written before the change is made: afterwards there may be nobody left to do it. Each
 *   TTL has an item of its own, so that a longer one which expires soon does not hide a shorter one which does not;
 * - `addressless#<instance id>`: since when an instance in service with a record is seen without a carrier IP.
 *
 * All carry `expiresAt` (epoch seconds), the table's TTL attribute. DynamoDB deletes late, so readers check it too.
 */
import type { AttributeValue, WriteRequest } from "@aws-sdk/client-dynamodb";
import { chunksOf, forEachLimited } from "../shared/batches";
import { pages } from "../shared/pages";
import { type Call, PartlyRefusedError } from "../shared/retry";
import type { RemovalTable, StateTable } from "./apis";
import type { Observation, OutgoingTtl, Removal } from "./plan";

/** A Spot instance is taken two minutes after the warning; one that is still there after ten was spared. */
export const INTERRUPTED_SECONDS = 600;
/** As long as a lifecycle action can wait for one heartbeat. */
const REMOVAL_KEPT_SECONDS = 7200;
/** Until a change has reached every name server, with as much again for the invocation that makes it. */
const TTL_MARGIN_SECONDS = 120;
/** Longer than doubts about an address last; see contradictions.ts. */
const ADDRESSLESS_KEPT_SECONDS = 3600;
/** Limits of BatchWriteItem, and how many of them run at once. */
const WRITE_BATCH = 25;
const WRITES_AT_ONCE = 4;

const INTERRUPTED = "interrupted#";
const REMOVAL = "removal#";
const TTL = "ttl#";
const ADDRESSLESS = "addressless#";

type Item = Record<string, AttributeValue>;

export type State = Pick<Observation, "interrupted" | "removals" | "cachedTtlSeconds" | "addresslessSince">;

interface Partition {
  readonly tableName: string;
  readonly scope: string;
}

/** Everything remembered that has not expired, read consistently. */
export async function readState(api: StateTable, call: Call, where: Partition, now: number): Promise<State> {
  const interrupted = new Set<string>();
  const removals = new Map<string, Removal>();
  const cachedTtlSeconds = new Map<string, number>();
  const addresslessSince = new Map<string, number>();
  const ask = (startKey: Item | undefined) =>
    call("reading the state", () =>
      api.query({
        TableName: where.tableName,
        ConsistentRead: true,
        KeyConditionExpression: "pk = :scope",
        ExpressionAttributeValues: { ":scope": { S: where.scope } },
        ...(startKey !== undefined && { ExclusiveStartKey: startKey }),
      }),
    );
  for await (const page of pages(ask, ({ LastEvaluatedKey }) => LastEvaluatedKey)) {
    for (const item of page.Items ?? []) {
      const sk = item["sk"]?.S ?? "";
      if (isExpired(item, now)) continue;
      if (sk.startsWith(INTERRUPTED)) interrupted.add(sk.slice(INTERRUPTED.length));
      else if (sk.startsWith(REMOVAL)) removals.set(sk.slice(REMOVAL.length), readRemoval(sk, item));
      else if (sk.startsWith(ADDRESSLESS)) {
        addresslessSince.set(sk.slice(ADDRESSLESS.length), Number(item["since"]?.N ?? 0));
      } else if (sk.startsWith(TTL)) {
        const [instanceId = "", seconds] = sk.slice(TTL.length).split("#");
        cachedTtlSeconds.set(instanceId, Math.max(Number(seconds), cachedTtlSeconds.get(instanceId) ?? 0));
      }
    }
  }
  return { interrupted, removals, cachedTtlSeconds, addresslessSince };
}

/** What is known of one instance's removal, read consistently. */
export async function findRemoval(
  api: Pick<RemovalTable, "getItem">,
  call: Call,
  where: Partition,
  instanceId: string,
  now: number,
): Promise<Removal | undefined> {
  const sk = `${REMOVAL}${instanceId}`;
  const { Item: item } = await call("reading the removal", () =>
    api.getItem({
      TableName: where.tableName,
      Key: { pk: { S: where.scope }, sk: { S: sk } },
      ConsistentRead: true,
    }),
  );
  return item === undefined || isExpired(item, now) ? undefined : readRemoval(sk, item);
}

/** Remembers Spot interruption warnings, one item an instance. Warnings long past, as a redrive brings them, are not. */
export async function rememberInterruptions(
  api: StateTable,
  call: Call,
  where: Partition,
  warnings: readonly { readonly instanceId: string; readonly warnedAt: number }[],
  now: number,
): Promise<void> {
  const expiry = new Map<string, number>();
  for (const { instanceId, warnedAt } of warnings) {
    const expiresAt = Math.floor(Math.min(warnedAt, now) / 1000) + INTERRUPTED_SECONDS;
    if (expiresAt * 1000 > now) expiry.set(instanceId, Math.max(expiresAt, expiry.get(instanceId) ?? 0));
  }
  await writeItems(
    api,
    call,
    where,
    [...expiry].map(([instanceId, expiresAt]) => ({
      PutRequest: { Item: keyed(where, `${INTERRUPTED}${instanceId}`, { expiresAt: { N: String(expiresAt) } }) },
    })),
  );
}

export async function rememberRemovals(
  api: StateTable,
  call: Call,
  where: Partition,
  removals: readonly Removal[],
): Promise<void> {
  const requests = removals.map(({ instanceId, removedAt, ttlSeconds, changeId }) => ({
    PutRequest: {
      Item: keyed(where, `${REMOVAL}${instanceId}`, {
        removedAt: { N: String(removedAt) },
        ttlSeconds: { N: String(ttlSeconds) },
        expiresAt: { N: String(Math.ceil(removedAt / 1000) + REMOVAL_KEPT_SECONDS) },
        ...(changeId !== undefined && { changeId: { S: changeId } }),
      }),
    },
  }));
  await writeItems(api, call, where, requests);
}

/** Adds to a removal that every name server was known to have forgotten the record; false where it is not current. */
export async function rememberSync(
  api: Pick<RemovalTable, "updateItem">,
  call: Call,
  where: Partition,
  { instanceId, removedAt }: Removal,
  syncedAt: number,
): Promise<boolean> {
  try {
    await call("remembering the sync", () =>
      api.updateItem({
        TableName: where.tableName,
        Key: keyed(where, `${REMOVAL}${instanceId}`, {}),
        UpdateExpression: "SET syncedAt = :syncedAt",
        ConditionExpression: "removedAt = :removedAt",
        ExpressionAttributeValues: { ":syncedAt": { N: String(syncedAt) }, ":removedAt": { N: String(removedAt) } },
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === "ConditionalCheckFailedException") return false;
    throw error;
  }
}

/** Remembers TTLs that are about to go, each until no cache can go by it any more. */
export async function rememberTtls(
  api: StateTable,
  call: Call,
  where: Partition,
  outgoing: readonly OutgoingTtl[],
  now: number,
): Promise<void> {
  const requests = outgoing.map(({ instanceId, ttlSeconds }) => {
    const expiresAt = Math.ceil(now / 1000) + ttlSeconds + TTL_MARGIN_SECONDS;
    return {
      PutRequest: { Item: keyed(where, `${TTL}${instanceId}#${ttlSeconds}`, { expiresAt: { N: String(expiresAt) } }) },
    };
  });
  await writeItems(api, call, where, requests);
}

/** Remembers since when these instances are seen without a carrier IP, and forgets all others. */
export async function rememberAddressless(
  api: StateTable,
  call: Call,
  where: Partition,
  known: ReadonlyMap<string, number>,
  addressless: ReadonlySet<string>,
  now: number,
): Promise<void> {
  const begun = [...addressless].filter((id) => !known.has(id));
  const ended = [...known.keys()].filter((id) => !addressless.has(id));
  const expiresAt = { N: String(Math.ceil(now / 1000) + ADDRESSLESS_KEPT_SECONDS) };
  await writeItems(api, call, where, [
    ...begun.map((id) => ({
      PutRequest: { Item: keyed(where, `${ADDRESSLESS}${id}`, { since: { N: String(now) }, expiresAt }) },
    })),
    ...ended.map((id) => ({ DeleteRequest: { Key: keyed(where, `${ADDRESSLESS}${id}`, {}) } })),
  ]);
}

export async function forgetRemovals(
  api: StateTable,
  call: Call,
  where: Partition,
  instanceIds: readonly string[],
): Promise<void> {
  const requests = instanceIds.map((id) => ({ DeleteRequest: { Key: keyed(where, `${REMOVAL}${id}`, {}) } }));
  await writeItems(api, call, where, requests);
}

async function writeItems(
  api: StateTable,
  call: Call,
  { tableName }: Partition,
  requests: readonly WriteRequest[],
): Promise<void> {
  await forEachLimited(chunksOf(requests, WRITE_BATCH), WRITES_AT_ONCE, async (chunk) => {
    let pending: WriteRequest[] = chunk;
    await call("writing the state", async () => {
      const { UnprocessedItems } = await api.batchWriteItem({ RequestItems: { [tableName]: pending } });
      pending = Object.values(UnprocessedItems ?? {}).flat();
      if (pending.length > 0) throw new PartlyRefusedError(`DynamoDB left ${pending.length} items unwritten`);
    });
  });
}

function keyed({ scope }: Partition, sk: string, attributes: Item): Item {
  return { pk: { S: scope }, sk: { S: sk }, ...attributes };
}

function isExpired(item: Item, now: number): boolean {
  return Number(item["expiresAt"]?.N ?? Infinity) * 1000 <= now;
}

function readRemoval(sk: string, item: Item): Removal {
  const changeId = item["changeId"]?.S;
  const syncedAt = item["syncedAt"]?.N;
  return {
    instanceId: sk.slice(REMOVAL.length),
    removedAt: Number(item["removedAt"]?.N ?? 0),
    ttlSeconds: Number(item["ttlSeconds"]?.N ?? 0),
    ...(changeId !== undefined && { changeId }),
    ...(syncedAt !== undefined && { syncedAt: Number(syncedAt) }),
  };
}
