/**
 * The local cloud's emulator as a running thing: start it on a free port, know when it is ready, end it without a trace.
 * What it emulates, and how, is in `local/emulators/`.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { closeSync, openSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  EntityAlreadyExistsException,
  IAMClient,
  PutRolePolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from "@aws-sdk/client-iam";
import getPort from "get-port";
import { type PolicyDocument, ROLES } from "../stacks/roles";
import { EMULATORS } from "./folders";

/** Account that the local cloud's own credentials belong to; it holds no pattern. */
export const bootstrapAccountId = "000000000000";

const region = "us-east-1";
const secretAccessKey = "local";
const readyWithinMilliseconds = 60_000;
const portAttempts = 5;

export interface LocalCloud {
  /** Address of every service, such as `http://127.0.0.1:40123`. */
  readonly endpoint: string;
  /** What a child process needs to use the cloud: endpoint, region and credentials of the bootstrap account. */
  readonly environment: Record<string, string>;
  /** End the emulator and every process it started, and remove its files. Safe to call twice. */
  stop(): Promise<void>;
}

export interface CloudOptions {
  /** Python interpreter that has the packages of `local/emulators/requirements.txt`. */
  python: string;
  /** Folder for logs and temporary files; made when missing. Clouds that run side by side may share it. */
  stateDirectory: string;
  /** Receives what is worth telling a person, line by line. */
  onProgress?: (line: string) => void;
  /** Settings of the emulator, such as `AWS_PATTERNS_EC2_DELAY_SECONDS` (seconds, default 0.2). */
  environment?: Record<string, string>;
}

/** Environment without any AWS setting of the user's, whose profile would otherwise win over `LocalCloud.environment`. */
export function withoutAws(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith("AWS_")));
}

interface Emulator {
  child: ChildProcess;
  endpoint: string;
  folder: string;
  logFile: string;
}

function lastLines(file: string): string {
  const lines = readFileSync(file, "utf8").trimEnd().split("\n");
  return lines.slice(-15).join("\n");
}

async function launch(options: CloudOptions, folder: string, identity: string): Promise<Emulator> {
  const port = await getPort({ host: "127.0.0.1" });
  const logFile = join(folder, "emulator.log");
  const temporary = join(folder, "tmp");
  await mkdir(temporary, { recursive: true });
  const log = openSync(logFile, "a");
  try {
    const child = spawn(options.python, [join(EMULATORS, "launch.py")], {
      // Of its own process group, so that all of it can be ended; it also ends by itself when its standard input does.
      detached: true,
      cwd: folder,
      stdio: ["pipe", log, log],
      env: {
        ...withoutAws(process.env),
        GATEWAY_PORT: String(port),
        TMPDIR: temporary,
        PYTHONDONTWRITEBYTECODE: "1",
        MINISTACK_ACCOUNT_ID: bootstrapAccountId,
        MINISTACK_REGION: region,
        AWS_ACCESS_KEY_ID: bootstrapAccountId,
        AWS_SECRET_ACCESS_KEY: secretAccessKey,
        AWS_PATTERNS_IDENTITY: identity,
        AWS_PATTERNS_WORK_DIRECTORY: folder,
        ...options.environment,
      },
    });
    // A pipe that breaks because the emulator has ended is no fault of its own.
    child.stdin?.on("error", () => undefined);
    return { child, endpoint: `http://127.0.0.1:${port}`, folder, logFile };
  } finally {
    closeSync(log);
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null || child.pid === undefined;
}

/** Whether the emulator at an endpoint answers and is the one we started, not one that took the port first. */
async function answers(endpoint: string, identity: string): Promise<boolean> {
  try {
    const response = await fetch(`${endpoint}/_aws-patterns/identity`, { signal: AbortSignal.timeout(1000) });
    const body = (await response.json()) as { identity?: string };
    return body.identity === identity;
  } catch {
    return false;
  }
}

async function end(emulator: Emulator): Promise<void> {
  const { child } = emulator;
  if (child.pid !== undefined) {
    const ended = hasEnded(child) ? undefined : once(child, "exit");
    try {
      process.kill(-child.pid, "SIGKILL");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
    await ended;
  }
  child.stdin?.destroy();
}

/** "ready", or why not: the port was taken by somebody else, or the emulator ended. */
async function waitUntilReady(emulator: Emulator, identity: string): Promise<"ready" | "port taken"> {
  const { child, endpoint, logFile } = emulator;
  let failure: Error | undefined;
  child.once("error", (error) => (failure = error));
  const deadline = Date.now() + readyWithinMilliseconds;
  while (Date.now() < deadline) {
    if (failure !== undefined) throw new Error(`The local cloud's emulator cannot start: ${failure.message}`);
    if (child.pid !== undefined && hasEnded(child)) {
      const log = lastLines(logFile);
      if (/already in use/i.test(log)) return "port taken";
      throw new Error(
        `The local cloud's emulator ended before it was ready (${child.signalCode ?? `exit code ${child.exitCode}`}).\n${log}`,
      );
    }
    if (await answers(endpoint, identity)) return "ready";
    await sleep(50);
  }
  throw new Error(
    `The local cloud's emulator was not ready within ${readyWithinMilliseconds / 1000} s.\n${lastLines(logFile)}`,
  );
}

/** Start on a port that is free when chosen; when another process takes it before we bind, choose again. */
async function launchOnFreePort(options: CloudOptions, folder: string, identity: string): Promise<Emulator> {
  for (let attempt = 1; attempt <= portAttempts; attempt++) {
    const emulator = await launch(options, folder, identity);
    try {
      if ((await waitUntilReady(emulator, identity)) === "ready") return emulator;
    } catch (error) {
      await end(emulator);
      throw error;
    }
    await end(emulator);
    options.onProgress?.(`port ${new URL(emulator.endpoint).port} was taken meanwhile, choosing another`);
  }
  throw new Error(`The local cloud's emulator found no free port in ${portAttempts} attempts.`);
}

/**
 * Start the emulator and wait until it answers.
 *
 * @throws Error with one line that says what went wrong, followed by the last lines of the emulator's log.
 */
export async function startCloud(options: CloudOptions): Promise<LocalCloud> {
  const stateDirectory = resolve(options.stateDirectory);
  await mkdir(stateDirectory, { recursive: true });
  const folder = await mkdtemp(join(stateDirectory, "cloud-"));
  const identity = randomUUID();
  let emulator: Emulator;
  try {
    emulator = await launchOnFreePort(options, folder, identity);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
  options.onProgress?.(`emulator ready at ${emulator.endpoint}`);
  let stopping = false;
  emulator.child.once("exit", () => {
    if (stopping) return;
    options.onProgress?.(`the emulator ended unexpectedly:\n${lastLines(emulator.logFile)}`);
    // Its Lambda workers would live on.
    void end(emulator);
  });
  return {
    endpoint: emulator.endpoint,
    environment: {
      AWS_ENDPOINT_URL: emulator.endpoint,
      AWS_REGION: region,
      AWS_DEFAULT_REGION: region,
      AWS_ACCESS_KEY_ID: bootstrapAccountId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      // Settings in the user's files must not reach through, so these name files that do not exist.
      AWS_CONFIG_FILE: join(folder, "no-config"),
      AWS_SHARED_CREDENTIALS_FILE: join(folder, "no-credentials"),
      AWS_EC2_METADATA_DISABLED: "true",
    },
    async stop(): Promise<void> {
      stopping = true;
      await end(emulator);
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function trustPolicy(): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { AWS: `arn:aws:iam::${bootstrapAccountId}:root` },
        Action: ["sts:AssumeRole", "sts:TagSession"],
      },
    ],
  });
}

/** Credentials with which the local cloud takes the caller for an account's root user. */
export function rootCredentials(accountId: string): { accessKeyId: string; secretAccessKey: string } {
  return { accessKeyId: accountId, secretAccessKey };
}

/**
 * Create, in an account of the local cloud, the role that stacks deploy with; the bootstrap account may assume it.
 * Repeating it is harmless.
 *
 * @param policy what the role may do; default: what the deployers of real accounts may
 * @returns the ARN of the role.
 */
export async function bootstrapAccount(
  cloud: Pick<LocalCloud, "endpoint">,
  accountId: string,
  policy?: PolicyDocument,
): Promise<string> {
  if (!/^\d{12}$/.test(accountId)) throw new Error(`"${accountId}" is no account id: it has 12 digits.`);
  const RoleName = ROLES.deployer.name;
  const iam = new IAMClient({ endpoint: cloud.endpoint, region, credentials: rootCredentials(accountId) });
  try {
    const AssumeRolePolicyDocument = trustPolicy();
    try {
      await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
    } catch (error) {
      if (!(error instanceof EntityAlreadyExistsException)) throw error;
      await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: AssumeRolePolicyDocument }));
    }
    const PolicyDocument = JSON.stringify(policy ?? ROLES.deployer.policy);
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: "deploy", PolicyDocument }));
    const attached = policy === undefined ? ROLES.deployer.attached : {};
    for (const [name, document] of Object.entries(attached)) await attach(iam, RoleName, accountId, name, document);
    return `arn:aws:iam::${accountId}:role/${RoleName}`;
  } finally {
    iam.destroy();
  }
}

async function attach(
  iam: IAMClient,
  RoleName: string,
  accountId: string,
  PolicyName: string,
  policy: PolicyDocument,
): Promise<void> {
  try {
    await iam.send(new CreatePolicyCommand({ PolicyName, PolicyDocument: JSON.stringify(policy) }));
  } catch (error) {
    if (!(error instanceof EntityAlreadyExistsException)) throw error;
  }
  const PolicyArn = `arn:aws:iam::${accountId}:policy/${PolicyName}`;
  await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
}
