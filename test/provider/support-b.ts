/** Drives the provider's lifecycle functions against a running emulator, the way the engine does. */
import * as assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Account } from "../../local/provider/account";
import type { Change } from "../../local/provider/diff";
import * as lifecycle from "../../local/provider/lifecycle";
import type { Value, Values } from "../../local/provider/property-values";
import { findFunction, RESOURCES } from "../../local/provider/registry";
import type { ResourceType } from "../../local/provider/resource-type";

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

async function answers(url: string, emulator: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    if (emulator.exitCode !== null) throw new Error(`the emulator ended with ${emulator.exitCode}`);
    try {
      if ((await fetch(`${url}/_ministack/health`)).ok) return;
    } catch {
      // It does not listen yet.
    }
    await sleep(200);
  }
  throw new Error(`no emulator answers at ${url}`);
}

/** Starts an emulator that ends with `stop`, and points the SDKs at it. Needs AWS_PATTERNS_PYTHON. */
export async function startEmulator(): Promise<{ stop(): Promise<void> }> {
  const port = await freePort();
  const launcher = join(__dirname, "../../local/emulators/launch.py");
  const emulator = spawn(process.env.AWS_PATTERNS_PYTHON ?? "python3", [launcher], {
    env: { ...process.env, GATEWAY_PORT: String(port), AWS_PATTERNS_EC2_DELAY_SECONDS: "0.05", LOG_LEVEL: "ERROR" },
    stdio: ["pipe", "ignore", "inherit"],
  });
  const url = `http://127.0.0.1:${port}`;
  await answers(url, emulator);
  process.env.AWS_ENDPOINT_URL = url;
  return {
    stop: () =>
      new Promise((resolve) => {
        delete process.env.AWS_ENDPOINT_URL;
        emulator.once("exit", () => resolve());
        emulator.stdin?.end();
      }),
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

export async function invoke(account: Account, token: string, args: Values): Promise<Values> {
  return findFunction(token).invoke(account, args);
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
    const { inputs, failures } = lifecycle.check(this.type, this.urn, this.inputs, news, new Uint8Array());
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
    return lifecycle.diff(this.type, this.account, this.outputs, this.inputs, this.check(news), []);
  }

  async update(news: Values): Promise<void> {
    const inputs = this.check(news);
    this.outputs = await lifecycle.update(this.type, this.account, this.urn, this.id, this.outputs, inputs);
    this.inputs = inputs;
  }

  /** False when AWS no longer has it. */
  async refresh(): Promise<boolean> {
    const found = await lifecycle.read(this.type, this.account, this.urn, this.id, this.outputs, this.inputs);
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

export interface Course {
  token: string;
  inputs: Values;
  /** What the update changes. */
  changed: Values;
  /** Paths of the changes that the plan is to show. */
  changes: string[];
}

async function assertNoDrift(resource: Managed, program: Values): Promise<void> {
  assert.ok(await resource.refresh(), `${resource.id} cannot be read`);
  assert.deepEqual(resource.inputs, resource.check(program), "what AWS has is not what the program says");
  assert.deepEqual(resource.diff(program), []);
}

/** Creates, reads, updates, tags and deletes one resource; what every type has to stand. */
export async function runCourse(account: Account, course: Course): Promise<Managed> {
  const resource = new Managed(course.token, account);
  let program: Values = course.inputs;
  await resource.create(program);
  for (const name of resource.type.computed ?? []) {
    assert.notEqual(resource.outputs[name], undefined, `the output ${name} is missing`);
  }
  await assertNoDrift(resource, program);

  program = { ...program, ...course.changed };
  assert.deepEqual(
    resource.diff(program).map(({ path }) => path),
    course.changes,
  );
  if (course.changes.length > 0) await resource.update(program);
  await assertNoDrift(resource, program);
  if (resource.type.taggable === true) await runTags(resource, program);
  return resource;
}

async function runTags(resource: Managed, program: Values): Promise<void> {
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
