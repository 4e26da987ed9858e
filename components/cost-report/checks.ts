/** What arguments of CostReport have to keep besides their declaration. */
import { ArgumentChecks, type Rule } from "../internal/argument-checks";
import { plainDomainName } from "../internal/domain-name";
import { nearestName } from "../internal/nearest-name";
import { domainOf } from "./addresses";
import type { CostReportArgs, ReportSender } from "./args";
import { SCHEMA } from "./args.schema";
import { FORMATS } from "./formats";
import { checkRecordTypes, checkSubject } from "./names";

/** Everything that is wrong with the arguments; the stack configuration asks for it before anything is deployed. */
export function checkCostReport(args: CostReportArgs): ArgumentChecks {
  const rules = [
    checkRecipients,
    checkRecipientAccounts,
    checkSenderZone,
    checkSubject,
    checkRecordTypes,
    checkOwnerTag,
    checkBands,
  ];
  return new ArgumentChecks().declared({ schema: SCHEMA, formats: FORMATS }, args, rules);
}

const checkRecipients: Rule<CostReportArgs> = (checks, { recipients }) => {
  const advice = { allowed: "each address once", fix: "Merge the two entries." };
  checks.unique("recipients", recipients, "address", advice, (address) => address.toLowerCase());
};

const checkRecipientAccounts: Rule<CostReportArgs> = (checks, { recipients, accounts }) => {
  const reported = accounts !== undefined && "include" in accounts ? accounts.include : undefined;
  const hidden = accounts !== undefined && "exclude" in accounts ? accounts.exclude : [];
  checks.each(recipients, (recipient, i) =>
    checks.each(recipient.accounts, (id, j) => {
      const path = `recipients[${i}].accounts[${j}]`;
      if (!checks.isRight(path)) return;
      const isReported = (reported === undefined || reported.includes(id)) && !hidden.includes(id);
      const near = hidden.includes(id) ? undefined : nearestName(id, reported ?? []);
      checks.require(isReported, {
        path,
        received: id,
        allowed: "accounts that the report is about",
        fix: `${near === undefined ? "" : `Did you mean "${near}"? `}Add the account to accounts.include, take it out of accounts.exclude, or remove it here.`,
      });
    }),
  );
};

const checkSenderZone: Rule<CostReportArgs> = (checks, { sender }) => checkZoneOf("sender", sender, checks);

/** A sender whose domain is verified is in the zone that its records are made in. */
export function checkZoneOf(at: string, { address, verification }: ReportSender, checks: ArgumentChecks): void {
  if (verification?.kind !== "domain" || !("name" in verification.hostedZone)) return;
  const { name } = verification.hostedZone;
  const path = `${at}.verification.hostedZone.name`;
  const [zone, domain] = [plainDomainName(name), plainDomainName(domainOf(address))];
  checks.require(!checks.isRight(path) || domain === zone || domain.endsWith(`.${zone}`), {
    path,
    received: name,
    allowed: `a zone that ${domain} belongs to`,
    fix: "Give the public hosted zone of the sender's domain, or another sender.",
  });
}

const checkOwnerTag: Rule<CostReportArgs> = (checks, { ownerTag, lookUpNames }) => {
  checks.require(ownerTag === undefined || lookUpNames !== false, {
    path: "ownerTag",
    received: ownerTag,
    allowed: "nothing while lookUpNames is false: owners are in AWS Organizations, too",
    fix: "Remove one of the two, or give owners in knownAccounts.",
  });
};

const checkBands: Rule<CostReportArgs> = (checks, { bands = [] }) => {
  const isAscending = !bands.some((limit, i) => limit <= (bands[i - 1] ?? -Infinity));
  checks.require(isAscending, {
    path: "bands",
    received: bands,
    allowed: "four percentages, each above the one before",
    fix: "For example [2, 5, 10, 15].",
  });
};
