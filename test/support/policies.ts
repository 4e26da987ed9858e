/** IAM policies among the registered resources, read as AWS would read them. */
import { ofType, type Registered } from "./mocks";
import type { PolicyDocument } from "../../stacks/roles";

/** For tests that deploy what no pattern does, which the deployer's own policy does not allow. */
export const EVERYTHING: PolicyDocument = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }],
};

export interface Statement {
  Effect: "Allow" | "Deny";
  Action: string[];
  Resource: string[];
  Principal?: unknown;
  Condition?: Record<string, Record<string, unknown>>;
}

/** The statements of a policy document; single actions and resources as lists. */
export function statementsOf(document: unknown): Statement[] {
  const { Version, Statement } = JSON.parse(String(document)) as { Version: string; Statement: Statement[] };
  if (Version !== "2012-10-17") throw new Error(`policy version ${Version}`);
  return Statement.map((statement) => ({
    ...statement,
    Action: [statement.Action].flat(),
    Resource: [statement.Resource ?? []].flat(),
  }));
}

/** IAM's names for operations that it does not call as they are called. */
const IAM_ACTIONS: Readonly<Record<string, readonly string[]>> = {
  CreateSchedule: ["CreateSchedule", "iam:PassRole"],
  TransactWriteItems: ["PutItem", "UpdateItem"],
  ListObjectsV2: ["ListBucket"],
  CopyObject: ["GetObject", "GetObjectTagging", "PutObject", "PutObjectTagging"],
  // SES asks for the second where the mail is MIME, and its reference names the first.
  SendEmail: ["SendEmail", "SendRawEmail"],
};

/** The actions that an operation needs, without its own service. IAM names batch calls of SQS after the single ones. */
export function actionsFor(operation: string): readonly string[] {
  return IAM_ACTIONS[operation] ?? [operation.replace(/Batch$/, "")];
}

/** What a role may do, by all its inline policies in the order of their names; `role` is the end of the role's name. */
export function permissionsOf(resources: readonly Registered[], role: string): Statement[] {
  return ofType(resources, "aws:iam/rolePolicy:RolePolicy")
    .filter(({ inputs }) => String(inputs.role).endsWith(role))
    .sort((a, b) => a.name.localeCompare(b.name))
    .flatMap(({ inputs }) => statementsOf(inputs.policy));
}
