/** The accounts of a stack configuration. */
import type { GuardrailsSettings } from "../policy/settings";
import { partitionOf } from "../components/internal/partitions";
import type { Account } from "./account";
import { ACCOUNTS } from "./config-keys";
import { DEFAULTS } from "./defaults";
import { checkName, entriesOf } from "./entries";
import { type ConfigurationFault, faultsOf, pathText, shown } from "./faults";
import { soundFaults } from "./repair";
import { account as accountSchema, type AccountInput, emailAddress } from "./shared-schema";
import { caseFaults, commonTags, countFault, tagsIn } from "./tags";

/** Configured accounts by name; undefined for one with a fault of its own, so that its users are not blamed for it. */
export type Accounts = ReadonlyMap<string, Account | undefined>;

export function parseAccounts(
  value: unknown,
  stack: string,
  guardrails: GuardrailsSettings,
  faults: ConfigurationFault[],
): Accounts {
  const accounts = new Map<string, Account | undefined>();
  for (const [name, input] of entriesOf(value, ACCOUNTS, 'dev: { id: "111111111111" }', faults)) {
    checkName([ACCOUNTS, name], name, faults);
    const parsed = accountSchema.safeParse(input);
    if (!parsed.success) {
      faults.push(...faultsOf(parsed.error.issues, input, [ACCOUNTS, name]));
      // What is wrong with the id would be told of role and tags once more; names of tags stand for themselves.
      faults.push(
        ...soundFaults(accountSchema, input, (copy) =>
          tagsIn(copy, [ACCOUNTS, name]).flatMap((tags) => caseFaults(tags, commonTags(guardrails))),
        ),
      );
      accounts.set(name, undefined);
      continue;
    }
    const account = withDefaults(name, parsed.data, stack);
    checkAccount(
      account,
      [...accounts.values()].flatMap((other) => other ?? []),
      faults,
    );
    const tags = { path: [ACCOUNTS, name, "tags"], names: Object.keys(parsed.data.tags ?? {}) };
    faults.push(...caseFaults(tags, commonTags(guardrails)));
    faults.push(...countFault(tags, account, Object.keys(guardrails.tags ?? {})));
    accounts.set(name, account);
  }
  return accounts;
}

function withDefaults(name: string, input: AccountInput, stack: string): Account {
  const region = input.region ?? DEFAULTS.region;
  return {
    name,
    id: input.id,
    region,
    roleArn: input.roleArn ?? `${rolesOf(input.id, region)}${DEFAULTS.roleName}`,
    tags: { ...DEFAULTS.tags, environment: stack, ...input.tags },
    ...(input.externalId === undefined ? {} : { externalId: input.externalId }),
  };
}

function rolesOf(id: string, region: string): string {
  return `arn:${partitionOf(region)?.id ?? "aws"}:iam::${id}:role/`;
}

function checkAccount(account: Account, others: readonly Account[], faults: ConfigurationFault[]): void {
  const { name, id, region, roleArn, tags } = account;
  const roles = rolesOf(id, region);
  if (!roleArn.startsWith(roles)) {
    faults.push({
      path: pathText([ACCOUNTS, name, "roleArn"]),
      received: shown(roleArn),
      allowed: `a role of the account in its region's partition: ${roles}...`,
      fix: "The role's ARN names another account than `id`, or another partition than the region's: mend one of them.",
    });
  }
  const same = others.find((other) => other.id === id && other.region === region);
  if (same !== undefined) {
    faults.push({
      path: pathText([ACCOUNTS, name, "id"]),
      received: shown(id),
      allowed: "an account and region that no other entry has",
      fix: `"${same.name}" is the same account in the same region: use that one.`,
    });
  }
  if (tags.owner !== undefined && !emailAddress.safeParse(tags.owner).success) {
    const issues = emailAddress.safeParse(tags.owner).error?.issues ?? [];
    faults.push(...faultsOf(issues, tags.owner, [ACCOUNTS, name, "tags", "owner"]));
  }
}
