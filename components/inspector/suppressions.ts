import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Suppression, SuppressionMatch } from "./args";

/** The members of Inspector's FilterCriteria that take texts, by our names. */
const CRITERIA = {
  vulnerabilityIds: "vulnerabilityIds",
  resourceIds: "resourceIds",
  lambdaFunctionNames: "lambdaFunctionNames",
  ecrRepositoryNames: "ecrImageRepositoryNames",
  severities: "severities",
  accounts: "awsAccountIds",
} as const satisfies Partial<Record<keyof SuppressionMatch, keyof aws.types.input.inspector2.FilterFilterCriteria>>;

const equal = (value: string) => ({ comparison: "EQUALS", value });

/** https://docs.aws.amazon.com/inspector/v2/APIReference/API_FilterCriteria.html */
function criteriaOf({ packages, ...match }: SuppressionMatch): aws.types.input.inspector2.FilterFilterCriteria {
  const texts = Object.entries(CRITERIA).flatMap(([name, member]) => {
    const values = match[name as keyof typeof match];
    return values === undefined ? [] : [[member, values.map(equal)] as const];
  });
  return {
    ...Object.fromEntries(texts),
    ...(packages !== undefined && { vulnerablePackages: packages.map((name) => ({ name: equal(name) })) }),
  };
}

/** Whether its last day is over. */
export function isExpired({ expires }: Pick<Suppression, "expires">, now = Date.now()): boolean {
  return new Date(now).toISOString().slice(0, 10) > expires;
}

/**
 * A filter that suppresses findings, until it has expired: then there is none, a preview says so in a warning, and the
 * deployment takes it away, after which Inspector opens its findings again.
 */
export function suppressionFilter(
  name: string,
  { reason, expires, match, ...suppression }: Suppression,
  component: pulumi.Resource,
): aws.inspector2.Filter | undefined {
  if (isExpired({ expires })) {
    const words = `The suppression "${suppression.name}" expired on ${expires}, and is taken away: ${reason}`;
    void pulumi.log.warn(`${words}. Remove it from the arguments, or give it another date.`, component);
    return undefined;
  }
  return new aws.inspector2.Filter(
    name,
    { action: "SUPPRESS", description: `${reason} (until ${expires})`, filterCriterias: [criteriaOf(match)] },
    { parent: component },
  );
}
