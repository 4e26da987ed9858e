/**
 * The roles that each account has for its stacks, and what they may do. The policies are files, which people attach as
 * they are (docs/accounts.md) and which the local cloud's roles have, so that every story and preview proves them.
 */
import { DEFAULTS } from "./defaults";
import deployer from "./roles/deployer.json";
import preview from "./roles/preview.json";

/** A policy of IAM, as its JSON is written. */
export interface PolicyDocument {
  readonly Version: string;
  readonly Statement: readonly PolicyStatement[];
}

export interface PolicyStatement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

export interface AccountRole {
  readonly name: string;
  readonly policy: PolicyDocument;
}

export const ROLES: Readonly<Record<"deployer" | "preview", AccountRole>> = {
  /** Deploys stacks. */
  deployer: { name: DEFAULTS.roleName, policy: deployer },
  /** Looks up what previews show; changes nothing. */
  preview: { name: "aws-patterns-preview", policy: preview },
};
