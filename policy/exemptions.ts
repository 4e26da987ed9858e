/** Where a rule does not hold, and why. */
import type { ComponentExemption } from "../components/internal/exemptions";
import { NEXTJS_SITE_EXEMPTIONS } from "../components/nextjs-site/exemptions";
import { WAVELENGTH_DNS_EXEMPTIONS } from "../components/wavelength-dns/exemptions";
import { WIDGET_API_EXEMPTIONS } from "../components/widget-api/exemptions";
import type { Subject } from "./rule";
import { matches } from "./values";

export type { ComponentExemption };

/** An exemption of some resources, given by the stack configuration. */
export interface Exemption {
  /** Id of the rule. @format rule */
  readonly rule: string;
  /** Name or URN of the resource; `*` stands for any characters. @format resource */
  readonly resource: string;
  /** Why it is right here; shown by every preview. @format reason */
  readonly reason: string;
}

/** Exemptions that components declare. Each one belongs to one rule and one type of resource. */
export const COMPONENT_EXEMPTIONS: readonly ComponentExemption[] = [
  ...NEXTJS_SITE_EXEMPTIONS,
  ...WAVELENGTH_DNS_EXEMPTIONS,
  ...WIDGET_API_EXEMPTIONS,
];

/** The types of a resource's components, outermost first; a URN holds them before the resource's own. */
function componentsOf(urn: string): string[] {
  const [, , types = ""] = urn.split("::");
  return types.split("$").slice(0, -1);
}

function covers(exemption: Exemption | ComponentExemption, { type, name, urn }: Subject): boolean {
  if ("component" in exemption) return exemption.type === type && componentsOf(urn).includes(exemption.component);
  return matches(exemption.resource, name) || matches(exemption.resource, urn);
}

/** The exemption of a resource from a rule, if there is one; what the stack says comes first. */
export function exemptionOf(
  rule: string,
  subject: Subject,
  configured: readonly Exemption[],
  ofComponents: readonly ComponentExemption[] = COMPONENT_EXEMPTIONS,
): Exemption | ComponentExemption | undefined {
  return [...configured, ...ofComponents].find((exemption) => exemption.rule === rule && covers(exemption, subject));
}
