/** Names out of lists: Cost Explorer and SES ignore some that they do not know, so that a slip would go unnoticed. */
import { placeholdersIn, hasPairedBraces, PLACEHOLDERS } from "../../handlers/cost-report/subject";
import type { Rule } from "../internal/argument-checks";
import { nearestName } from "../internal/nearest-name";
import type { CostReportArgs } from "./args";
import { RECORD_TYPES } from "./record-types";

export const checkRecordTypes: Rule<CostReportArgs> = (checks, { recordTypes, otherRecordTypes: others = [] }) => {
  if (recordTypes === undefined) return;
  const [key, names] = "include" in recordTypes ? ["include", recordTypes.include] : ["exclude", recordTypes.exclude];
  const known = [...RECORD_TYPES, ...others];
  checks.each(names, (name, i) => {
    const near = nearestName(name, known);
    checks.require(known.includes(name), {
      path: `recordTypes.${key}[${i}]`,
      received: name,
      allowed: known.join(", "),
      fix:
        (near === undefined ? "" : `Did you mean "${near}"? `) +
        "Cost Explorer ignores names that it does not know; one that is newer than this list belongs into " +
        "otherRecordTypes as well.",
    });
  });
};

export const checkSubject: Rule<CostReportArgs> = (checks, { subject }) => {
  if (subject === undefined) return;
  const allowed = `1 to 200 characters in one line, with any of ${PLACEHOLDERS.map((name) => `{${name}}`).join(", ")}`;
  const fault = { path: "subject", received: subject, allowed };
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
};
