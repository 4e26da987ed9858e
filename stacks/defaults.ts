/** What every stack gets unless its file says otherwise, so that a new account's file is a few lines. */
export const DEFAULTS = {
  region: "us-east-1",
  /** The role that stacks assume in their account; see docs/accounts.md for its trust policy. */
  roleName: "aws-patterns-deployer",
  tags: { "managed-by": "aws-patterns" },
} as const;
