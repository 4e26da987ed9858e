/** What arguments of InspectorScanning have to keep besides their declaration. */
import { ArgumentChecks, type Rule } from "../internal/argument-checks";
import { checkZoneOf } from "../cost-report/checks";
import type { InspectorScanningArgs, ScannedType } from "./args";
import { SCHEMA } from "./args.schema";
import { FORMATS } from "./formats";

/** Everything that is wrong with the arguments; the stack configuration asks for it before anything is deployed. */
export function checkInspectorScanning(
  args: InspectorScanningArgs,
  ...more: Rule<InspectorScanningArgs>[]
): ArgumentChecks {
  const rules = [checkCodeScans, checkManagement, checkSuppressions, checkMail, ...more];
  return new ArgumentChecks().declared({ schema: SCHEMA, formats: FORMATS }, args, rules);
}

const checkCodeScans: Rule<InspectorScanningArgs> = (checks, { resourceTypes, organization }) => {
  const check = (path: string, types: readonly ScannedType[] | undefined): void =>
    void checks.require(types === undefined || !types.includes("LAMBDA_CODE") || types.includes("LAMBDA"), {
      path,
      received: types,
      allowed: "LAMBDA_CODE only together with LAMBDA",
      fix: "Add LAMBDA: Inspector scans the code of functions only where it scans their dependencies.",
    });
  check("resourceTypes", resourceTypes);
  if (organization?.role === "administrator") check("organization.autoEnable", organization.autoEnable);
};

const checkManagement: Rule<InspectorScanningArgs> = (checks, { organization, ...others }) => {
  if (organization?.role !== "management") return;
  for (const [path, received] of Object.entries(others)) {
    checks.require(received === undefined, {
      path,
      received,
      allowed: "nothing where organization.role is management",
      fix: "Give it in the delegated administrator's account, which gets the findings of all.",
    });
  }
};

const checkSuppressions: Rule<InspectorScanningArgs> = (checks, { suppressions }) => {
  const advice = { allowed: "a name that no suppression before has", fix: "Rename it." };
  checks.unique("suppressions", suppressions, "name", advice);
  checks.each(suppressions, ({ match }, i) =>
    checks.require(
      Object.values(match).some((values: unknown) => values !== undefined),
      {
        path: `suppressions[${i}].match`,
        received: match,
        allowed: "at least one list",
        fix: "Say which findings: without any list it would be all of them.",
      },
    ),
  );
};

const checkMail: Rule<InspectorScanningArgs> = (checks, { mail }) => {
  if (mail === undefined) return;
  const advice = { allowed: "each address once", fix: "Take one out." };
  const seen = new Set<string>();
  checks.each(mail.recipients, (address, i) => {
    const normal = address.toLowerCase();
    checks.require(!seen.has(normal), { path: `mail.recipients[${i}]`, received: address, ...advice });
    seen.add(normal);
  });
  checks.rule(() => checkZoneOf("mail.sender", mail.sender, checks));
};
