/** The bootstrap's configuration, and what it reads of the stacks' own files. */
import * as pulumi from "@pulumi/pulumi";
import * as z from "zod";
import type { Account } from "../stacks/account";
import { settingOf } from "../stacks/config-keys";
import { configurationOf, readStackFile, stackNames } from "../stacks/stack-file";

export const SETTINGS = z.strictObject({
  /** Id of the account that workflows start from, and that keeps the state. */
  account: z.string().regex(/^\d{12}$/, "write the account's 12 digits in quotation marks"),
  /** Default: us-east-1. */
  region: z.string().default("us-east-1"),
  /** Owner and name of the GitHub repository, with their ids where the `sub` of its tokens has them. */
  repository: z.string().regex(/^[\w.-]+(@\d+)?\/[\w.-]+(@\d+)?$/, "write owner/name, or owner@id/name@id"),
  /** Name of the bucket. */
  stateBucket: z.string().regex(/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/, "write 3 to 63 small letters, digits and hyphens"),
  /** Role in each of the other accounts that may make roles there. Default: the one that Organizations makes. */
  accountRole: z.string().default("OrganizationAccountAccessRole"),
  /** Stacks that workflows deploy. Default: every one that has a file, but for the local cloud's. */
  stacks: z.array(z.string()).optional(),
  /** Roles of people who deploy by hand, by ARN; they have to exist. Default: none. */
  people: z.array(z.string().regex(/^arn:[\w-]+:iam::\d{12}:role\/.+$/, "write the ARN of a role")).default([]),
});

export type Settings = z.infer<typeof SETTINGS>;

/** A stack, with the accounts that its patterns are deployed to. */
export interface DeployedStack {
  readonly name: string;
  readonly accounts: readonly Account[];
}

/** @throws pulumi.RunError that names every key that is wrong, and how to correct it */
export function readSettings(): Settings {
  const prefix = `${pulumi.getProject()}:`;
  const own = Object.entries(pulumi.runtime.allConfig()).filter(([key]) => key.startsWith(prefix));
  const texts = Object.fromEntries(own.map(([key, text]) => [key.slice(prefix.length), text]));
  const lists = { stacks: settingOf(texts.stacks), people: settingOf(texts.people) };
  const { data, error } = SETTINGS.safeParse({ ...texts, ...lists });
  if (data !== undefined) return data;
  const faults = error.issues.map(({ path, message }) => `${prefix}${path.join(".")}: ${message}`);
  throw new pulumi.RunError(`Pulumi.${pulumi.getStack()}.yaml: ${faults.join("; ")}`);
}

/** @throws StackFileError, ConfigurationError */
export async function readStacks({ stacks }: Settings): Promise<DeployedStack[]> {
  const names = stacks ?? (await stackNames()).filter((name) => name !== "local");
  return Promise.all(
    names.map(async (name) => {
      const { deployments } = configurationOf(name, (await readStackFile(name)).settings);
      return { name, accounts: [...new Set(deployments.map(({ account }) => account))] };
    }),
  );
}
