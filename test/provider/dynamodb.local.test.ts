import * as assert from "node:assert/strict";
import { DescribeTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { Values } from "../../local/provider/property-values";
import { Managed, runCourse, runDeletion, startEmulator, testAccount } from "./support";

const account = testAccount({ project: "patterns" });
const TABLE = "aws:dynamodb/table:Table";
const KEYS: Values = { attributes: [{ name: "id", type: "S" }], hashKey: "id", billingMode: "PAY_PER_REQUEST" };

describe("DynamoDB in the stand-in provider", () => {
  let emulator: undefined | { stop(): Promise<void> };
  before(async () => {
    emulator = await startEmulator();
  });
  after(() => emulator?.stop());

  it("keeps a table as the program says", async () => {
    const made = await runCourse(account, {
      token: TABLE,
      inputs: {
        ...KEYS,
        streamEnabled: true,
        streamViewType: "NEW_AND_OLD_IMAGES",
        ttl: { attributeName: "expires", enabled: true },
        pointInTimeRecovery: { enabled: true },
        serverSideEncryption: { enabled: true },
        deletionProtectionEnabled: true,
      },
      changed: {
        deletionProtectionEnabled: false,
        pointInTimeRecovery: { enabled: false },
        serverSideEncryption: { enabled: false },
        streamViewType: "NEW_IMAGE",
      },
      changes: [
        "deletionProtectionEnabled",
        "pointInTimeRecovery.enabled",
        "serverSideEncryption.enabled",
        "streamViewType",
      ],
    });
    assert.match(made.output("arn"), /^arn:aws:dynamodb:us-east-1:111122223333:table\/it-[0-9a-f]{7}$/);
    assert.match(made.output("streamArn"), /:table\/it-[0-9a-f]{7}\/stream\//);
    assert.deepEqual(
      made.diff({ ...made.inputs, hashKey: "other", attributes: [{ name: "other", type: "S" }] }).map((c) => c.effect),
      ["update", "replace"],
    );
    await runDeletion(made);
  });

  it("keeps provisioned capacity as the program says, and changes to requests on demand", async () => {
    const made = await runCourse(account, {
      token: TABLE,
      inputs: { ...KEYS, billingMode: "PROVISIONED", readCapacity: 2, writeCapacity: 1 },
      changed: { readCapacity: 3 },
      changes: ["readCapacity"],
    });
    await made.update(KEYS);
    assert.ok(await made.refresh());
    assert.equal(made.outputs.billingMode, "PAY_PER_REQUEST");
    await runDeletion(made);
  });

  it("adds and removes global secondary indexes, and keeps the local ones", async () => {
    const index = (name: string, key: string): Values => ({ name, hashKey: key, projectionType: "ALL" });
    const attributes = (...names: string[]) => names.map((name) => ({ name, type: "S" }));
    const made = await runCourse(account, {
      token: TABLE,
      inputs: {
        ...KEYS,
        attributes: attributes("id", "at", "zone"),
        rangeKey: "at",
        globalSecondaryIndexes: [index("by-zone", "zone")],
        localSecondaryIndexes: [
          { name: "local", rangeKey: "zone", projectionType: "INCLUDE", nonKeyAttributes: ["ip"] },
        ],
      },
      changed: {
        attributes: attributes("id", "at", "zone", "state"),
        globalSecondaryIndexes: [index("by-state", "state")],
      },
      changes: ["attributes[3]", "globalSecondaryIndexes[0].hashKey", "globalSecondaryIndexes[0].name"],
    });
    const { Table } = await account.client(DynamoDBClient).send(new DescribeTableCommand({ TableName: made.id }));
    assert.deepEqual(
      Table?.GlobalSecondaryIndexes?.map(({ IndexName }) => IndexName),
      ["by-state"],
    );
    await runDeletion(made);
  });

  it("does not delete a protected table", async () => {
    const made = await new Managed(TABLE, account).create({ ...KEYS, deletionProtectionEnabled: true });
    await assert.rejects(made.delete(), /[Dd]eletion protection/);
    await made.update(KEYS);
    await runDeletion(made);
  });

  it("says which key or attribute is wrong before anything is made", () => {
    const check = (inputs: Values) => {
      try {
        new Managed(TABLE, account).check({ ...KEYS, ...inputs });
      } catch (error) {
        return (error as { actual: { property: string }[] }).actual.map(({ property }) => property);
      }
      return [];
    };
    assert.deepEqual(check({}), []);
    assert.deepEqual(check({ rangeKey: "at" }), ["rangeKey"]);
    assert.deepEqual(
      check({
        attributes: [
          { name: "id", type: "S" },
          { name: "ip", type: "X" },
        ],
      }),
      ["attributes[1].type", "attributes[1]"],
    );
    assert.deepEqual(check({ streamEnabled: true }), ["streamViewType"]);
    assert.deepEqual(check({ billingMode: "PROVISIONED" }), ["readCapacity", "writeCapacity"]);
    assert.deepEqual(check({ ttl: { enabled: true, atribute: "x" } }), ["ttl.atribute", "ttl.attributeName"]);
    assert.deepEqual(check({ name: "a b" }), ["name"]);
  });
});
