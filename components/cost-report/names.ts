/** Names out of lists: Cost Explorer and SES ignore some that they do not know, so that a slip would go unnoticed. */
import { placeholdersIn, hasPairedBraces, PLACEHOLDERS } from "../../handlers/cost-report/subject";
import type { ArgumentChecks } from "../internal/argument-errors";
import { nearest, nearestName } from "../internal/nearest-name";
import type { Choice, CostReportArgs } from "./args";
import { RECORD_TYPES } from "./record-types";

type Closed<Name extends string> = Readonly<Record<Name, true>>;

/** Complete, or it does not compile. */
const METRICS: Closed<NonNullable<CostReportArgs["metric"]>> = {
  UnblendedCost: true,
  BlendedCost: true,
  AmortizedCost: true,
  NetUnblendedCost: true,
  NetAmortizedCost: true,
};
const MONTH_QUERIES: Closed<NonNullable<CostReportArgs["monthQuery"]>> = { auto: true, shared: true, separate: true };
type Verification = NonNullable<CostReportArgs["sender"]["verification"]>;
const VERIFICATIONS: Closed<Verification["kind"]> = { link: true, domain: true, existing: true };
const IDENTITIES: Closed<Extract<Verification, { kind: "existing" }>["identity"]> = { address: true, domain: true };

/** The names of a choice, and what they are the value of. */
export function choiceOf(property: string, choice: Choice): [property: string, names: string[]] {
  return "include" in choice ? [`${property}.include`, choice.include] : [`${property}.exclude`, choice.exclude];
}

export function checkNames(checks: ArgumentChecks, args: CostReportArgs): void {
  const { verification } = args.sender;
  oneOf(checks, "sender.verification.kind", verification?.kind, Object.keys(VERIFICATIONS));
  if (verification?.kind === "existing") {
    oneOf(checks, "sender.verification.identity", verification.identity, Object.keys(IDENTITIES));
  }
  oneOf(checks, "metric", args.metric, Object.keys(METRICS));
  oneOf(checks, "monthQuery", args.monthQuery, Object.keys(MONTH_QUERIES));
  checkRecordTypes(checks, args);
  checkSubject(checks, args.subject);
}

/** Undefined means that the default holds. */
function oneOf(checks: ArgumentChecks, property: string, name: string | undefined, known: readonly string[]): void {
  checks.require(name === undefined || known.includes(name), {
    property,
    received: name,
    allowed: known.join(", "),
    fix: nearest(name ?? "", known),
  });
}

function checkRecordTypes(
  checks: ArgumentChecks,
  { recordTypes, otherRecordTypes: others = [] }: CostReportArgs,
): void {
  checks.require(new Set(others).size === others.length && others.every((name) => /\S/.test(name)), {
    property: "otherRecordTypes",
    received: others,
    allowed: "record types as Cost Explorer names them, each once",
    fix: "Take out what is empty or double.",
  });
  if (recordTypes === undefined) return;
  const [property, names] = choiceOf("recordTypes", recordTypes);
  checks.require(names.length > 0 && new Set(names).size === names.length, {
    property,
    received: names,
    allowed: "record types as Cost Explorer names them, at least one, each once",
    fix: "Name some, such as Credit and Refund, or leave recordTypes out.",
  });
  const known = [...RECORD_TYPES, ...others];
  for (const name of names) {
    const near = nearestName(name, known);
    checks.require(known.includes(name), {
      property,
      received: name,
      allowed: known.join(", "),
      fix:
        (near === undefined ? "" : `Did you mean "${near}"? `) +
        "Cost Explorer ignores names that it does not know; one that is newer than this list belongs into " +
        "otherRecordTypes as well.",
    });
  }
}

function checkSubject(checks: ArgumentChecks, subject: string | undefined): void {
  if (subject === undefined) return;
  const allowed = `1 to 200 characters in one line, with any of ${PLACEHOLDERS.map((name) => `{${name}}`).join(", ")}`;
  const fault = { property: "subject", received: subject, allowed };
  checks.require(/^[^\p{Cc}\p{Zl}\p{Zp}]{1,200}$/u.test(subject) && /\S/.test(subject), {
    ...fault,
    fix: "Shorten or simplify the subject.",
  });
  checks.require(hasPairedBraces(subject), { ...fault, fix: "Write braces around names of placeholders only." });
  for (const name of placeholdersIn(subject)) {
    const near = nearestName(name, PLACEHOLDERS);
    checks.require(
      PLACEHOLDERS.some((known) => known === name),
      {
        ...fault,
        fix: near === undefined ? `Take {${name}} out.` : `Did you mean {${near}} in place of {${name}}?`,
      },
    );
  }
}
