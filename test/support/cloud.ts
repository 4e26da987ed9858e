/** A local cloud for one test file, and clients of it. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startCloud, rootCredentials, type LocalCloud } from "../../local/cloud";
import { ensureToolchain } from "../../local/toolchain";

/** Python interpreter with the emulator's packages; `npm test` has made it before. */
export async function emulatorPython(): Promise<string> {
  return (await ensureToolchain({ onProgress: () => undefined })).python;
}

export interface TestCloud extends LocalCloud {
  /** Settings of an SDK client that acts as the root user of an account. */
  as(accountId: string, region?: string): ClientSettings;
}

export interface ClientSettings {
  endpoint: string;
  region: string;
  maxAttempts: number;
  credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
}

const running = new Set<TestCloud>();

/** For a run's end: stops the clouds that tests left running, and answers how many there were. */
export async function stopLeftovers(): Promise<number> {
  const left = [...running];
  await Promise.all(left.map((cloud) => cloud.stop()));
  return left.length;
}

/** Start a cloud whose files are all removed by its `stop`. */
export async function startTestCloud(environment: Record<string, string> = {}): Promise<TestCloud> {
  const stateDirectory = mkdtempSync(join(tmpdir(), "aws-patterns-cloud-"));
  const cloud = await startCloud({
    python: await emulatorPython(),
    stateDirectory,
    environment: { AWS_PATTERNS_EC2_DELAY_SECONDS: "0.05", ...environment },
  });
  const test: TestCloud = {
    ...cloud,
    as: (accountId, region = "us-east-1") => ({
      endpoint: cloud.endpoint,
      region,
      maxAttempts: 1,
      credentials: rootCredentials(accountId),
    }),
    async stop(): Promise<void> {
      running.delete(test);
      await cloud.stop();
      rmSync(stateDirectory, { recursive: true, force: true });
    },
  };
  running.add(test);
  return test;
}

/** Wait until a probe answers with something; what it found last is in the error. */
export async function until<T>(
  what: string,
  probe: () => Promise<T | undefined | false>,
  withinMilliseconds = 10_000,
): Promise<T> {
  const deadline = Date.now() + withinMilliseconds;
  for (;;) {
    const found = await probe();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > deadline) throw new Error(`Waited ${withinMilliseconds / 1000} s in vain for ${what}`);
    await sleep(25);
  }
}
