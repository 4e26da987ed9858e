/** What a stack file says of accounts, and of the patterns that run in them. */
import { MAXIMUM_NAME_LENGTH } from "../components/building-blocks/component";
import { FORMATS } from "../components/internal/formats";
import { nearest } from "../components/internal/nearest-name";
import type { Declaration } from "../components/internal/schema";
import { PATTERNS } from "./patterns";
import { ACCOUNT_SCHEMA, ENTRY_SCHEMA } from "./settings.schema";

/** An account that a stack deploys to. */
export interface AccountSettings {
  /** Id of the account, in quotation marks. @format account-id */
  id: string;
  /** Region that its resources are in. @format region @default "us-east-1" */
  region?: string;
  /** Role that deploys. @format role-arn @default the account's `aws-patterns-deployer` */
  roleArn?: string;
  /** External id that the role's trust policy asks for. @format external-id @default none */
  externalId?: string;
  /**
   * Tags that everything in the account gets, besides `managed-by` and `environment`; `owner` is a mail address.
   *
   * @propertyNames own-tag-key @format tag-value
   * @default none
   */
  tags?: Record<string, string>;
}

/** A pattern that runs in one account, or in several. */
export interface PatternEntry {
  /** Name of the pattern. @format pattern @fix Name one of these patterns. */
  pattern: string;
  /** Name of the account; either this or `accounts`. */
  account?: string;
  /** Names of the accounts. @minItems 1 @fix Give at least one. */
  accounts?: string | string[];
  /** Arguments of the pattern. @default none */
  args?: unknown;
}

const patternNames = Object.keys(PATTERNS);

export const ACCOUNT: Declaration = { schema: ACCOUNT_SCHEMA, formats: FORMATS };

export const ENTRY: Declaration = {
  schema: ENTRY_SCHEMA,
  formats: {
    pattern: {
      test: (name) => patternNames.includes(name),
      allowed: patternNames.join(", "),
      fix: (name) => nearest(name, patternNames),
    },
  },
};

/** Names of accounts, and of the entries under `patterns`. */
export const instanceName = new RegExp(`^(?=.{1,${MAXIMUM_NAME_LENGTH}}$)[a-z]([a-z0-9-]*[a-z0-9])?$`);
