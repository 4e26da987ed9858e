/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html */
import {
  CreateTableCommand,
  DeleteTableCommand,
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  ListTagsOfResourceCommand,
  ResourceNotFoundException,
  type TableDescription,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-dynamodb";
import type { Value, Values } from "../../property-values";
import {
  objects,
  type Operation,
  optionalBoolean,
  optionalObject,
  type ResourceState,
  type ResourceType,
  text,
} from "../../resource-type";
import { likeState } from "../shape";
import { allPages, changedTags, ifMissing, known, settled, tagList, tagRecord, until, whileRefused } from "../support";
import { active, encryption, findTable, setRecovery, setTimeToLive, updateTable } from "./table-changes";
import {
  attributeDefinitions,
  checkTable,
  globalIndex,
  indexOutputs,
  keyOf,
  keySchema,
  localIndex,
  onDemand,
  onDemandOutputs,
  stream,
  throughput,
} from "./table-shape";

async function timeToLive(client: DynamoDBClient, name: string): Promise<Values> {
  const { TimeToLiveDescription: found } = await client.send(new DescribeTimeToLiveCommand({ TableName: name }));
  const enabled = found?.TimeToLiveStatus === "ENABLED" || found?.TimeToLiveStatus === "ENABLING";
  return { enabled, attributeName: enabled ? (found.AttributeName ?? "") : "" };
}

async function recovery(client: DynamoDBClient, name: string): Promise<Values> {
  const answer = await client.send(new DescribeContinuousBackupsCommand({ TableName: name }));
  const found = answer.ContinuousBackupsDescription?.PointInTimeRecoveryDescription;
  const enabled = found?.PointInTimeRecoveryStatus === "ENABLED";
  return { enabled, ...(enabled ? { recoveryPeriodInDays: found.RecoveryPeriodInDays ?? 35 } : {}) };
}

async function tags(client: DynamoDBClient, arn: string): Promise<Record<string, string>> {
  const found = await allPages(async (NextToken) => {
    const page = await client.send(new ListTagsOfResourceCommand({ ResourceArn: arn, NextToken }));
    return { items: page.Tags, token: page.NextToken };
  });
  return tagRecord(found);
}

function described(table: TableDescription): Record<string, Value | undefined> {
  const encrypted = table.SSEDescription?.Status === "ENABLED" || table.SSEDescription?.Status === "UPDATING";
  const { StreamEnabled: streams, StreamViewType: view } = table.StreamSpecification ?? {};
  const limits = table.OnDemandThroughput;
  return {
    arn: table.TableArn,
    attributes: (table.AttributeDefinitions ?? []).map(({ AttributeName = "", AttributeType = "S" }) => ({
      name: AttributeName,
      type: AttributeType,
    })),
    billingMode: table.BillingModeSummary?.BillingMode ?? "PROVISIONED",
    deletionProtectionEnabled: table.DeletionProtectionEnabled ?? false,
    globalSecondaryIndexes: (table.GlobalSecondaryIndexes ?? []).map(indexOutputs),
    hashKey: keyOf(table.KeySchema, "HASH"),
    localSecondaryIndexes: (table.LocalSecondaryIndexes ?? []).map(indexOutputs),
    name: table.TableName,
    onDemandThroughput: limits === undefined ? undefined : onDemandOutputs(limits),
    rangeKey: keyOf(table.KeySchema, "RANGE"),
    readCapacity: table.ProvisionedThroughput?.ReadCapacityUnits ?? 0,
    serverSideEncryption: known({
      enabled: encrypted,
      kmsKeyArn: encrypted ? table.SSEDescription?.KMSMasterKeyArn : undefined,
    }),
    streamArn: table.LatestStreamArn ?? "",
    streamEnabled: streams ?? false,
    streamLabel: table.LatestStreamLabel ?? "",
    streamViewType: streams === true ? view : "",
    tableClass: table.TableClassSummary?.TableClass ?? "STANDARD",
    writeCapacity: table.ProvisionedThroughput?.WriteCapacityUnits ?? 0,
  };
}

async function read({ account }: Operation, id: string, state: Values): Promise<ResourceState | undefined> {
  const client = account.client(DynamoDBClient);
  const table = await findTable(client, id);
  if (table?.TableArn === undefined || table.TableStatus === "DELETING") return undefined;
  const outputs = known({
    ...described(table),
    pointInTimeRecovery: await recovery(client, id),
    tagsAll: await tags(client, table.TableArn),
    ttl: await timeToLive(client, id),
  });
  return { id, outputs: likeState(state, outputs) };
}

function creation(operation: Operation, inputs: Values): CreateTableCommand {
  const isProvisioned = inputs.billingMode === "PROVISIONED";
  const [globals, locals] = [objects(inputs, "globalSecondaryIndexes"), objects(inputs, "localSecondaryIndexes")];
  return new CreateTableCommand({
    TableName: text(inputs, "name"),
    AttributeDefinitions: attributeDefinitions(inputs),
    KeySchema: keySchema(inputs),
    BillingMode: text(inputs, "billingMode") as "PROVISIONED",
    ...(isProvisioned ? { ProvisionedThroughput: throughput(inputs) } : { OnDemandThroughput: onDemand(inputs) }),
    ...(globals.length === 0
      ? {}
      : { GlobalSecondaryIndexes: globals.map((index) => globalIndex(index, isProvisioned)) }),
    ...(locals.length === 0 ? {} : { LocalSecondaryIndexes: locals.map((index) => localIndex(index, inputs)) }),
    ...(inputs.streamEnabled === true ? { StreamSpecification: stream(inputs) } : {}),
    ...(optionalObject(inputs, "serverSideEncryption")?.enabled === true
      ? { SSESpecification: encryption(inputs) }
      : {}),
    ...(inputs.tableClass === undefined ? {} : { TableClass: text(inputs, "tableClass") as "STANDARD" }),
    DeletionProtectionEnabled: optionalBoolean(inputs, "deletionProtectionEnabled"),
    Tags: tagList(operation.tags),
  });
}

/** Limits of the account on tables that are made or changed at the same time. */
const BUSY = ["LimitExceededException", "ResourceInUseException", "Subscriber limit exceeded"];

export const table: ResourceType = {
  token: "aws:dynamodb/table:Table",
  properties: {
    attributes: "update",
    billingMode: "update",
    deletionProtectionEnabled: "update",
    globalSecondaryIndexes: "update",
    hashKey: "replace",
    localSecondaryIndexes: "replace",
    name: "replace",
    onDemandThroughput: "update",
    pointInTimeRecovery: "update",
    rangeKey: "replace",
    readCapacity: "update",
    serverSideEncryption: "update",
    streamEnabled: "update",
    streamViewType: "update",
    tableClass: "update",
    ttl: "update",
    writeCapacity: "update",
  },
  required: ["attributes", "hashKey"],
  computed: ["arn", "readCapacity", "streamArn", "streamLabel", "writeCapacity"],
  volatile: [{ outputs: ["streamArn", "streamLabel"], changedBy: ["streamEnabled", "streamViewType"] }],
  autoName: { property: "name", maxLength: 255 },
  taggable: true,
  defaults: { billingMode: "PROVISIONED" },
  check: checkTable,
  async create(operation, inputs) {
    const client = operation.account.client(DynamoDBClient);
    const id = text(inputs, "name");
    // A table of that name is in use for good; limits pass.
    const isLimit = BUSY.filter((refusal) => refusal !== "ResourceInUseException");
    await whileRefused(() => client.send(creation(operation, inputs)), isLimit);
    operation.created(id);
    await active(client, id);
    await setTimeToLive(client, id, {}, inputs);
    await setRecovery(client, id, {}, inputs);
    return settled(read, operation, id, inputs);
  },
  read,
  async update(operation, id, olds, news) {
    const client = operation.account.client(DynamoDBClient);
    await updateTable(client, id, olds, news);
    await setTimeToLive(client, id, olds, news);
    await setRecovery(client, id, olds, news);
    const { set, removed } = changedTags(olds, operation.tags);
    const ResourceArn = text(olds, "arn");
    if (removed.length > 0) await client.send(new UntagResourceCommand({ ResourceArn, TagKeys: removed }));
    if (Object.keys(set).length > 0) await client.send(new TagResourceCommand({ ResourceArn, Tags: tagList(set) }));
    return (await settled(read, operation, id, news)).outputs;
  },
  async delete({ account }, id) {
    const client = account.client(DynamoDBClient);
    const remove = () => client.send(new DeleteTableCommand({ TableName: id }));
    await ifMissing(whileRefused(remove, BUSY), ResourceNotFoundException);
    const isGone = async () => {
      const question = client.send(new DescribeTableCommand({ TableName: id }));
      return (await ifMissing(question, ResourceNotFoundException)) === undefined ? true : undefined;
    };
    await until(`the table ${id} to be gone`, isGone, { timeoutSeconds: 600 });
  },
};
