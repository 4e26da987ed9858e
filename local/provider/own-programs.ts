/**
 * What the stand-in provider does for programs that are not this project's (`npm run local`): roles that a program
 * assumes are made, and types that it lacks are noted all, before anything is made.
 */
import { appendFileSync, existsSync } from "node:fs";
import {
  AttachRolePolicyCommand,
  CreateRoleCommand,
  EntityAlreadyExistsException,
  IAMClient,
} from "@aws-sdk/client-iam";

/** Environment variable with the file that lists what is lacking, a token a line. */
export const LACKING_FILE = "AWS_PATTERNS_LACKING";
/** Environment variable that has roles made when they are first assumed. */
export const MAKE_ROLES = "AWS_PATTERNS_MAKE_ROLES";

/** Notes a type or function that the provider lacks. @returns whether somebody reads it: the preview may go on then */
export function noteLacking(token: string): boolean {
  const file = process.env[LACKING_FILE];
  if (file === undefined) return false;
  appendFileSync(file, `${token}\n`);
  return true;
}

/** @throws Error when the program has something that is lacking: nothing of it is made then */
export function refuseLacking(): void {
  const file = process.env[LACKING_FILE];
  if (file === undefined || !existsSync(file)) return;
  throw new Error("not made, as the local provider lacks what is named at the end");
}

export function lackingLine(tokens: string): string {
  const names = [...new Set(tokens.split("\n").filter(Boolean))].sort();
  return `The local provider lacks ${names.length} of what the program uses: ${names.join(", ")}. See "One's own program" in docs/local-cloud.md.`;
}

const made = new Map<string, Promise<void>>();

/** Makes a role that may do everything in its account, where the program expects one and it has none. */
export function makeRole(roleArn: string, region: string): Promise<void> {
  const existing = made.get(roleArn);
  if (existing !== undefined) return existing;
  const making = createRole(roleArn, region);
  made.set(roleArn, making);
  return making;
}

async function createRole(roleArn: string, region: string): Promise<void> {
  const [, account = "", path = "/", name = ""] =
    /^arn:[\w-]+:iam::(\d{12}):role(\/(?:.*\/)?)([^/]+)$/.exec(roleArn) ?? [];
  if (name === "") throw new Error(`assumeRoles: "${roleArn}" is no ARN of a role`);
  // The emulator takes an account's id for its root user's key.
  const iam = new IAMClient({ region, credentials: { accessKeyId: account, secretAccessKey: "local" } });
  const trust = { Effect: "Allow", Principal: { AWS: "*" }, Action: ["sts:AssumeRole", "sts:TagSession"] };
  const AssumeRolePolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [trust] });
  try {
    await iam.send(new CreateRoleCommand({ RoleName: name, Path: path, AssumeRolePolicyDocument }));
    const PolicyArn = "arn:aws:iam::aws:policy/AdministratorAccess";
    await iam.send(new AttachRolePolicyCommand({ RoleName: name, PolicyArn }));
  } catch (error) {
    if (!(error instanceof EntityAlreadyExistsException)) throw error;
  } finally {
    iam.destroy();
  }
}
