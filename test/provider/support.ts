/** What the tests of the provider's services share: an emulator, inputs, and the provider's lifecycle as the engine drives it. */
import * as assert from "node:assert/strict";
import { CreateHostedZoneCommand, Route53Client } from "@aws-sdk/client-route-53";
import { createHash } from "node:crypto";
import { Account } from "../../local/provider/account";
import type { Change } from "../../local/provider/diff";
import * as lifecycle from "../../local/provider/lifecycle";
import { ARCHIVE_SIGNATURE, SIGNATURE, UNKNOWN, type Value, type Values } from "../../local/provider/property-values";
import { RESOURCES } from "../../local/provider/registry";
import type { ResourceType } from "../../local/provider/resource-type";
import { startTestCloud } from "../support/cloud";

/** Starts an emulator that ends with `stop`, and points the SDKs at it. */
export async function startEmulator(): Promise<{ stop(): Promise<void> }> {
  const cloud = await startTestCloud();
  process.env.AWS_ENDPOINT_URL = cloud.endpoint;
  return {
    async stop() {
      delete process.env.AWS_ENDPOINT_URL;
      await cloud.stop();
    },
  };
}

export function testAccount(defaultTags: Record<string, string> = {}, region = "us-east-1"): Account {
  return new Account({
    region,
    accessKey: "111122223333",
    secretKey: "test",
    defaultTags: JSON.stringify({ tags: defaultTags }),
  });
}

/** Makes the zone edge.example.com, and answers its id. */
export async function makeZone(account: Account): Promise<string> {
  const zone = { Name: "edge.example.com", CallerReference: "one" };
  const { HostedZone } = await account.client(Route53Client).send(new CreateHostedZoneCommand(zone));
  return HostedZone?.Id?.replace("/hostedzone/", "") ?? "";
}

function hash(contents: string): string {
  return createHash("sha256").update(contents).digest("hex");
}

export function asset(text: string): Value {
  return { [SIGNATURE]: "c44067f5952c0a294b673a41bacd8c17", hash: hash(text), text };
}

/** An AssetArchive of text files, as the engine sends it. */
export function archive(files: Record<string, string>): Value {
  const assets = Object.fromEntries(Object.entries(files).map(([name, text]) => [name, asset(text)]));
  return { [SIGNATURE]: ARCHIVE_SIGNATURE, hash: hash(JSON.stringify(files)), assets };
}

function document(statement: Values): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", ...statement }] });
}

/** A policy; that of a resource says for whom it is. */
export function allow(Action: string | string[], Resource = "*", Principal?: Value): string {
  return document({ ...(Principal === undefined ? {} : { Principal }), Action, Resource });
}

export function trust(...services: string[]): string {
  return document({
    Principal: { Service: services.length === 1 ? (services[0] ?? "") : services },
    Action: "sts:AssumeRole",
  });
}

/** One resource, from its creation to its deletion. */
export class Managed {
  readonly type: ResourceType;
  readonly urn: string;
  id = "";
  inputs: Values = {};
  outputs: Values = {};

  constructor(
    token: string,
    readonly account: Account,
    name = "it",
  ) {
    const type = RESOURCES.get(token);
    assert.ok(type, `${token} has no entry`);
    this.type = type;
    this.urn = `urn:pulumi:test::test::${token}::${name}`;
  }

  check(news: Values): Values {
    const seed = new Uint8Array();
    const { inputs, failures } = lifecycle.check(this.type, this.urn, this.inputs, news, seed, this.account);
    assert.deepEqual(failures, []);
    return inputs;
  }

  async create(news: Values): Promise<this> {
    const inputs = this.check(news);
    const { id, outputs } = await lifecycle.create(this.type, this.account, this.urn, inputs);
    Object.assign(this, { id, inputs, outputs });
    return this;
  }

  diff(news: Values): Change[] {
    return lifecycle.diff(this.type, this.inputs, this.check(news), []);
  }

  async update(news: Values): Promise<void> {
    const inputs = this.check(news);
    const { type, account, urn, id, outputs } = this;
    this.outputs = await lifecycle.update(type, account, urn, id, outputs, inputs, this.inputs);
    this.inputs = inputs;
  }

  /** False when AWS no longer has it. */
  refresh(): Promise<boolean> {
    return this.read(this.outputs, this.inputs);
  }

  /** Takes over what AWS has under that id; false when there is no such thing. */
  import(id: string): Promise<boolean> {
    this.id = id;
    return this.read({}, undefined);
  }

  private async read(state: Values, lastInputs: Values | undefined): Promise<boolean> {
    const found = await lifecycle.read(this.type, this.account, this.urn, this.id, state, lastInputs);
    if (found === undefined) return false;
    Object.assign(this, { inputs: found.inputs, outputs: found.outputs });
    return true;
  }

  async delete(): Promise<void> {
    await lifecycle.remove(this.type, this.account, this.urn, this.id, this.outputs);
  }

  output(name: string): string {
    return String(this.outputs[name]);
  }
}

export async function assertNoDrift(resource: Managed, program: Values): Promise<void> {
  assert.ok(await resource.refresh(), `${resource.id} cannot be read`);
  assert.deepEqual(resource.inputs, resource.check(program), "what AWS has is not what the program says");
  assert.deepEqual(resource.diff(program), []);
}

export async function runTags(resource: Managed, program: Values): Promise<void> {
  for (const tags of [{ team: "edge", stage: "test" }, { team: "core" }] as Values[]) {
    await resource.update({ ...program, tags: tags as Value });
    await assertNoDrift(resource, { ...program, tags: tags as Value });
    assert.deepEqual(resource.outputs.tagsAll, { ...resource.account.defaultTags, ...tags });
  }
}

/** Deleting twice is no failure, and nothing can be read afterwards. */
export async function runDeletion(resource: Managed): Promise<void> {
  await resource.delete();
  assert.equal(await resource.refresh(), false, `${resource.id} is still there`);
  await resource.delete();
}

/** The value with each of its parts, and itself, not known yet; one at a time. */
export function* withUnknown(value: Value): Generator<Value> {
  yield UNKNOWN;
  if (typeof value !== "object" || value === null) return;
  for (const [key, item] of Object.entries(value)) {
    for (const changed of withUnknown(item)) yield Object.assign(structuredClone(value), { [key]: changed });
  }
}
