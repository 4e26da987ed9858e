/** The policies that a guardrail becomes: one while it fits, else as many as it takes. */
import { createHash } from "node:crypto";
import type { Guardrail } from "./args";
import { deniedActions, type DenyStatement, leaving, protectedRoles, regions, services, types } from "./statements";
import { TYPED_SERVICES } from "./types";

/**
 * Most characters of a service control policy, and most policies on one target, since May 2026:
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html
 */
export const MAXIMUM_POLICY_CHARACTERS = 10_240;
export const MAXIMUM_POLICIES_ON_TARGET = 10;

export interface GuardrailPolicy {
  /** What is in it, as part of its name: `all`, or one of the parts. */
  readonly part: string;
  /** Minified JSON. */
  readonly content: string;
}

/** A part that is too large and cannot be cut any further. */
export interface Oversize {
  /** The setting that makes it so large. */
  readonly property: keyof Guardrail;
  readonly characters: number;
}

interface Part {
  readonly name: string;
  readonly property: keyof Guardrail;
  readonly statements: readonly DenyStatement[];
  /** Smaller parts that mean the same together; undefined where there are none. */
  readonly cut?: () => readonly Part[];
}

/**
 * A request is denied when any statement of any policy denies it. So statements may be spread over policies, and the
 * actions of a statement over statements; but not what a condition allows: each half would deny the other one's.
 *
 * What is cut where depends on nothing but the settings: into kinds of settings, then denied actions by the bits of
 * their hashes, and only where a part is too large. So one more region, family or denied action changes one policy at
 * most; where that one becomes too large, it is replaced by its parts, and all others stay. A protected role is in
 * every statement, and changes all.
 */
export function policiesOf(
  guardrail: Guardrail,
  limit = MAXIMUM_POLICY_CHARACTERS,
): { policies: GuardrailPolicy[]; oversize: Oversize[] } {
  const policies: GuardrailPolicy[] = [];
  const oversize = new Map<keyof Guardrail, number>();
  const place = ({ name, property, statements, cut }: Part): void => {
    if (statements.length === 0) return;
    const content = JSON.stringify({ Version: "2012-10-17", Statement: statements });
    if (content.length <= limit) policies.push({ part: name, content });
    else if (cut !== undefined) cut().forEach(place);
    else oversize.set(property, Math.max(content.length, oversize.get(property) ?? 0));
  };
  place(whole(guardrail));
  return { policies, oversize: [...oversize].map(([property, characters]) => ({ property, characters })) };
}

function whole(guardrail: Guardrail): Part {
  const limits = regions(guardrail);
  const parts: Part[] = [
    {
      name: "roles",
      property: "protectedRoles",
      statements: [...leaving(guardrail), ...protectedRoles(guardrail)],
    },
    { name: "regions", property: "regions", statements: limits, cut: () => one("regions", "regions", limits) },
    ...TYPED_SERVICES.map((service): Part => {
      const statements = types(guardrail, service);
      return { name: service, property: service, statements, cut: () => one(service, service, statements) };
    }),
    denied(guardrail, "services", deniedActions(guardrail), 0),
  ];
  return {
    name: "all",
    property: "deniedServices",
    statements: parts.flatMap(({ statements }) => statements),
    cut: () => parts,
  };
}

/** Each statement by itself. */
function one(name: string, property: keyof Guardrail, statements: readonly DenyStatement[]): Part[] {
  return statements.map((statement) => ({
    name: `${name}-${statement.Sid.toLowerCase()}`,
    property,
    statements: [statement],
  }));
}

/** Denied actions; cut in two by the next bit of their hashes, as in extendible hashing. */
function denied(guardrail: Guardrail, name: string, actions: readonly string[], depth: number): Part {
  const half = (bit: 0 | 1): Part => {
    const own = actions.filter((action) => hashBit(action, depth) === bit);
    return denied(guardrail, depth === 0 ? `${name}-${bit}` : `${name}${bit}`, own, depth + 1);
  };
  return {
    name,
    property: "deniedServices",
    statements: services(guardrail, actions),
    ...(actions.length > 1 ? { cut: () => [half(0), half(1)] } : {}),
  };
}

function hashBit(text: string, index: number): 0 | 1 {
  const byte = createHash("sha256").update(text).digest()[index >> 3] ?? 0;
  return ((byte >> (7 - (index % 8))) & 1) === 1 ? 1 : 0;
}
