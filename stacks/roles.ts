/**
 * The roles that each account has for its stacks, and what they may do. The policies are files, which people attach as
 * they are (docs/accounts.md) and which the local cloud's roles have, so that every story and preview proves them.
 */
import { DEFAULTS } from "./defaults";
import deployerWeb from "./roles/deployer-web.json";
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
  /** The inline policy, which has room for 10,240 characters. */
  readonly policy: PolicyDocument;
  /** Managed policies that are attached to it, by name: 6,144 characters each. */
  readonly attached: Readonly<Record<string, PolicyDocument>>;
}

export const ROLES: Readonly<Record<"deployer" | "preview", AccountRole>> = {
  /** Deploys stacks. */
  deployer: { name: DEFAULTS.roleName, policy: deployer, attached: { "aws-patterns-deploy-web": deployerWeb } },
  /** Looks up what previews show; changes nothing. */
  preview: { name: "aws-patterns-preview", policy: preview, attached: {} },
};

/** All that a role may do, as one policy. */
export function wholePolicy({ policy, attached }: AccountRole): PolicyDocument {
  const documents = [policy, ...Object.values(attached)];
  return { Version: policy.Version, Statement: documents.flatMap(({ Statement }) => Statement) };
}
