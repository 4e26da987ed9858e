/** Changes of a table. DynamoDB takes them one kind at a time, and each only when the one before has come to its end. */
import {
  DescribeTableCommand,
  DynamoDBClient,
  type GlobalSecondaryIndexUpdate,
  ResourceNotFoundException,
  type SSESpecification,
  type TableDescription,
  UpdateContinuousBackupsCommand,
  UpdateTableCommand,
  type UpdateTableCommandInput,
  UpdateTimeToLiveCommand,
} from "@aws-sdk/client-dynamodb";
import { isEqual, type Values } from "../../property-values";
import { objects, optionalBoolean, optionalObject, text } from "../../resource-type";
import { ifMissing, isSet, until, whileRefused } from "../support";
import { attributeDefinitions, globalIndex, INDEX_CAPACITY, onDemand, stream, throughput } from "./table-shape";

export async function findTable(client: DynamoDBClient, name: string): Promise<TableDescription | undefined> {
  const question = client.send(new DescribeTableCommand({ TableName: name }));
  return (await ifMissing(question, ResourceNotFoundException))?.Table;
}

/** Waits for the table and all of its indexes. */
export async function active(client: DynamoDBClient, name: string): Promise<void> {
  const isActive = async () => {
    const table = await findTable(client, name);
    const indexes = table?.GlobalSecondaryIndexes ?? [];
    const isUpdating = table?.SSEDescription?.Status === "UPDATING";
    return table?.TableStatus === "ACTIVE" && indexes.every((i) => i.IndexStatus === "ACTIVE") && !isUpdating
      ? true
      : undefined;
  };
  await until(`the table ${name} to be active`, isActive, { timeoutSeconds: 1800 });
}

export function encryption(values: Values): SSESpecification {
  const given = optionalObject(values, "serverSideEncryption");
  if (given?.enabled !== true) return { Enabled: false };
  const key = given.kmsKeyArn;
  return { Enabled: true, SSEType: "KMS", ...(typeof key === "string" && key !== "" ? { KMSMasterKeyId: key } : {}) };
}

function definition(index: Values): Values {
  return Object.fromEntries(Object.entries(index).filter(([name]) => !INDEX_CAPACITY.includes(name)));
}

/** Index changes, each a call of its own: deletions first, so that an index can be made anew under its name. */
function indexChanges(olds: Values, news: Values): GlobalSecondaryIndexUpdate[] {
  const isProvisioned = news.billingMode === "PROVISIONED";
  const before = new Map(objects(olds, "globalSecondaryIndexes").map((index) => [index.name, index]));
  const after = objects(news, "globalSecondaryIndexes");
  const isRemade = (index: Values): boolean => {
    const old = before.get(index.name);
    return old !== undefined && !isEqual(definition(old), definition(index));
  };
  const kept = new Set(after.filter((index) => before.has(index.name) && !isRemade(index)).map(({ name }) => name));
  const deleted = [...before.keys()].filter((name) => !kept.has(name ?? ""));
  const resized = after.filter(
    (index) => kept.has(index.name) && INDEX_CAPACITY.some((name) => isSet(before.get(index.name) ?? {}, index, name)),
  );
  return [
    ...deleted.map((name) => ({ Delete: { IndexName: String(name) } })),
    ...resized.map((index) => ({
      Update: {
        IndexName: String(index.name),
        ...(isProvisioned ? { ProvisionedThroughput: throughput(index) } : { OnDemandThroughput: onDemand(index) }),
      },
    })),
    ...after.filter(({ name }) => !kept.has(name)).map((index) => ({ Create: globalIndex(index, isProvisioned) })),
  ];
}

function capacityChange(olds: Values, news: Values): Partial<UpdateTableCommandInput>[] {
  const isProvisioned = news.billingMode === "PROVISIONED";
  const isMode = isSet(olds, news, "billingMode");
  const isCapacity = isSet(olds, news, "readCapacity") || isSet(olds, news, "writeCapacity");
  if (!isMode && !(isProvisioned && isCapacity)) {
    return isSet(olds, news, "onDemandThroughput") ? [{ OnDemandThroughput: onDemand(news) }] : [];
  }
  return [
    {
      ...(isMode ? { BillingMode: text(news, "billingMode") as "PROVISIONED" } : {}),
      ...(isProvisioned ? { ProvisionedThroughput: throughput(news) } : {}),
      // Indexes that stay have to follow the table to provisioned capacity in the same call.
      ...(isMode && isProvisioned && objects(news, "globalSecondaryIndexes").length > 0
        ? {
            GlobalSecondaryIndexUpdates: objects(news, "globalSecondaryIndexes").map((index) => ({
              Update: { IndexName: String(index.name), ProvisionedThroughput: throughput(index) },
            })),
          }
        : {}),
    },
  ];
}

/** A stream's view cannot change: another stream takes its place. */
function streamChanges(olds: Values, news: Values): Partial<UpdateTableCommandInput>[] {
  const [was, is] = [optionalBoolean(olds, "streamEnabled") === true, optionalBoolean(news, "streamEnabled") === true];
  const isOther = was && is && olds.streamViewType !== news.streamViewType;
  return [
    ...(was && (!is || isOther) ? [{ StreamSpecification: { StreamEnabled: false } }] : []),
    ...(is && (!was || isOther) ? [{ StreamSpecification: stream(news) }] : []),
  ];
}

function wasEncrypted(values: Values): boolean {
  return optionalObject(values, "serverSideEncryption")?.enabled === true;
}

export async function updateTable(client: DynamoDBClient, name: string, olds: Values, news: Values): Promise<void> {
  const isEncryptionChanged =
    wasEncrypted(olds) !== wasEncrypted(news) || (wasEncrypted(news) && isSet(olds, news, "serverSideEncryption"));
  const isProtected = (values: Values): boolean => optionalBoolean(values, "deletionProtectionEnabled") === true;
  const changes: Partial<UpdateTableCommandInput>[] = [
    ...capacityChange(olds, news),
    ...(isSet(olds, news, "tableClass") ? [{ TableClass: text(news, "tableClass") as "STANDARD" }] : []),
    ...indexChanges(olds, news).map((change) => ({
      AttributeDefinitions: attributeDefinitions(news),
      GlobalSecondaryIndexUpdates: [change],
    })),
    ...streamChanges(olds, news),
    ...(isEncryptionChanged ? [{ SSESpecification: encryption(news) }] : []),
    ...(isProtected(olds) === isProtected(news) ? [] : [{ DeletionProtectionEnabled: isProtected(news) }]),
  ];
  for (const change of changes) {
    const call = () => client.send(new UpdateTableCommand({ TableName: name, ...change }));
    await whileRefused(call, ["LimitExceededException", "ResourceInUseException"]);
    await active(client, name);
  }
}

export async function setTimeToLive(client: DynamoDBClient, name: string, olds: Values, news: Values): Promise<void> {
  const [before, after] = [optionalObject(olds, "ttl"), optionalObject(news, "ttl")];
  const [was, is] = [before?.enabled === true, after?.enabled === true];
  const set = async (enabled: boolean, values: Values): Promise<void> => {
    const TimeToLiveSpecification = { Enabled: enabled, AttributeName: text(values, "attributeName") };
    await client.send(new UpdateTimeToLiveCommand({ TableName: name, TimeToLiveSpecification }));
  };
  const isOther = was && is && before?.attributeName !== after?.attributeName;
  if (was && (!is || isOther)) await set(false, before ?? {});
  if (is && (!was || isOther)) await set(true, after ?? {});
}

export async function setRecovery(client: DynamoDBClient, name: string, olds: Values, news: Values): Promise<void> {
  const [before, after] = [optionalObject(olds, "pointInTimeRecovery"), optionalObject(news, "pointInTimeRecovery")];
  const [was, is] = [before?.enabled === true, after?.enabled === true];
  const days = after?.recoveryPeriodInDays;
  if (was === is && !(is && isSet(before ?? {}, after ?? {}, "recoveryPeriodInDays"))) return;
  const PointInTimeRecoverySpecification = {
    PointInTimeRecoveryEnabled: is,
    ...(is && days !== undefined ? { RecoveryPeriodInDays: Number(days) } : {}),
  };
  const call = () =>
    client.send(new UpdateContinuousBackupsCommand({ TableName: name, PointInTimeRecoverySpecification }));
  await whileRefused(call, ["ContinuousBackupsUnavailableException"], { timeoutSeconds: 600 });
}
