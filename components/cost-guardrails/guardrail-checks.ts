/** What can be wrong with service control policies. */
import type { ArgumentChecks, Rule } from "../internal/argument-checks";
import { bareId } from "../internal/aws-id";
import { nearest } from "../internal/nearest-name";
import { partitionOf } from "../internal/partitions";
import type { CostGuardrailsArgs, Guardrail, TypeLimits } from "./args";
import { DEFAULTS } from "./args.schema";
import { MAXIMUM_POLICIES_ON_TARGET, MAXIMUM_POLICY_CHARACTERS, type Oversize, policiesOf } from "./policies";
import { neededBecause } from "./service-rules";
import {
  isGraviton,
  knownSizes,
  offeredFamilies,
  offeredSizes,
  sizesOf,
  TYPED_SERVICES,
  type TypedService,
} from "./types";

/** What a service calls its types, for messages. */
const NOUNS: Readonly<Record<TypedService, string>> = {
  instances: "an instance",
  databases: "a database",
  caches: "a cache",
};

/** Families that a service has; in front of them `db.` and `cache.` are left out. */
function checkFamily(checks: ArgumentChecks, service: TypedService, path: string, family: string): void {
  const offered = offeredFamilies(service);
  checks.require(offered.includes(family), {
    path,
    received: family,
    allowed: `${NOUNS[service]} family such as m7g`,
    fix: `${nearest(family, offered)} What is newer than this list belongs into otherFamilies.`,
  });
}

function checkSize(checks: ArgumentChecks, service: TypedService, path: string, size: string): void {
  const offered = offeredSizes(service);
  const allowed = `${NOUNS[service]} size such as large`;
  checks.require(offered.includes(size), { path, received: size, allowed, fix: nearest(size, offered) });
}

export const checkGuardrails: Rule<CostGuardrailsArgs> = (checks, { guardrails = [] }) => {
  const advice = {
    allowed: "a name that no guardrail before has",
    fix: "Rename it; resource names are built from it.",
  };
  checks.unique("guardrails", guardrails, "name", advice);
  checks.each(guardrails, (guardrail, i) => {
    const at = `guardrails[${i}]`;
    checks.rule(() => checkTargets(checks, `${at}.targets`, guardrail.targets));
    checks.rule(() => checkRegions(checks, at, guardrail));
    for (const service of TYPED_SERVICES) checks.rule(() => checkTypes(checks, at, guardrail, service));
    checks.each(guardrail.deniedServices, (name, j) => checkDenied(checks, `${at}.deniedServices[${j}]`, name));
  });
};

/** Each once, whether by its id or by its ARN. */
function checkTargets(checks: ArgumentChecks, at: string, targets: readonly string[]): void {
  const ids = targets.map(bareId);
  ids.forEach((id, i) =>
    checks.require(ids.indexOf(id) === i, {
      path: `${at}[${i}]`,
      received: targets[i],
      allowed: "an entry that is not in the list before",
      fix: "Remove one of the two.",
    }),
  );
}

function checkDenied(checks: ArgumentChecks, path: string, name: string): void {
  const reason = checks.isRight(path) ? neededBecause(name) : undefined;
  checks.require(reason === undefined, {
    path,
    received: name,
    allowed: "services and actions without which accounts can still be put right",
    fix: `${reason}. Deny single actions of it, or remove it.`,
  });
}

function checkRegions(checks: ArgumentChecks, at: string, guardrail: Guardrail): void {
  const { regions, globalActions, inferenceProfiles, withoutUsEast1 = false } = guardrail;
  checks.require(regions !== undefined || globalActions === undefined, {
    path: `${at}.globalActions`,
    received: globalActions,
    allowed: "nothing without regions",
    fix: "Without regions every action may be used everywhere: remove it, or add regions.",
  });
  checks.require(regions !== undefined || inferenceProfiles === undefined, {
    path: `${at}.inferenceProfiles`,
    received: inferenceProfiles,
    allowed: "nothing without regions",
    fix: "Without regions every profile may be used: remove it, or add regions.",
  });
  if (regions === undefined) return;
  const partitions = new Set(regions.flatMap((region) => partitionOf(region)?.id ?? []));
  checks.require(partitions.size <= 1, {
    path: `${at}.regions`,
    received: regions,
    allowed: "regions of one partition of AWS",
    fix: "An organization has accounts of one partition only: remove the regions of others.",
  });
  // A misspelt region may be the one that is missed.
  const isLeftOut = checks.isSound(`${at}.regions`) && partitions.has("aws") && !regions.includes("us-east-1");
  checks.require(withoutUsEast1 || !isLeftOut, {
    path: `${at}.regions`,
    received: regions,
    allowed: "us-east-1 among others, unless withoutUsEast1 is true",
    fix: "CloudFront's functions and logs, billing's metrics and global services' events are there: add us-east-1, or say withoutUsEast1: true.",
  });
}

function checkTypes(checks: ArgumentChecks, at: string, guardrail: Guardrail, service: TypedService): void {
  const limits = guardrail[service];
  if (limits === undefined) return;
  const { families, sizes, otherFamilies } = limits;
  const path = `${at}.${service}`;
  checks.each(families, (family, i) => checkFamily(checks, service, `${path}.families[${i}]`, family));
  checks.each(sizes, (size, i) => checkSize(checks, service, `${path}.sizes[${i}]`, size));
  if (service === "instances") checkCombinations(checks, path, limits);
  checks.require(families !== undefined || sizes !== undefined || guardrail.gravitonOnly === true, {
    path,
    received: limits,
    allowed: "families, sizes or both, unless gravitonOnly is true",
    fix: "Say what is allowed, or remove it.",
  });
  checks.require(otherFamilies === undefined || families !== undefined || guardrail.gravitonOnly === true, {
    path: `${path}.otherFamilies`,
    received: otherFamilies,
    allowed: "nothing without families, unless gravitonOnly is true",
    fix: "Without either all families may be used: add families, or remove it.",
  });
  if (guardrail.gravitonOnly !== true) return;
  for (const [key, list] of Object.entries({ families, otherFamilies })) {
    checks.each(list, (family, i) => {
      checks.require(isGraviton(family), {
        path: `${path}.${key}[${i}]`,
        received: family,
        allowed: "a family with Graviton processors, since gravitonOnly is true",
        fix: "Remove it, choose the family with a g after its number (m7g), or set gravitonOnly to false.",
      });
    });
  }
}

/** A family none of whose sizes is listed could not be used at all. */
function checkCombinations(checks: ArgumentChecks, path: string, { families, sizes }: TypeLimits): void {
  if (sizes === undefined || !sizes.every((size) => knownSizes().includes(size))) return;
  families?.forEach((family, i) => {
    const own = sizesOf(family);
    checks.require(own === undefined || own.some((size) => sizes.includes(size)), {
      path: `${path}.families[${i}]`,
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

export const checkSizes: Rule<CostGuardrailsArgs> = (checks, args) => {
  // What is wrong already has no size worth reporting.
  if (!checks.isSound("guardrails") || !checks.isSound("otherPolicies")) return;
  const { guardrails = [], otherPolicies = DEFAULTS.CostGuardrailsArgs.otherPolicies } = args;
  const attached = new Map<string, number>();
  guardrails.forEach((guardrail, i) => {
    const { policies, oversize } = policiesOf(guardrail);
    for (const part of oversize) {
      checks.require(false, { path: `guardrails[${i}].${part.property}`, ...uncut(part) });
    }
    guardrail.targets.forEach((target, j) => {
      const before = attached.get(target) ?? otherPolicies;
      const after = before + policies.length;
      attached.set(target, after);
      // Reported where the limit is passed, not again for each guardrail after that.
      checks.require(before > MAXIMUM_POLICIES_ON_TARGET || after <= MAXIMUM_POLICIES_ON_TARGET, {
        path: `guardrails[${i}].targets[${j}]`,
        received: target,
        allowed: `at most ${MAXIMUM_POLICIES_ON_TARGET} policies on a target, AWS's limit; here are ${after}, ${otherPolicies} others among them`,
        fix: "Merge guardrails of the target, shorten their lists, or attach some to the unit above it.",
      });
    });
  });
};
