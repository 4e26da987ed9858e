/** What can be wrong with service control policies. */
import type { ArgumentChecks } from "../internal/argument-errors";
import { bareId } from "../internal/aws-id";
import { nearest } from "../internal/nearest-name";
import { partitionOf, regionFix } from "../internal/partitions";
import {
  type CostGuardrailsArgs,
  DEFAULT_OTHER_POLICIES,
  type Guardrail,
  INFERENCE_PROFILES,
  type TypeLimits,
} from "./args";
import { checkEntries, checkNames, type EntryRule, oneOf } from "./list-checks";
import { MAXIMUM_POLICIES_ON_TARGET, MAXIMUM_POLICY_CHARACTERS, type Oversize, policiesOf } from "./policies";
import { isRolePattern, roleFix } from "./roles";
import { ACTION, neededBecause, SERVICE } from "./service-rules";
import {
  isGraviton,
  knownSizes,
  offeredFamilies,
  offeredSizes,
  sizesOf,
  TYPED_SERVICES,
  type TypedService,
} from "./types";
import { isUnitPath } from "./units";

/** https://docs.aws.amazon.com/organizations/latest/APIReference/API_AttachPolicy.html */
const TARGET: EntryRule = {
  test: (target) => /^(r-[0-9a-z]{4,32}|ou-[0-9a-z]{4,32}-[0-9a-z]{8,32}|\d{12})$/.test(target) || isUnitPath(target),
  allowed: "an organizational unit (/Workloads/Web or ou-abcd-12345678), a member account (12 digits) or the root (/)",
  fix: "Write the unit's path from the root, or copy the id from the organization's tree; quote account ids.",
};

const ROLE: EntryRule = {
  test: isRolePattern,
  allowed: "a role's name, such as aws-patterns-deployer, with its path and with wildcards where needed",
  fix: roleFix,
};

const REGION: EntryRule = {
  test: (region) => partitionOf(region) !== undefined,
  allowed: "an AWS region such as eu-west-1",
  fix: regionFix,
};

/** What a service calls its types, for messages. */
const NOUNS: Readonly<Record<TypedService, string>> = {
  instances: "an instance",
  databases: "a database",
  caches: "a cache",
};

function sizeRule(service: TypedService): EntryRule {
  return {
    test: (size) => offeredSizes(service).includes(size),
    allowed: `${NOUNS[service]} size such as large`,
    fix: (size) => nearest(size, offeredSizes(service)),
  };
}

/** Families that a service has; in front of them `db.` and `cache.` are left out. */
function familyRule(service: TypedService): EntryRule {
  return {
    test: (family) => offeredFamilies(service).includes(family),
    allowed: `${NOUNS[service]} family such as m7g`,
    fix: (family) =>
      `${nearest(family, offeredFamilies(service))} What is newer than this list belongs into otherFamilies.`,
  };
}

const OTHER_FAMILY: EntryRule = {
  test: (family) => /^[a-z][a-z0-9-]*$/.test(family),
  allowed: "an instance family such as m7g",
  fix: "Give the part of the type before its point.",
};

export function checkGuardrails(checks: ArgumentChecks, args: CostGuardrailsArgs): void {
  const { guardrails = [], otherPolicies } = args;
  const before = checks.count();
  const names = guardrails.map(({ name }) => name);
  checkNames(checks, "guardrails", names, 20);
  checks.wholeNumber("otherPolicies", otherPolicies, 0, MAXIMUM_POLICIES_ON_TARGET - 1, "policies");
  guardrails.forEach((guardrail, i) => checkGuardrail(checks, `guardrails[${i}]`, guardrail));
  // What is wrong already has no size worth telling.
  if (checks.count() === before) checkSizes(checks, args);
}

function checkGuardrail(checks: ArgumentChecks, at: string, guardrail: Guardrail): void {
  checkEntries(checks, `${at}.targets`, guardrail.targets.map(bareId), TARGET);
  checkEntries(checks, `${at}.protectedRoles`, guardrail.protectedRoles, ROLE);
  checkRegions(checks, at, guardrail);
  for (const service of TYPED_SERVICES) checkTypes(checks, at, guardrail, service);
  checkDenied(checks, `${at}.deniedServices`, guardrail.deniedServices);
}

function checkDenied(checks: ArgumentChecks, property: string, names: readonly string[] | undefined): void {
  checkEntries(checks, property, names, SERVICE, 0);
  names?.forEach((name, i) => {
    const reason = SERVICE.test(name) ? neededBecause(name) : undefined;
    checks.require(reason === undefined, {
      property: `${property}[${i}]`,
      received: name,
      allowed: "services and actions without which accounts can still be put right",
      fix: `${reason}. Deny single actions of it, or remove it.`,
    });
  });
}

function checkRegions(checks: ArgumentChecks, at: string, guardrail: Guardrail): void {
  const { regions, globalActions, inferenceProfiles, withoutUsEast1 = false } = guardrail;
  checkEntries(checks, `${at}.regions`, regions, REGION);
  checkEntries(checks, `${at}.globalActions`, globalActions, ACTION, 0);
  checks.require(regions !== undefined || globalActions === undefined, {
    property: `${at}.globalActions`,
    received: globalActions,
    allowed: "nothing without regions",
    fix: "Without regions every action may be used everywhere: remove it, or add regions.",
  });
  checkEntries(checks, `${at}.inferenceProfiles`, inferenceProfiles, oneOf(INFERENCE_PROFILES), 0);
  checks.require(regions !== undefined || inferenceProfiles === undefined, {
    property: `${at}.inferenceProfiles`,
    received: inferenceProfiles,
    allowed: "nothing without regions",
    fix: "Without regions every profile may be used: remove it, or add regions.",
  });
  if (regions === undefined) return;
  const partitions = new Set(regions.flatMap((region) => partitionOf(region)?.id ?? []));
  checks.require(partitions.size <= 1, {
    property: `${at}.regions`,
    received: regions,
    allowed: "regions of one partition of AWS",
    fix: "An organization has accounts of one partition only: remove the regions of others.",
  });
  // A misspelt region may be the one that is missed.
  const isLeftOut = regions.every(REGION.test) && partitions.has("aws") && !regions.includes("us-east-1");
  checks.require(withoutUsEast1 || !isLeftOut, {
    property: `${at}.regions`,
    received: regions,
    allowed: "us-east-1 among others, unless withoutUsEast1 is true",
    fix: "CloudFront's functions and logs, billing's metrics and global services' events are there: add us-east-1, or say withoutUsEast1: true.",
  });
}

function checkTypes(checks: ArgumentChecks, at: string, guardrail: Guardrail, service: TypedService): void {
  const limits = guardrail[service];
  if (limits === undefined) return;
  const { families, sizes, otherFamilies } = limits;
  const property = `${at}.${service}`;
  checkEntries(checks, `${property}.families`, families, familyRule(service));
  checkEntries(checks, `${property}.sizes`, sizes, sizeRule(service));
  if (service === "instances") checkCombinations(checks, property, limits);
  checkEntries(checks, `${property}.otherFamilies`, otherFamilies, OTHER_FAMILY, 0);
  checks.require(families !== undefined || sizes !== undefined || guardrail.gravitonOnly === true, {
    property,
    received: limits,
    allowed: "families, sizes or both, unless gravitonOnly is true",
    fix: "Say what is allowed, or remove it.",
  });
  checks.require(otherFamilies === undefined || families !== undefined || guardrail.gravitonOnly === true, {
    property: `${property}.otherFamilies`,
    received: otherFamilies,
    allowed: "nothing without families, unless gravitonOnly is true",
    fix: "Without either all families may be used: add families, or remove it.",
  });
  if (guardrail.gravitonOnly !== true) return;
  for (const [key, list] of Object.entries({ families, otherFamilies })) {
    list?.forEach((family, i) => {
      checks.require(isGraviton(family), {
        property: `${property}.${key}[${i}]`,
        received: family,
        allowed: "a family with Graviton processors, since gravitonOnly is true",
        fix: "Remove it, choose the family with a g after its number (m7g), or set gravitonOnly to false.",
      });
    });
  }
}

/** A family none of whose sizes is listed could not be used at all. */
function checkCombinations(checks: ArgumentChecks, property: string, { families, sizes }: TypeLimits): void {
  if (sizes === undefined || !sizes.every((size) => knownSizes().includes(size))) return;
  families?.forEach((family, i) => {
    const own = sizesOf(family);
    checks.require(own === undefined || own.some((size) => sizes.includes(size)), {
      property: `${property}.families[${i}]`,
      received: family,
      allowed: "a family that has one of the sizes",
      fix: `${family} has ${own?.join(", ") ?? "none"}: add one of them to sizes, or remove the family.`,
    });
  });
}

/** Why a part cannot be cut, by the setting that it is made of. */
function uncut({ property, characters }: Oversize): { received: number; allowed: string; fix: string } {
  return {
    received: characters,
    allowed: `at most ${MAXIMUM_POLICY_CHARACTERS} characters of minified JSON, AWS's limit for a service control policy`,
    fix:
      property === "regions" || TYPED_SERVICES.some((service) => service === property)
        ? "A list of what is allowed cannot be split, since each half would deny the other: shorten it, or protectedRoles."
        : "Shorten protectedRoles, which are part of every statement: use wildcards.",
  };
}

function checkSizes(checks: ArgumentChecks, args: CostGuardrailsArgs): void {
  const { guardrails = [], otherPolicies = DEFAULT_OTHER_POLICIES } = args;
  const attached = new Map<string, number>();
  guardrails.forEach((guardrail, i) => {
    const { policies, oversize } = policiesOf(guardrail);
    for (const part of oversize) {
      checks.require(false, { property: `guardrails[${i}].${part.property}`, ...uncut(part) });
    }
    guardrail.targets.forEach((target, j) => {
      const before = attached.get(target) ?? otherPolicies;
      const after = before + policies.length;
      attached.set(target, after);
      // Told where the limit is passed, not again for each guardrail after that.
      checks.require(before > MAXIMUM_POLICIES_ON_TARGET || after <= MAXIMUM_POLICIES_ON_TARGET, {
        property: `guardrails[${i}].targets[${j}]`,
        received: target,
        allowed: `at most ${MAXIMUM_POLICIES_ON_TARGET} policies on a target, AWS's limit; here are ${after}, ${otherPolicies} others among them`,
        fix: "Merge guardrails of the target, shorten their lists, or attach some to the unit above it.",
      });
    });
  });
}
