/** A small valid stack configuration, and what is said of others. */
import * as assert from "node:assert/strict";
import { parseConfiguration, type StackConfiguration } from "../../stacks/config";
import type { Fault } from "../../stacks/faults";

export const ARGS = {
  recordName: "media.example.com",
  hostedZone: { name: "example.com" },
  fleet: { zones: [{ name: "us-east-1-wl1-bos-wlz-1" }], ports: [{ protocol: "udp", from: 5004 }] },
};

export const ACCOUNTS = { edge: { id: "111111111111" } };

/** One entry of `patterns`, with some of its keys changed. */
export function entry(changes: Record<string, unknown> = {}): { media: Record<string, unknown> } {
  return { media: { pattern: "wavelength-dns", account: "edge", args: ARGS, ...changes } };
}

/** The same with some of its arguments changed. */
export function withArgs(changes: Record<string, unknown>): { media: Record<string, unknown> } {
  return entry({ args: { ...ARGS, ...changes } });
}

export function withFleet(changes: Record<string, unknown>): { media: Record<string, unknown> } {
  return withArgs({ fleet: { ...ARGS.fleet, ...changes } });
}

export function faultsIn(accounts: unknown, patterns: unknown): Fault<string>[] {
  return parseConfiguration({ accounts, patterns }, "test").faults ?? [];
}

/** The only fault of a configuration. */
export function faultIn(accounts: unknown, patterns: unknown): Fault<string> {
  const [fault, ...more] = faultsIn(accounts, patterns);
  assert.ok(fault, "no fault");
  assert.deepEqual(more, []);
  return fault;
}

export function valid(accounts: unknown, patterns: unknown): StackConfiguration {
  const { configuration, faults } = parseConfiguration({ accounts, patterns }, "test");
  assert.deepEqual(faults ?? [], []);
  assert.ok(configuration);
  return configuration;
}
