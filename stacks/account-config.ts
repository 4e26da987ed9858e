/** The accounts of a stack configuration. */
import type { GuardrailsSettings } from "../policy/settings";
import { FORMATS } from "../components/internal/formats";
import { checkSchema } from "../components/internal/schema-check";
import { partitionOf } from "../components/internal/partitions";
import type { Account } from "./account";
import { ACCOUNTS } from "./config-keys";
import { DEFAULTS } from "./defaults";
import { checkName, entriesOf } from "./entries";
import { type Fault, inFile, pathText, shown } from "./faults";
import { ACCOUNT, type AccountSettings } from "./settings";
import { caseFaults, commonTags, countFault, tagsIn } from "./tags";

/** Configured accounts by name; undefined for one with a fault of its own, so that its users are not blamed for it. */
export type Accounts = ReadonlyMap<string, Account | undefined>;

export function parseAccounts(
  value: unknown,
  stack: string,
  guardrails: GuardrailsSettings,
  faults: Fault<string>[],
): Accounts {
  const accounts = new Map<string, Account | undefined>();
  for (const [name, input] of entriesOf(value, ACCOUNTS, 'dev: { id: "111111111111" }', faults)) {
    checkName([ACCOUNTS, name], name, faults);
    const own = checkSchema(ACCOUNT, input).faults;
    if (own.length > 0) {
      faults.push(...inFile(own, [ACCOUNTS, name]));
      // What is wrong with the id would be said of role and tags once more; names of tags stand for themselves.
      const maps = tagsIn(input, [ACCOUNTS, name]);
      faults.push(...maps.flatMap((tags) => caseFaults(tags, commonTags(guardrails))));
      accounts.set(name, undefined);
      continue;
    }
    const settings = input as AccountSettings;
    const account = withDefaults(name, settings, stack);
    checkAccount(
      account,
      [...accounts.values()].flatMap((other) => other ?? []),
      faults,
    );
    const tags = { path: [ACCOUNTS, name, "tags"], names: Object.keys(settings.tags ?? {}) };
    faults.push(...caseFaults(tags, commonTags(guardrails)));
    faults.push(...countFault(tags, account, Object.keys(guardrails.tags ?? {})));
    accounts.set(name, account);
  }
  return accounts;
}

function withDefaults(name: string, input: AccountSettings, stack: string): Account {
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

function checkAccount(account: Account, others: readonly Account[], faults: Fault<string>[]): void {
  const { name, id, region, roleArn, tags } = account;
  const roles = rolesOf(id, region);
  if (!roleArn.startsWith(roles)) {
    faults.push({
      path: pathText([ACCOUNTS, name, "roleArn"]),
      received: shown(roleArn),
      allowed: `a role of the account in its region's partition: ${roles}...`,
      fix: "The role's ARN names another account than `id`, or another partition than the region's: correct one of them.",
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
  const owner = { schema: { type: "string", format: "email" }, formats: FORMATS } as const;
  if (tags.owner !== undefined) {
    faults.push(...inFile(checkSchema(owner, tags.owner).faults, [ACCOUNTS, name, "tags", "owner"]));
  }
}
