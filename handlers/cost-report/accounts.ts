/** Names and owners of accounts: configuration first, then Organizations, then what came with the costs. */
import { forEachLimited } from "../shared/batches";
import { pages } from "../shared/pages";
import type { Call } from "../shared/retry";
import type { AccountReader } from "./apis";
import type { AccountCosts } from "./costs";
import type { Missing } from "./missing";
import type { FullSettings, KnownAccount } from "./settings";

/** Organizations allows a few requests a second; each account has tags of its own to ask for. */
const TAG_REQUESTS_AT_ONCE = 4;

const DENIED = new Set(["AccessDeniedException", "AccessDenied"]);
const NO_ORGANIZATION = "AWSOrganizationsNotInUseException";

type Known = Record<string, KnownAccount>;

export async function identifyAccounts(
  accounts: readonly AccountCosts[],
  namesInAnswer: ReadonlyMap<string, string>,
  settings: Pick<FullSettings, "organizations" | "knownAccounts">,
  api: AccountReader,
  call: Call,
  missing: Missing,
): Promise<AccountCosts[]> {
  const ids = new Set(accounts.map(({ id }) => id));
  const organization = settings.organizations.lookup
    ? await lookUp(ids, settings.organizations.ownerTag, api, call, missing)
    : new Map<string, KnownAccount>();
  return accounts.map((account) => {
    const configured = own(settings.knownAccounts ?? {}, account.id);
    const listed = organization.get(account.id);
    const name = configured?.name ?? listed?.name ?? namesInAnswer.get(account.id) ?? account.id;
    const owner = configured?.owner ?? listed?.owner;
    return { ...account, name, ...(owner !== undefined && { owner }) };
  });
}

async function lookUp(
  ids: ReadonlySet<string>,
  ownerTag: string | undefined,
  api: AccountReader,
  call: Call,
  missing: Missing,
): Promise<Map<string, KnownAccount>> {
  const found = new Map<string, KnownAccount>();
  try {
    for (const [id, name] of await listNames(api, call)) if (ids.has(id)) found.set(id, { name });
    if (ownerTag !== undefined) {
      await forEachLimited([...found], TAG_REQUESTS_AT_ONCE, async ([id, known]) => {
        const owner = await tagOf(id, ownerTag, api, call);
        if (owner !== undefined) found.set(id, { ...known, owner });
      });
    }
  } catch (error) {
    report(error, ownerTag, missing);
  }
  return found;
}

/** Names then come from elsewhere. An account without an organization lacks nothing. */
function report(error: unknown, ownerTag: string | undefined, missing: Missing): void {
  const name = error instanceof Error ? error.name : "";
  if (name === NO_ORGANIZATION) return;
  const lacks = ownerTag === undefined ? "Names of accounts" : "Names and owners of accounts";
  if (DENIED.has(name)) {
    missing.note(`${lacks} may be missing: AWS Organizations may not be asked (${name})`, {
      reason: String(error),
      fix: "Run in the management account, assume a role of it, or turn the lookup off",
    });
  } else {
    missing.failed(`${lacks} may be missing: AWS Organizations does not answer`, error);
  }
}

async function listNames(api: AccountReader, call: Call): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  const ask = (NextToken: string | undefined) =>
    call("listing the accounts", () => api.listAccounts(NextToken === undefined ? {} : { NextToken }));
  for await (const page of pages(ask, ({ NextToken }) => NextToken)) {
    for (const { Id, Name } of page.Accounts ?? []) {
      if (Id !== undefined && Name !== undefined && Name !== "") names.set(Id, Name);
    }
  }
  return names;
}

async function tagOf(id: string, key: string, api: AccountReader, call: Call): Promise<string | undefined> {
  const ask = (NextToken: string | undefined) =>
    call("reading an account's tags", () =>
      api.listTagsForResource({ ResourceId: id, ...(NextToken !== undefined && { NextToken }) }),
    );
  for await (const page of pages(ask, ({ NextToken }) => NextToken)) {
    const value = page.Tags?.find(({ Key }) => Key === key)?.Value;
    if (value !== undefined && value !== "") return value;
  }
  return undefined;
}

function own(known: Readonly<Known>, id: string): KnownAccount | undefined {
  return Object.hasOwn(known, id) ? known[id] : undefined;
}
