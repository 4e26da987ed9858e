/** Amazon DynamoDB. https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html */
import { resource } from "../engine/resource";
import { service, type Structure } from "../engine/service";
import { get } from "../engine/convert";
import { optionalObject, optionalText, type Service, text } from "../resource-type";
import type { Values } from "../property-values";

const api = service({
  package: "@aws-sdk/client-dynamodb",
  client: "DynamoDBClient",
  missing: ["ResourceNotFoundException"],
  tags: { set: "TagResource", remove: "UntagResource", list: "ListTagsOfResource" },
});

function keySchema(values: Values): Structure[] {
  const range = optionalText(values, "rangeKey");
  return [
    { AttributeName: text(values, "hashKey"), KeyType: "HASH" },
    ...(range === undefined ? [] : [{ AttributeName: range, KeyType: "RANGE" }]),
  ];
}

/** What other operations say in words of their own. */
function outputs(answers: Readonly<Record<string, Structure>>, state: Values): Values {
  const table = answers.DescribeTable;
  const at = (call: string, path: string): unknown => get(answers[call], path.split("."));
  const key = (type: string): string =>
    String((table?.KeySchema as Structure[]).find(({ KeyType }) => KeyType === type)?.AttributeName ?? "");
  const isOn = (status: unknown): boolean => ["ENABLED", "ENABLING", "UPDATING"].includes(String(status));
  const [ttl, sse] = [answers.DescribeTimeToLive, table?.SSEDescription as Structure | undefined];
  const hasKey = optionalObject(state, "serverSideEncryption")?.kmsKeyArn !== undefined;
  return {
    billingMode: String(at("DescribeTable", "BillingModeSummary.BillingMode") ?? "PROVISIONED"),
    hashKey: key("HASH"),
    ...(key("RANGE") === "" ? {} : { rangeKey: key("RANGE") }),
    pointInTimeRecovery: {
      enabled: isOn(at("DescribeContinuousBackups", "PointInTimeRecoveryDescription.PointInTimeRecoveryStatus")),
    },
    serverSideEncryption: {
      enabled: isOn(sse?.Status),
      ...(hasKey ? { kmsKeyArn: String(sse?.KMSMasterKeyArn) } : {}),
    },
    streamArn: state.streamArn ?? "",
    streamLabel: state.streamLabel ?? "",
    ttl: isOn(ttl?.TimeToLiveStatus)
      ? { enabled: true, attributeName: String(ttl?.AttributeName) }
      : { enabled: false, attributeName: "" },
  };
}

const table = resource({
  token: "aws:dynamodb/table:Table",
  service: api,
  id: "{name}",
  create: "CreateTable",
  read: [
    { call: "DescribeTable", at: "Table" },
    { call: "DescribeContinuousBackups", at: "ContinuousBackupsDescription" },
    { call: "DescribeTimeToLive", at: "TimeToLiveDescription" },
  ],
  // A call takes one kind of change.
  updates: [
    { call: "UpdateTable", only: ["billingMode", "readCapacity", "writeCapacity"] },
    { call: "UpdateTable", only: ["streamEnabled", "streamViewType"] },
    { call: "UpdateTable", only: ["serverSideEncryption"] },
    { call: "UpdateTable", only: ["deletionProtectionEnabled"] },
    "UpdateContinuousBackups",
    "UpdateTimeToLive",
  ],
  delete: "DeleteTable",
  // The real provider makes and deletes indexes in place, which takes DynamoDB up to hours.
  replace: ["attributes", "globalSecondaryIndexes", "hashKey", "name", "rangeKey"],
  update: [
    "billingMode",
    "deletionProtectionEnabled",
    "pointInTimeRecovery",
    "readCapacity",
    "serverSideEncryption",
    "streamEnabled",
    "streamViewType",
    "ttl",
    "writeCapacity",
  ],
  required: ["attributes", "hashKey"],
  computed: ["arn", "streamArn", "streamLabel"],
  volatile: [{ outputs: ["streamArn", "streamLabel"], changedBy: ["streamEnabled", "streamViewType"] }],
  autoName: { property: "name", maxLength: 255 },
  taggable: true,
  defaults: { billingMode: "PROVISIONED" },
  none: {
    deletionProtectionEnabled: false,
    pointInTimeRecovery: { enabled: false },
    serverSideEncryption: { enabled: false },
    streamEnabled: false,
  },
  allowed: { billingMode: "BillingMode", streamViewType: "StreamViewType", "attributes.type": "ScalarAttributeType" },
  names: {
    attributes: "AttributeDefinitions",
    "attributes.name": "AttributeName",
    "attributes.type": "AttributeType",
    billingMode: "BillingMode",
    "globalSecondaryIndexes.keySchemas": "KeySchema",
    "globalSecondaryIndexes.name": "IndexName",
    "globalSecondaryIndexes.projectionType": "Projection.ProjectionType",
    pointInTimeRecovery: "PointInTimeRecoverySpecification",
    "pointInTimeRecovery.enabled": "PointInTimeRecoveryEnabled",
    readCapacity: "ProvisionedThroughput.ReadCapacityUnits",
    serverSideEncryption: "SSESpecification",
    "serverSideEncryption.kmsKeyArn": "KMSMasterKeyId",
    streamArn: "LatestStreamArn",
    streamEnabled: "StreamSpecification.StreamEnabled",
    streamLabel: "LatestStreamLabel",
    streamViewType: "StreamSpecification.StreamViewType",
    ttl: "TimeToLiveSpecification",
    writeCapacity: "ProvisionedThroughput.WriteCapacityUnits",
  },
  ready: [
    { status: "TableStatus", is: ["ACTIVE"] },
    { status: "SSEDescription.Status", is: ["undefined", "ENABLED", "DISABLED"] },
  ],
  leaving: { status: "TableStatus", is: /^DELETING$/ },
  gone: true,
  // Limits of the account on tables that are made or changed at the same time.
  retry: ["LimitExceededException", "Subscriber limit exceeded", "ContinuousBackupsUnavailableException"],
  busy: ["LimitExceededException", "ResourceInUseException"],
  async request(request, values, { account }, call) {
    if (call === "CreateTable") request.KeySchema = keySchema(values);
    if (call !== "UpdateTimeToLive" || optionalObject(values, "ttl")?.enabled === true) return;
    // To turn it off takes the attribute that it was on for.
    const { TimeToLiveDescription } = await api.send(account, "DescribeTimeToLive", { TableName: request.TableName });
    const AttributeName = get(TimeToLiveDescription, ["AttributeName"]);
    request.TimeToLiveSpecification = { Enabled: false, AttributeName };
  },
  outputs,
});

export const dynamodb: Service = { resources: [table] };
