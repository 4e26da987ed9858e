import * as assert from "node:assert/strict";
import * as lifecycle from "../../local/provider/lifecycle";
import { UNKNOWN, type Values } from "../../local/provider/property-values";
import { RESOURCES } from "../../local/provider/registry";
import type { ResourceType } from "../../local/provider/resource-type";
import { account, thing } from "./thing";

/** The computed outputs that the preview of an update to `news` does not know. */
function unknown(type: ResourceType, olds: Values, news: Values): string[] {
  const outputs = Object.fromEntries((type.computed ?? []).map((name) => [name, `old ${name}`]));
  const before = { inputs: olds, state: { ...olds, ...outputs } };
  const shown = lifecycle.preview(type, account(), news, before);
  return (type.computed ?? []).filter((name) => shown[name] === UNKNOWN);
}

function registered(token: string): ResourceType {
  const type = RESOURCES.get(token);
  assert.ok(type, token);
  return type;
}

const counted = thing({
  computed: ["arn", "version", "published"],
  volatile: [
    { outputs: ["version"], changedBy: ["size", "policy"] },
    { outputs: ["published"], changedBy: ["size", "publish"], onlyWith: "publish" },
  ],
});

describe("The preview of an update", () => {
  it("does not know what the update moves, and keeps everything else", () => {
    assert.deepEqual(unknown(counted, { name: "a", size: 1 }, { name: "a", size: 2 }), ["version"]);
    assert.deepEqual(unknown(counted, { name: "a", size: 1 }, { name: "a" }), ["version"]);
    assert.deepEqual(unknown(counted, { policy: "{}" }, { policy: '{"a":1}' }), ["version"]);
    assert.deepEqual(unknown(counted, { size: 1 }, { size: 1, tags: { a: "b" } }), []);
    assert.deepEqual(unknown(counted, { policy: '{"a":1}' }, { policy: '{ "a": 1 }' }), []);
  });

  it("asks whether the input that it takes is on", () => {
    assert.deepEqual(unknown(counted, { size: 1 }, { size: 2, publish: false }), ["version"]);
    assert.deepEqual(unknown(counted, { size: 1 }, { size: 2, publish: true }), ["version", "published"]);
    assert.deepEqual(unknown(counted, { size: 1 }, { size: 1, publish: true }), ["published"]);
    assert.deepEqual(unknown(counted, { publish: true }, { publish: true }), []);
  });

  it("takes what is not known yet for a change", () => {
    assert.deepEqual(unknown(counted, { size: 1 }, { size: UNKNOWN }), ["version"]);
    assert.deepEqual(unknown(counted, { size: 1 }, { size: 2, publish: UNKNOWN }), ["version", "published"]);
  });

  it("shows what the program says itself", () => {
    const before = { inputs: { size: 1, version: 3 }, state: { size: 1, version: 3 } };
    assert.equal(lifecycle.preview(counted, account(), { size: 2, version: 4 }, before).version, 4);
  });

  it("declares as moving only outputs and inputs that the type has", () => {
    const odd = [...RESOURCES.values()].flatMap(({ token, computed = [], properties, volatile = [] }) =>
      volatile.flatMap(({ outputs, changedBy, onlyWith }) => [
        ...outputs.filter((name) => !computed.includes(name)).map((name) => `${token} ${name}`),
        ...[...changedBy, onlyWith ?? changedBy[0] ?? "nothing"]
          .filter((name) => !(name in properties))
          .map((name) => `${token} ${name}`),
      ]),
    );
    assert.deepEqual(odd, []);
  });
});

describe("Outputs that updates move", () => {
  it("are a launch template's latest version, and its default one when that follows", () => {
    const type = registered("aws:ec2/launchTemplate:LaunchTemplate");
    const olds = { name: "a", instanceType: "t3.medium" };
    const moved = (more: Values, before: Values = {}) => unknown(type, { ...olds, ...before }, { ...olds, ...more });
    assert.deepEqual(moved({ instanceType: "t3.large" }), ["latestVersion"]);
    assert.deepEqual(moved({ description: "b" }), ["latestVersion"]);
    assert.deepEqual(moved({ userData: "IyE=", updateDefaultVersion: true }), ["defaultVersion", "latestVersion"]);
    assert.deepEqual(moved({ updateDefaultVersion: true }), ["defaultVersion"]);
    assert.deepEqual(moved({ tags: { a: "b" }, updateDefaultVersion: true }, { updateDefaultVersion: true }), []);
  });

  it("are a function's hashes with its code, its date with any setting, its version when it is published", () => {
    const type = registered("aws:lambda/function:Function");
    const olds = { name: "f", role: "r", s3Key: "1", publish: false };
    const moved = (more: Values, before: Values = {}) => unknown(type, { ...olds, ...before }, { ...olds, ...more });
    const code = ["codeSha256", "lastModified", "sourceCodeHash", "sourceCodeSize"];
    const version = ["qualifiedArn", "qualifiedInvokeArn", "version"];
    assert.deepEqual(moved({ s3Key: "2" }), code);
    assert.deepEqual(moved({ architectures: ["arm64"] }), code);
    assert.deepEqual(moved({ memorySize: 256 }), ["lastModified"]);
    assert.deepEqual(moved({ reservedConcurrentExecutions: 1 }), []);
    assert.deepEqual(moved({ memorySize: 256, publish: true }, { publish: true }), ["lastModified", ...version]);
    assert.deepEqual(moved({ s3Key: "2", publish: true }, { publish: true }).sort(), [...code, ...version].sort());
    assert.deepEqual(moved({ publish: true }), version);
    assert.deepEqual(moved({ publish: false }, { publish: true }), version);
  });

  it("are a parameter's version with anything that is put anew", () => {
    const type = registered("aws:ssm/parameter:Parameter");
    const olds = { name: "/a", type: "String", value: "1", tier: "Standard", dataType: "text" };
    assert.deepEqual(unknown(type, olds, { ...olds, value: "2" }), ["version"]);
    assert.deepEqual(unknown(type, olds, { ...olds, description: "b" }), ["version"]);
    assert.deepEqual(unknown(type, olds, { ...olds, tags: { a: "b" }, overwrite: true }), []);
  });

  it("are a table's stream when it is another one", () => {
    const type = registered("aws:dynamodb/table:Table");
    const olds = { name: "t", streamEnabled: true, streamViewType: "KEYS_ONLY" };
    assert.deepEqual(unknown(type, olds, { ...olds, streamViewType: "NEW_IMAGE" }), ["streamArn", "streamLabel"]);
    assert.deepEqual(unknown(type, olds, { ...olds, streamEnabled: false }), ["streamArn", "streamLabel"]);
    assert.deepEqual(unknown(type, olds, { ...olds, billingMode: "PAY_PER_REQUEST" }), []);
  });
});
