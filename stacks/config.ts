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
import { MAXIMUM_NAME_LENGTH } from "../components/building-blocks/component";
import { checkSchema } from "../components/internal/schema-check";
import { GUARDRAILS, type GuardrailsSettings } from "../policy/settings";
import type { Account } from "./account";
import { type Accounts, parseAccounts } from "./account-config";
import { GUARDRAILS as GUARDRAILS_KEY, PATTERNS as PATTERNS_KEY, STACK_KEYS, strangeKeys } from "./config-keys";
import { checkName, entriesOf, unknownName } from "./entries";
import { type Fault, inFile, pathText, shown } from "./faults";
import type { Pattern } from "./pattern";
import { PATTERNS } from "./patterns";
import { withoutValues } from "./secrets";
import { ENTRY, instanceName, type PatternEntry } from "./settings";
import { caseFaults, commonTags, countFault, tagsIn } from "./tags";

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
  /** What the policy pack is given; see policy/settings.ts. */
  readonly guardrails: GuardrailsSettings;
}

/** The project's configuration as Pulumi gives it. */
export interface RawConfiguration {
  readonly accounts: unknown;
  readonly patterns: unknown;
  readonly guardrails?: unknown;
  /** Every key of the stack's configuration, those of other namespaces included. Default: none. */
  readonly keys?: readonly string[];
  /** True to keep values out of messages. */
  readonly secret?: boolean;
}

/** A valid configuration, or everything that is wrong with it. Never throws. */
export function parseConfiguration(
  raw: RawConfiguration,
  stack: string,
): { configuration: StackConfiguration; faults?: never } | { configuration?: never; faults: Fault<string>[] } {
  const faults: Fault<string>[] = [];
  for (const key of strangeKeys(raw.keys ?? [])) unknownName([key], key, STACK_KEYS, faults);
  const guardrailFaults: Fault<string>[] = [];
  const guardrails = parseGuardrails(raw.guardrails, guardrailFaults);
  const accounts = parseAccounts(raw.accounts, stack, guardrails, faults);
  const deployments = parsePatterns(raw.patterns, { accounts, guardrails }, faults);
  faults.push(...guardrailFaults);
  if (faults.length > 0) {
    const values = [raw.accounts, raw.patterns, raw.guardrails];
    return { faults: raw.secret === true ? withoutValues(faults, ...values) : faults };
  }
  const usable = [...accounts.values()].flatMap((account) => account ?? []);
  return { configuration: { accounts: usable, deployments, guardrails } };
}

function parseGuardrails(value: unknown, faults: Fault<string>[]): GuardrailsSettings {
  const settings = value ?? {};
  const own = checkSchema(GUARDRAILS, settings).faults;
  faults.push(...inFile(own, [GUARDRAILS_KEY]));
  if (own.length > 0) return {};
  const { requiredTags = [], tags = {} } = settings as GuardrailsSettings;
  for (const [key, names] of Object.entries({ requiredTags, tags: Object.keys(tags) })) {
    faults.push(...caseFaults({ path: [GUARDRAILS_KEY, key], names }, commonTags({ requiredTags: [] })));
  }
  return settings as GuardrailsSettings;
}

/** What entries of patterns are judged with. */
interface Surroundings {
  readonly accounts: Accounts;
  readonly guardrails: GuardrailsSettings;
}

function parsePatterns(value: unknown, around: Surroundings, faults: Fault<string>[]): Deployment[] {
  const example = "media: { pattern: wavelength-dns, account: edge, args: { ... } }";
  /** Entries by the names of their deployments. */
  const entries = new Map<string, string>();
  return entriesOf(value, PATTERNS_KEY, example, faults).flatMap(([name, input]) => {
    const path = [PATTERNS_KEY, name];
    checkName(path, name, faults);
    const own = checkSchema(ENTRY, input).faults;
    faults.push(...inFile(own, path));
    if (own.some((fault) => fault.path === "")) return [];
    const deployments = parseEntry(name, input as Partial<PatternEntry>, own, around, faults);
    for (const deployment of deployments) checkDeploymentName(deployment.name, name, entries, faults);
    return deployments;
  });
}

/** A pattern in several accounts gets its names from its entry and the accounts: they may be too long, or taken. */
function checkDeploymentName(
  name: string,
  entryName: string,
  entries: Map<string, string>,
  faults: Fault<string>[],
): void {
  const other = entries.get(name);
  const at = { path: pathText([PATTERNS_KEY, entryName]), received: shown(name) };
  if (other !== undefined) {
    const fix = `"${other}" is deployed under that name too, since an account's name is added to it: rename one.`;
    faults.push({ ...at, allowed: "a name that no other deployment has", fix });
  }
  if (name !== entryName && name.length > MAXIMUM_NAME_LENGTH) {
    const allowed = `at most ${MAXIMUM_NAME_LENGTH} characters for the names of entry and account together`;
    faults.push({ ...at, allowed, fix: "Shorten one of the two; resource names are built from them." });
  }
  entries.set(name, entryName);
}

/** An entry's deployments, as far as its own faults let it have any, and what is wrong with its accounts and arguments. */
function parseEntry(
  name: string,
  input: Partial<PatternEntry>,
  own: readonly Fault[],
  { accounts, guardrails }: Surroundings,
  faults: Fault<string>[],
): Deployment[] {
  const chosen = chooseAccounts(name, input, own, accounts, faults);
  const pattern = typeof input.pattern === "string" && Object.hasOwn(PATTERNS, input.pattern) ? input.pattern : "";
  const known = PATTERNS[pattern];
  if (known === undefined) return [];
  const args = input.args ?? {};
  const found = new Map<string, Fault<string>>();
  // Even an entry without a usable account has arguments that may be wrong; those of several accounts are the same.
  for (const account of [undefined, ...chosen]) {
    for (const fault of argumentFaults(known, args, [PATTERNS_KEY, name, "args"], account, guardrails)) {
      const key = JSON.stringify([fault.path, fault.allowed]);
      if (!found.has(key)) found.set(key, fault);
    }
  }
  faults.push(...found.values());
  return chosen.flatMap((account) => {
    if (account === undefined) return [];
    // With `accounts` always the longer name, so that a second account does not rename, and replace, the first's.
    const deployment = input.account === undefined ? `${name}-${account.name}` : name;
    return { name: deployment, pattern, account, args };
  });
}

/** What is wrong with arguments, in an account. */
function argumentFaults(
  pattern: Pattern,
  args: unknown,
  at: readonly string[],
  account: Account | undefined,
  guardrails: GuardrailsSettings,
): Fault<string>[] {
  const own = inFile(pattern.check(args, account), at);
  const { ownTags = [] } = pattern;
  const others = [...ownTags, ...Object.keys(guardrails.tags ?? {})];
  const names = [...ownTags, ...Object.keys(account?.tags ?? {}), ...commonTags(guardrails)];
  const tagMaps = tagsIn(args, at);
  const ofTags = tagMaps.flatMap((tags) => [...caseFaults(tags, names), ...countFault(tags, account, others)]);
  // The component's own tags come to those of the account even where the arguments have none.
  const alone = ownTags.length === 0 ? [] : countFault({ path: at, names: [] }, account, others);
  return [...own, ...ofTags, ...(ofTags.length === 0 ? alone : [])];
}

function chooseAccounts(
  name: string,
  { account, accounts }: Partial<PatternEntry>,
  own: readonly Fault[],
  known: Accounts,
  faults: Fault<string>[],
): (Account | undefined)[] {
  const path = [PATTERNS_KEY, name];
  // An account that is misspelt, or of the wrong type, is not missing as well.
  const isMisspelt = own.some((fault) => !/^(pattern|args)\b/.test(fault.path));
  if ((account === undefined) === (accounts === undefined)) {
    if (isMisspelt) return [];
    faults.push({
      path: pathText([...path, "account"]),
      received: account === undefined ? "nothing" : "account and accounts",
      allowed: "either account (one name) or accounts (several)",
      fix: "Say in which of the configured accounts the pattern runs.",
    });
    return [];
  }
  const place = (i: number): PropertyKey[] => {
    if (account !== undefined) return ["account"];
    return Array.isArray(accounts) ? ["accounts", i] : ["accounts"];
  };
  const found = new Set<string>();
  for (const [i, wanted] of [account ?? accounts ?? []].flat().entries()) {
    if (typeof wanted !== "string" || found.has(wanted)) continue;
    found.add(wanted);
    const names = [...known.keys()].filter((each) => instanceName.test(each));
    // Where no account can be named, that is the fault.
    if (!known.has(wanted) && names.length > 0) unknownName([...path, ...place(i)], wanted, names, faults);
  }
  return [...found].filter((each) => known.has(each)).map((each) => known.get(each));
}
