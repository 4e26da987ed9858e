/** A table's properties in DynamoDB's notation, and what can be wrong with them before DynamoDB sees them. */
import type {
  AttributeDefinition,
  GlobalSecondaryIndex,
  GlobalSecondaryIndexDescription,
  KeySchemaElement,
  LocalSecondaryIndex,
  LocalSecondaryIndexDescription,
  ProvisionedThroughput,
  StreamSpecification,
} from "@aws-sdk/client-dynamodb";
import { containsUnknown, type Value, type Values } from "../../property-values";
import { type CheckFailure, objects, optionalObject, texts as list } from "../../resource-type";
import { checkEach, checkOneOf, checkRange } from "../checks";
import { boolean, checkShape, nested, nestedList, number, type Shape, text, texts } from "../shape";
import { known } from "../support";

const FILE = "local/provider/services/dynamodb.ts";
const ON_DEMAND = nested({ maxReadRequestUnits: number, maxWriteRequestUnits: number });

const NESTED: Shape = {
  attributes: nestedList({ name: text, type: text }),
  globalSecondaryIndexes: nestedList({
    hashKey: text,
    keySchemas: nestedList({ attributeName: text, keyType: text }),
    name: text,
    nonKeyAttributes: texts,
    onDemandThroughput: ON_DEMAND,
    projectionType: text,
    rangeKey: text,
    readCapacity: number,
    writeCapacity: number,
  }),
  localSecondaryIndexes: nestedList({ name: text, nonKeyAttributes: texts, projectionType: text, rangeKey: text }),
  onDemandThroughput: ON_DEMAND,
  pointInTimeRecovery: nested({ enabled: boolean, recoveryPeriodInDays: number }),
  serverSideEncryption: nested({ enabled: boolean, kmsKeyArn: text }),
  ttl: nested({ attributeName: text, enabled: boolean }),
};

/** Changes of these alone do not make an index anew. */
export const INDEX_CAPACITY = ["readCapacity", "writeCapacity", "onDemandThroughput"];

export function attributeDefinitions(values: Values): AttributeDefinition[] {
  return objects(values, "attributes").map(({ name, type }) => ({
    AttributeName: String(name),
    AttributeType: String(type) as "S",
  }));
}

export function keySchema(values: Values): KeySchemaElement[] {
  const given = objects(values, "keySchemas");
  if (given.length > 0) {
    return given.map(({ attributeName, keyType }) => ({
      AttributeName: String(attributeName),
      KeyType: String(keyType) as "HASH",
    }));
  }
  const key = (property: string, KeyType: "HASH" | "RANGE"): KeySchemaElement[] =>
    typeof values[property] === "string" && values[property] !== ""
      ? [{ AttributeName: values[property], KeyType }]
      : [];
  return [...key("hashKey", "HASH"), ...key("rangeKey", "RANGE")];
}

export function throughput(values: Values): ProvisionedThroughput {
  return { ReadCapacityUnits: Number(values.readCapacity), WriteCapacityUnits: Number(values.writeCapacity) };
}

function projection(index: Values) {
  const attributes = list(index, "nonKeyAttributes");
  return {
    ProjectionType: String(index.projectionType) as "ALL",
    ...(attributes.length === 0 ? {} : { NonKeyAttributes: attributes }),
  };
}

export function onDemand(values: Values) {
  const limits = optionalObject(values, "onDemandThroughput");
  if (limits === undefined) return undefined;
  // -1 takes a limit away.
  return {
    MaxReadRequestUnits: Number(limits.maxReadRequestUnits ?? -1),
    MaxWriteRequestUnits: Number(limits.maxWriteRequestUnits ?? -1),
  };
}

export function globalIndex(index: Values, isProvisioned: boolean): GlobalSecondaryIndex {
  return {
    IndexName: String(index.name),
    KeySchema: keySchema(index),
    Projection: projection(index),
    ...(isProvisioned ? { ProvisionedThroughput: throughput(index) } : { OnDemandThroughput: onDemand(index) }),
  };
}

export function localIndex(index: Values, table: Values): LocalSecondaryIndex {
  return {
    IndexName: String(index.name),
    KeySchema: keySchema({ ...known({ hashKey: table.hashKey }), ...known({ rangeKey: index.rangeKey }) }),
    Projection: projection(index),
  };
}

export function keyOf(schema: readonly KeySchemaElement[] | undefined, type: "HASH" | "RANGE"): string | undefined {
  return schema?.find(({ KeyType }) => KeyType === type)?.AttributeName;
}

export function indexOutputs(index: GlobalSecondaryIndexDescription | LocalSecondaryIndexDescription): Values {
  const { ProvisionedThroughput: units } = index as GlobalSecondaryIndexDescription;
  const { OnDemandThroughput: limits } = index as GlobalSecondaryIndexDescription;
  const schemas = (index.KeySchema ?? []).map(({ AttributeName = "", KeyType = "HASH" }) => ({
    attributeName: AttributeName,
    keyType: KeyType,
  }));
  const values: Record<string, Value | undefined> = {
    name: index.IndexName,
    hashKey: keyOf(index.KeySchema, "HASH"),
    rangeKey: keyOf(index.KeySchema, "RANGE"),
    keySchemas: schemas,
    projectionType: index.Projection?.ProjectionType,
    nonKeyAttributes: index.Projection?.NonKeyAttributes,
    readCapacity: units?.ReadCapacityUnits,
    writeCapacity: units?.WriteCapacityUnits,
    onDemandThroughput: limits === undefined ? undefined : onDemandOutputs(limits),
  };
  return known(values);
}

export function onDemandOutputs(limits: {
  MaxReadRequestUnits?: number | undefined;
  MaxWriteRequestUnits?: number | undefined;
}): Values {
  return known({
    maxReadRequestUnits: limits.MaxReadRequestUnits,
    maxWriteRequestUnits: limits.MaxWriteRequestUnits,
  });
}

export function stream(values: Values): StreamSpecification {
  if (values.streamEnabled !== true) return { StreamEnabled: false };
  return { StreamEnabled: true, StreamViewType: String(values.streamViewType) as "NEW_IMAGE" };
}

interface Key {
  path: string;
  attribute: Value | undefined;
}

function keysOf(inputs: Values): Key[] {
  const indexes = ["globalSecondaryIndexes", "localSecondaryIndexes"].flatMap((property) =>
    objects(inputs, property).flatMap((index, i): Key[] => [
      { path: `${property}[${i}].hashKey`, attribute: index.hashKey },
      { path: `${property}[${i}].rangeKey`, attribute: index.rangeKey },
      ...objects(index, "keySchemas").map((schema, n) => ({
        path: `${property}[${i}].keySchemas[${n}].attributeName`,
        attribute: schema.attributeName,
      })),
    ]),
  );
  const own = [
    { path: "hashKey", attribute: inputs.hashKey },
    { path: "rangeKey", attribute: inputs.rangeKey },
  ];
  return [...own, ...indexes].filter(({ attribute }) => attribute !== undefined && attribute !== "");
}

/** DynamoDB wants every key attribute defined, and nothing else defined. */
function checkAttributes(inputs: Values): CheckFailure[] {
  const names = ["attributes", "hashKey", "rangeKey", "globalSecondaryIndexes", "localSecondaryIndexes"];
  if (names.some((name) => containsUnknown(inputs[name]))) return [];
  const defined = objects(inputs, "attributes").map(({ name }) => String(name));
  const used = keysOf(inputs);
  return [
    ...used
      .filter(({ attribute }) => !defined.includes(String(attribute)))
      .map(({ path, attribute }) => ({
        property: path,
        reason: `"${String(attribute)}" is not among attributes; define it`,
      })),
    ...defined.flatMap((name, i) =>
      used.some(({ attribute }) => attribute === name)
        ? []
        : [
            {
              property: `attributes[${i}]`,
              reason: `"${name}" is no key of the table or an index; define key attributes only`,
            },
          ],
    ),
  ];
}

function checkCapacity(inputs: Values): CheckFailure[] {
  if (inputs.billingMode !== "PROVISIONED") return [];
  const check = (holder: Values, path: string): CheckFailure[] =>
    ["readCapacity", "writeCapacity"].flatMap((property) =>
      holder[property] === undefined
        ? [
            {
              property: `${path}${property}`,
              reason: `missing, and required for billingMode PROVISIONED (or set PAY_PER_REQUEST)`,
            },
          ]
        : checkRange(`${path}${property}`, holder[property], 1, 1e9),
    );
  return [
    ...check(inputs, ""),
    ...checkEach(inputs, "globalSecondaryIndexes", (index, path) => check(index, `${path}.`)),
  ];
}

export function checkTable(inputs: Values): CheckFailure[] {
  const { name, streamEnabled, streamViewType } = inputs;
  const isName = typeof name !== "string" || containsUnknown(name) || /^[A-Za-z0-9_.-]{3,255}$/.test(name);
  return [
    ...checkShape(NESTED, inputs, FILE),
    ...(isName
      ? []
      : [{ property: "name", reason: `received "${name}"; expected 3 to 255 letters, digits, and _ . -` }]),
    ...checkEach(inputs, "attributes", ({ type }, path) => checkOneOf(`${path}.type`, type, ["S", "N", "B"])),
    ...checkAttributes(inputs),
    ...checkOneOf("billingMode", inputs.billingMode, ["PROVISIONED", "PAY_PER_REQUEST"]),
    ...checkCapacity(inputs),
    ...checkOneOf("streamViewType", streamViewType, ["KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES"]),
    ...(streamEnabled === true && streamViewType === undefined
      ? [{ property: "streamViewType", reason: "missing, and required when streamEnabled is true" }]
      : []),
    ...checkOneOf("tableClass", inputs.tableClass, ["STANDARD", "STANDARD_INFREQUENT_ACCESS"]),
    ...["globalSecondaryIndexes", "localSecondaryIndexes"].flatMap((property) =>
      checkEach(inputs, property, (index, path) =>
        checkOneOf(`${path}.projectionType`, index.projectionType, ["ALL", "KEYS_ONLY", "INCLUDE"]),
      ),
    ),
    ...(optionalObject(inputs, "ttl")?.enabled === true && optionalObject(inputs, "ttl")?.attributeName === undefined
      ? [{ property: "ttl.attributeName", reason: "missing, and required when ttl.enabled is true" }]
      : []),
  ];
}
