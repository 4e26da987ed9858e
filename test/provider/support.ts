/** Emulator and inputs for the tests of services; the rest is in `support-b.ts`. */
import { createHash } from "node:crypto";
import * as lifecycle from "../../local/provider/lifecycle";
import { ARCHIVE_SIGNATURE, SIGNATURE, UNKNOWN, type Value, type Values } from "../../local/provider/property-values";
import { RESOURCES } from "../../local/provider/registry";
import type { CheckFailure } from "../../local/provider/resource-type";
import { startEmulator } from "./support-b";

/** An emulator that the SDKs are pointed at: the one of AWS_ENDPOINT_URL, or else one that ends with `stop`. */
export async function withEmulator(): Promise<{ stop(): Promise<void> }> {
  return process.env.AWS_ENDPOINT_URL === undefined ? startEmulator() : { stop: () => Promise.resolve() };
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

export function failuresOf(token: string, inputs: Values): CheckFailure[] {
  const type = RESOURCES.get(token);
  if (type === undefined) throw new Error(`${token} has no entry`);
  return lifecycle.check(type, `urn:pulumi:test::test::${token}::it`, {}, inputs, new Uint8Array()).failures;
}

export function allow(actions: string | string[], resource = "*"): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: actions, Resource: resource }],
  });
}

export function trust(service: string): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" }],
  });
}

/** The value with each of its parts, and itself, not known yet; one at a time. */
export function* withUnknown(value: Value): Generator<Value> {
  yield UNKNOWN;
  if (Array.isArray(value)) {
    for (const [i, item] of value.entries()) {
      for (const changed of withUnknown(item)) yield value.map((other, n) => (n === i ? changed : other));
    }
  } else if (typeof value === "object" && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      for (const changed of withUnknown(item)) yield { ...value, [key]: changed };
    }
  }
}
