/** All rules, in the order in which they are listed. */
import type { Rule } from "./rule";
import { REMEDIATIONS } from "./remediations";
import { asynchronousRules } from "./rules/asynchronous";
import { computeRules } from "./rules/compute";
import { durabilityRules } from "./rules/durability";
import { edgeRules } from "./rules/edge";
import { encryptionRules } from "./rules/encryption";
import { exposureRules } from "./rules/exposure";
import { governanceRules } from "./rules/governance";
import { identityRules } from "./rules/identities";
import { networkRules } from "./rules/network";
import { observabilityRules } from "./rules/observability";
import { permissionRules } from "./rules/permissions";
import { secretRules } from "./rules/secrets";
import { sharingRules } from "./rules/sharing";

export { REMEDIATIONS };

export const RULES: readonly Rule[] = [
  ...computeRules,
  ...observabilityRules,
  ...asynchronousRules,
  ...encryptionRules,
  ...exposureRules,
  ...edgeRules,
  ...sharingRules,
  ...secretRules,
  ...permissionRules,
  ...identityRules,
  ...networkRules,
  ...durabilityRules,
  ...governanceRules,
];

export const RULE_IDS: readonly string[] = RULES.map(({ id }) => id);
export const REMEDIATION_IDS: readonly string[] = REMEDIATIONS.map(({ id }) => id);
