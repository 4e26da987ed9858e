import * as aws from "@pulumi/aws";
import type { Account } from "./account";

/**
 * One provider per account: it assumes the account's role, refuses to work in any other account, and tags everything.
 * The engine starts a process for each, so a stack names only the accounts that it needs.
 */
export function createProvider(account: Account): aws.Provider {
  const { name, id, region, roleArn, externalId, tags } = account;
  return new aws.Provider(`account-${name}`, {
    region: region as aws.Region,
    allowedAccountIds: [id],
    assumeRoles: [{ roleArn, sessionName: "aws-patterns", ...(externalId === undefined ? {} : { externalId }) }],
    defaultTags: { tags: { ...tags } },
  });
}
