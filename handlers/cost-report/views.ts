/** Who sees what: recipients limited to the same accounts share one report, and one rendering of it. */
import { createHash } from "node:crypto";
import { compare } from "./costs";
import { bareAddress } from "../shared/mail/addresses";
import type { Recipient } from "./settings";

export interface View {
  /** "all", or a name made from the accounts: the same accounts have the same name. */
  readonly name: string;
  /** Ids of the visible accounts, sorted; undefined for all. */
  readonly accounts?: readonly string[];
  readonly recipients: readonly Recipient[];
}

/** The view of all accounts first, then in the order of their first recipients. An address counts once, its first time. */
export function viewsOf(recipients: readonly Recipient[]): View[] {
  const views = new Map<string, View & { recipients: Recipient[] }>();
  const known = new Set<string>();
  for (const recipient of recipients) {
    const key = recipientKey(recipient.address);
    if (known.has(key)) continue;
    known.add(key);
    const accounts = recipient.accounts && [...new Set(recipient.accounts)].sort(compare);
    const name = accounts === undefined ? "all" : viewName(accounts);
    const view = views.get(name) ?? { name, ...(accounts !== undefined && { accounts }), recipients: [] };
    view.recipients.push(recipient);
    views.set(name, view);
  }
  return [...views.values()].sort((a, b) => Number(b.name === "all") - Number(a.name === "all"));
}

/** By what a recipient is known: the address alone, in lower case. */
export function recipientKey(address: string): string {
  return bareAddress(address).toLowerCase();
}

function viewName(accounts: readonly string[]): string {
  if (accounts.length === 1) return `account-${accounts[0]?.replace(/\W/g, "")}`;
  return `accounts-${createHash("sha256").update(accounts.join(",")).digest("hex").slice(0, 12)}`;
}
