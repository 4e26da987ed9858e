/** Cold starts of extracted archives, each in a fresh Node.js process, in turns. */
import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { scheduledMessage } from "../../handlers/wavelength-dns/event-patterns";
import { ROOT } from "../../local/local-run";
import { AwsServer } from "../../fakes/wavelength-dns/aws-server";
import type { Progress } from "../support/benchmark";
import { median, rounded } from "../support/statistics";

/** An archive's files on disk, and what of them makes the function. */
export interface Package {
  readonly name: string;
  readonly folder: string;
  /** The file that exports `handler`. */
  readonly entry: string;
  /** A module that the entry loads at its first invocation only. */
  readonly lazy?: string;
}

export interface ColdStart extends Record<string, number> {
  /** Loading the function and its handler; Node.js's own start is not in it. */
  readonly initMs: number;
  /** From the start of loading to the first answer; the AWS services answer at once. */
  readonly firstAnswerMs: number;
}

const ROUNDS = 21;

/** Lambda's runtime comes with the SDK, and finds it by NODE_PATH after the function's own modules. */
async function runtimeModules(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  for (const scope of ["@aws-sdk", "@smithy"]) await symlink(join(ROOT, "node_modules", scope), join(folder, scope));
  return folder;
}

const event = {
  Records: [{ messageId: "m1", body: JSON.stringify(scheduledMessage), attributes: { ApproximateReceiveCount: "1" } }],
};

async function coldStart(
  { name, folder, entry, lazy }: Package,
  variables: Record<string, string>,
): Promise<ColdStart> {
  const args = [folder, entry, JSON.stringify(event), ...(lazy === undefined ? [] : [lazy])];
  const { stdout } = await execa(process.execPath, [join(__dirname, "cold-start.mjs"), ...args], {
    env: { ...variables, LAMBDA_TASK_ROOT: folder },
    extendEnv: false,
  });
  const measured = JSON.parse(stdout.slice(stdout.lastIndexOf("\n") + 1)) as ColdStart & { failures: number };
  if (measured.failures > 0) throw new Error(`the function packaged by ${name} did not work:\n${stdout}`);
  return measured;
}

/** Medians by package name. @param folder an empty one */
export async function coldStarts(
  packages: readonly Package[],
  folder: string,
  progress: Progress,
): Promise<Record<string, ColdStart>> {
  const server = new AwsServer();
  const variables = {
    AWS_ENDPOINT_URL: await server.start(),
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "123456789012",
    AWS_SECRET_ACCESS_KEY: "secret",
    AWS_LAMBDA_FUNCTION_NAME: "reconcile",
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "256",
    AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
    NODE_PATH: await runtimeModules(join(folder, "runtime")),
    TZ: ":UTC",
  };
  try {
    const measured = packages.map((): ColdStart[] => []);
    // The first round only brings the files into the disk's cache.
    for (let round = 0; round <= ROUNDS; round += 1) {
      if (round % 7 === 0) progress(`cold starts: ${round} of ${ROUNDS} each`);
      for (const [i, each] of packages.entries()) {
        const figures = await coldStart(each, variables);
        if (round > 0) measured[i]?.push(figures);
      }
    }
    const medians = packages.map(({ name }, i) => {
      const runs = measured[i] ?? [];
      const initMs = rounded(median(runs.map((run) => run.initMs)));
      const firstAnswerMs = rounded(median(runs.map((run) => run.firstAnswerMs)));
      return [name, { initMs, firstAnswerMs }] as const;
    });
    return Object.fromEntries(medians);
  } finally {
    await server.stop();
  }
}
