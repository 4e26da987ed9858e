/**
 * The stack configuration, `Pulumi.<stack>.yaml` under the project's namespace:
 *
 * ```yaml
 * config:
 *   aws-patterns:accounts:
 *     edge: { id: "111111111111" }
 *   aws-patterns:patterns:
 *     media:
 *       pattern: wavelength-dns
 *       account: edge
 *       args: { ... }
 * ```
 */
import { z } from "zod";
import { DEFAULTS } from "./defaults";
import { type ConfigurationFault, faultsOf, nearest, pathText, strict } from "./faults";
import { PATTERNS } from "./patterns";
import { account as accountSchema, type AccountInput, emailAddress, instanceName } from "./shared-schema";

/** An account with every default filled in. */
export interface Account {
  readonly name: string;
  readonly id: string;
  readonly region: string;
  readonly roleArn: string;
  readonly externalId?: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** One component to deploy: a pattern's instance in one account. */
export interface Deployment {
  readonly name: string;
  readonly pattern: string;
  readonly account: Account;
  readonly args: unknown;
}

export interface StackConfiguration {
  readonly accounts: readonly Account[];
  readonly deployments: readonly Deployment[];
}

/** The two keys as Pulumi gives them; `secret` keeps their values out of messages. */
export interface RawConfiguration {
  readonly accounts: unknown;
  readonly patterns: unknown;
  readonly secret?: boolean;
}

const ACCOUNTS = "aws-patterns:accounts";
const PATTERNS_KEY = "aws-patterns:patterns";

const names = z.union([z.string(), z.array(z.string()).min(1)]);
const entry = strict({
  pattern: z.string(),
  account: z.string().optional(),
  accounts: names.optional(),
  args: z.unknown().optional(),
});

/** A valid configuration, or everything that is wrong with it. Never throws. */
export function parseConfiguration(
  raw: RawConfiguration,
  stack: string,
): { configuration: StackConfiguration; faults?: never } | { configuration?: never; faults: ConfigurationFault[] } {
  const faults: ConfigurationFault[] = [];
  const accounts = parseAccounts(raw.accounts, stack, faults);
  const deployments = parsePatterns(raw.patterns, accounts, faults);
  if (faults.length > 0) {
    return { faults: raw.secret === true ? faults.map((fault) => ({ ...fault, received: "(secret)" })) : faults };
  }
  return { configuration: { accounts: [...accounts.values()], deployments } };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The entries of a configuration key that must be a non-empty map; anything else is a fault. */
function entriesOf(value: unknown, key: string, example: string, faults: ConfigurationFault[]): [string, unknown][] {
  if (isRecord(value) && Object.keys(value).length > 0) return Object.entries(value);
  const received = value === undefined ? "nothing" : JSON.stringify(value);
  faults.push({ path: key, received, allowed: "a map with at least one entry", fix: `For example ${example}` });
  return [];
}

function checkName(path: readonly string[], name: string, faults: ConfigurationFault[]): void {
  if (instanceName.test(name)) return;
  faults.push({
    path: pathText(path),
    received: JSON.stringify(name),
    allowed: "a name of at most 32 lower-case letters, digits and hyphens, beginning with a letter",
    fix: "Rename it; resource names are built from it.",
  });
}

function parseAccounts(value: unknown, stack: string, faults: ConfigurationFault[]): Map<string, Account> {
  const accounts = new Map<string, Account>();
  for (const [name, input] of entriesOf(value, ACCOUNTS, 'dev: { id: "111111111111" }', faults)) {
    checkName([ACCOUNTS, name], name, faults);
    const parsed = accountSchema.safeParse(input);
    if (!parsed.success) {
      faults.push(...faultsOf(parsed.error.issues, input, [ACCOUNTS, name]));
      continue;
    }
    const account = withDefaults(name, parsed.data, stack);
    checkAccount(account, [...accounts.values()], faults);
    accounts.set(name, account);
  }
  return accounts;
}

function withDefaults(name: string, input: AccountInput, stack: string): Account {
  return {
    name,
    id: input.id,
    region: input.region ?? DEFAULTS.region,
    roleArn: input.roleArn ?? `arn:aws:iam::${input.id}:role/${DEFAULTS.roleName}`,
    tags: { ...DEFAULTS.tags, environment: stack, ...input.tags },
    ...(input.externalId === undefined ? {} : { externalId: input.externalId }),
  };
}

function checkAccount(account: Account, others: readonly Account[], faults: ConfigurationFault[]): void {
  const { name, id, region, roleArn, tags } = account;
  if (!roleArn.includes(`::${id}:`)) {
    faults.push({
      path: pathText([ACCOUNTS, name, "roleArn"]),
      received: JSON.stringify(roleArn),
      allowed: `a role of account ${id}`,
      fix: "The role's ARN names another account than `id`: mend one of the two.",
    });
  }
  const same = others.find((other) => other.id === id && other.region === region);
  if (same !== undefined) {
    faults.push({
      path: pathText([ACCOUNTS, name, "id"]),
      received: JSON.stringify(id),
      allowed: "an account and region that no other entry has",
      fix: `"${same.name}" is the same account in the same region: use that one.`,
    });
  }
  if (tags.owner !== undefined && !emailAddress.safeParse(tags.owner).success) {
    const issues = emailAddress.safeParse(tags.owner).error?.issues ?? [];
    faults.push(...faultsOf(issues, tags.owner, [ACCOUNTS, name, "tags", "owner"]));
  }
}

function parsePatterns(
  value: unknown,
  accounts: ReadonlyMap<string, Account>,
  faults: ConfigurationFault[],
): Deployment[] {
  const example = "media: { pattern: wavelength-dns, account: edge, args: { ... } }";
  return entriesOf(value, PATTERNS_KEY, example, faults).flatMap(([name, input]) => {
    const path = [PATTERNS_KEY, name];
    checkName(path, name, faults);
    const parsed = entry.safeParse(input);
    if (!parsed.success) {
      faults.push(...faultsOf(parsed.error.issues, input, path));
      return [];
    }
    return parseEntry(name, parsed.data, accounts, faults);
  });
}

function unknownName(path: string[], received: string, known: readonly string[], faults: ConfigurationFault[]): void {
  faults.push({
    path: pathText(path),
    received: JSON.stringify(received),
    allowed: known.join(", ") || "(none is configured)",
    fix: nearest(received, known),
  });
}

function parseEntry(
  name: string,
  input: z.infer<typeof entry>,
  accounts: ReadonlyMap<string, Account>,
  faults: ConfigurationFault[],
): Deployment[] {
  const path = [PATTERNS_KEY, name];
  const chosen = chooseAccounts(name, input, accounts, faults);
  const pattern = Object.hasOwn(PATTERNS, input.pattern) ? PATTERNS[input.pattern] : undefined;
  if (pattern === undefined) {
    unknownName([...path, "pattern"], input.pattern, Object.keys(PATTERNS), faults);
    return [];
  }
  const parsed = pattern.schema.safeParse(input.args ?? {});
  if (!parsed.success) {
    faults.push(...faultsOf(parsed.error.issues, input.args ?? {}, [...path, "args"]));
    return [];
  }
  const args = parsed.data;
  return chosen.map((account) => {
    const wrong = pattern.check(args, account).map(({ property, received, allowed, fix }) => ({
      path: `${pathText([...path, "args"])}.${property}`,
      received: received === undefined ? "nothing" : JSON.stringify(received),
      allowed,
      fix,
    }));
    // The same arguments in several accounts have the same faults.
    faults.push(...wrong.filter((fault) => !faults.some((known) => JSON.stringify(known) === JSON.stringify(fault))));
    return { name: chosen.length === 1 ? name : `${name}-${account.name}`, pattern: input.pattern, account, args };
  });
}

function chooseAccounts(
  name: string,
  input: z.infer<typeof entry>,
  accounts: ReadonlyMap<string, Account>,
  faults: ConfigurationFault[],
): Account[] {
  const path = [PATTERNS_KEY, name];
  if ((input.account === undefined) === (input.accounts === undefined)) {
    faults.push({
      path: pathText([...path, "account"]),
      received: input.account === undefined ? "nothing" : "account and accounts",
      allowed: "either account (one name) or accounts (several)",
      fix: "Say in which of the configured accounts the pattern runs.",
    });
    return [];
  }
  const key = input.account === undefined ? "accounts" : "account";
  const wanted = [input.account ?? input.accounts ?? []].flat();
  return [...new Set(wanted)].flatMap((wantedName) => {
    const account = accounts.get(wantedName);
    if (account === undefined) unknownName([...path, key], wantedName, [...accounts.keys()], faults);
    return account ?? [];
  });
}
