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
import { MAXIMUM_NAME_LENGTH } from "../components/building-blocks/component";
import { type GuardrailsSettings, guardrailsSettings } from "../policy/settings";
import type { Account } from "./account";
import { type Accounts, parseAccounts } from "./account-config";
import { GUARDRAILS as GUARDRAILS_KEY, PATTERNS as PATTERNS_KEY, STACK_KEYS, strangeKeys } from "./config-keys";
import { checkName, entriesOf, unknownName } from "./entries";
import { type ConfigurationFault, faultsOf, oneOrMore, otherwise, pathText, shown, strict } from "./faults";
import type { Pattern } from "./pattern";
import { PATTERNS } from "./patterns";
import { soundFaults } from "./repair";
import { withoutValues } from "./secrets";
import { instanceName } from "./shared-schema";
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
  /** What the policy pack is told; see policy/settings.ts. */
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

const entry = strict({
  pattern: z.string(otherwise(Object.keys(PATTERNS).join(", "), "Name one of these patterns.")),
  account: z.string().optional(),
  accounts: oneOrMore("the name of an account").optional(),
  args: z.unknown().optional(),
});

/** A valid configuration, or everything that is wrong with it. Never throws. */
export function parseConfiguration(
  raw: RawConfiguration,
  stack: string,
): { configuration: StackConfiguration; faults?: never } | { configuration?: never; faults: ConfigurationFault[] } {
  const faults: ConfigurationFault[] = [];
  for (const key of strangeKeys(raw.keys ?? [])) unknownName([key], key, STACK_KEYS, faults);
  const guardrailFaults: ConfigurationFault[] = [];
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

function parseGuardrails(value: unknown, faults: ConfigurationFault[]): GuardrailsSettings {
  const parsed = guardrailsSettings.safeParse(value ?? {});
  if (parsed.success) {
    const { requiredTags = [], tags = {} } = parsed.data;
    for (const [key, names] of Object.entries({ requiredTags, tags: Object.keys(tags) })) {
      faults.push(...caseFaults({ path: [GUARDRAILS_KEY, key], names }, commonTags({ requiredTags: [] })));
    }
    return parsed.data;
  }
  faults.push(...faultsOf(parsed.error.issues, value, [GUARDRAILS_KEY]));
  return {};
}

/** What entries of patterns are judged with. */
interface Surroundings {
  readonly accounts: Accounts;
  readonly guardrails: GuardrailsSettings;
}

function parsePatterns(value: unknown, around: Surroundings, faults: ConfigurationFault[]): Deployment[] {
  const example = "media: { pattern: wavelength-dns, account: edge, args: { ... } }";
  /** Entries by the names of their deployments. */
  const entries = new Map<string, string>();
  return entriesOf(value, PATTERNS_KEY, example, faults).flatMap(([name, input]) => {
    const path = [PATTERNS_KEY, name];
    checkName(path, name, faults);
    const parsed = entry.safeParse(input);
    if (!parsed.success) {
      faults.push(...entryFaults(name, input, parsed.error.issues, around));
      return [];
    }
    const deployments = parseEntry(name, parsed.data, around, faults);
    for (const deployment of deployments) checkDeploymentName(deployment.name, name, entries, faults);
    return deployments;
  });
}

/** What is wrong with an entry, and with what lies in it all the same. */
function entryFaults(
  name: string,
  input: unknown,
  issues: readonly z.core.$ZodIssue[],
  around: Surroundings,
): ConfigurationFault[] {
  const path = [PATTERNS_KEY, name];
  const own = faultsOf(issues, input, path);
  const inside = soundFaults(entry, input, (copy) => {
    const found: ConfigurationFault[] = [];
    parseEntry(name, copy as z.infer<typeof entry>, around, found);
    return found;
  });
  // An account that is misspelt, or of the wrong type, is not missing as well.
  const isMisspelt = issues.some(
    ({ code, path: [key] }) => code === "unrecognized_keys" || /^accounts?$/.test(String(key)),
  );
  const account = pathText([...path, "account"]);
  return [...own, ...inside.filter((fault) => !isMisspelt || fault.path !== account || fault.received !== "nothing")];
}

/** A pattern in several accounts gets its names from its entry and the accounts: they may be too long, or taken. */
function checkDeploymentName(
  name: string,
  entryName: string,
  entries: Map<string, string>,
  faults: ConfigurationFault[],
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

function parseEntry(
  name: string,
  input: z.infer<typeof entry>,
  { accounts, guardrails }: Surroundings,
  faults: ConfigurationFault[],
): Deployment[] {
  const path = [PATTERNS_KEY, name];
  const chosen = chooseAccounts(name, input, accounts, faults);
  const pattern = Object.hasOwn(PATTERNS, input.pattern) ? PATTERNS[input.pattern] : undefined;
  if (pattern === undefined) {
    unknownName([...path, "pattern"], input.pattern, Object.keys(PATTERNS), faults);
    return [];
  }
  const given = input.args ?? {};
  const at = [...path, "args"];
  const parsed = pattern.schema.safeParse(given);
  const found = faultsOf(parsed.error?.issues ?? [], given, at);
  const told = new Set(found.map((fault) => fault.path));
  const args = parsed.success ? parsed.data : given;
  // Even an entry without a usable account can be told what is wrong with its arguments.
  const sound = soundFaults(pattern.schema, args, (copy) =>
    [undefined, ...chosen].flatMap((account) => argumentFaults(pattern, copy, at, account, guardrails)),
  );
  for (const fault of sound) {
    // The same arguments in several accounts have the same faults.
    const known = found.some((other) => other.path === fault.path && other.allowed === fault.allowed);
    if (!told.has(fault.path) && !known) found.push(fault);
  }
  faults.push(...found);
  return chosen.flatMap((account) => {
    if (account === undefined) return [];
    // With `accounts` always the longer name, so that a second account does not rename, and replace, the first's.
    const deployment = input.account === undefined ? `${name}-${account.name}` : name;
    return { name: deployment, pattern: input.pattern, account, args };
  });
}

/** What is wrong with arguments of the right types, in an account. */
function argumentFaults(
  pattern: Pattern,
  args: unknown,
  at: readonly string[],
  account: Account | undefined,
  guardrails: GuardrailsSettings,
): ConfigurationFault[] {
  const own = pattern.check(args, account).map(({ property, received, allowed, fix }) => {
    return { path: `${pathText(at)}.${property}`, received: shown(received), allowed, fix };
  });
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
  input: z.infer<typeof entry>,
  accounts: Accounts,
  faults: ConfigurationFault[],
): (Account | undefined)[] {
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
  const wanted = [input.account ?? input.accounts ?? []].flat();
  const place = (wantedName: string): PropertyKey[] => {
    if (input.account !== undefined) return ["account"];
    return Array.isArray(input.accounts) ? ["accounts", wanted.indexOf(wantedName)] : ["accounts"];
  };
  return [...new Set(wanted)].flatMap((wantedName) => {
    if (accounts.has(wantedName)) return [accounts.get(wantedName)];
    const known = [...accounts.keys()].filter((name) => instanceName.test(name));
    // Where no account can be named, that is the fault.
    if (known.length > 0) unknownName([...path, ...place(wantedName)], wantedName, known, faults);
    return [];
  });
}
