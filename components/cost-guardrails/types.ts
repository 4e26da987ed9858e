/** Instance families, sizes and regions that exist, as `@pulumi/aws` lists them from AWS's own API descriptions. */
import * as aws from "@pulumi/aws";

/** What can be limited by its type: EC2's instances, RDS's instance classes, ElastiCache's node types. */
export type TypedService = "instances" | "databases" | "caches";

export const TYPED_SERVICES: readonly TypedService[] = ["instances", "databases", "caches"];

/** Families of RDS whose names EC2 does not have: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.Types.html */
const ONLY_DATABASES: readonly string[] = ["x2g"];

const words = (text: string): string[] => text.split(" ");

/**
 * What RDS and ElastiCache offer, by AWS's price list as cfn-lint 1.58.0 (MIT-0, November 2026) has it, and RDS's c6gd,
 * which is for clusters only. AWS's API descriptions list neither.
 */
const OFFERED: Readonly<Record<Exclude<TypedService, "instances">, { families: string[]; sizes: string[] }>> = {
  databases: {
    families: words(
      "c6gd m1 m2 m3 m4 m5 m5d m6g m6gd m6i m6id m6idn m6in m7g m7i m8a m8g m8gd m8i m9g r3 r4 r5 r5b r5d r6g r6gd r6i " +
        "r6id r6idn r6in r7g r7i r8a r8g r8gd r8i t1 t2 t3 t4g x1 x1e x2g x2idn x2iedn x2iezn x2m z1d",
    ),
    sizes: words(
      "10xlarge 12xlarge 16xlarge 24xlarge 2xlarge 32xlarge 3xlarge 48xlarge 4xlarge 6xlarge 8xlarge 96xlarge large " +
        "medium metal metal-24xl metal-48xl metal-96xl micro small xlarge",
    ),
  },
  caches: {
    families: words("c7gn c8gn m4 m5 m6g m7g m8g r4 r5 r6g r6gd r7g r8g t2 t3 t4g"),
    sizes: words("10xlarge 12xlarge 16xlarge 24xlarge 2xlarge 4xlarge 8xlarge large medium micro small xlarge"),
  },
};

/** EC2's sizes by family; worked out once, as there are more than a thousand types. */
let types: ReadonlyMap<string, readonly string[]> | undefined;

function sizesByFamily(): ReadonlyMap<string, readonly string[]> {
  if (types !== undefined) return types;
  const found = new Map<string, string[]>();
  for (const type of Object.values(aws.ec2.InstanceType)) {
    const [family = "", size = ""] = type.split(".");
    const sizes = found.get(family);
    if (sizes === undefined) found.set(family, [size]);
    else if (!sizes.includes(size)) sizes.push(size);
  }
  types = found;
  return types;
}

/** Families that a service offers today. */
export function offeredFamilies(service: TypedService): readonly string[] {
  return service === "instances" ? knownFamilies(service) : OFFERED[service].families;
}

/** Sizes that a service offers today. */
export function offeredSizes(service: TypedService): readonly string[] {
  return service === "instances" ? knownSizes() : OFFERED[service].sizes;
}

/** The sizes of one of EC2's families; undefined where the family is unknown. */
export function sizesOf(family: string): readonly string[] | undefined {
  return sizesByFamily().get(family);
}

/**
 * Families by the first part of `m7g.large`, those included that EC2 has and RDS and ElastiCache may offer one day: they
 * name theirs alike.
 */
export function knownFamilies(service: TypedService): readonly string[] {
  const families = [...sizesByFamily().keys()].sort();
  return service === "databases" ? [...families, ...ONLY_DATABASES].sort() : families;
}

/** All of EC2's sizes; worked out once, like `types`. */
let sizes: readonly string[] | undefined;

export function knownSizes(): readonly string[] {
  sizes ??= [...new Set([...sizesByFamily().values()].flat())].sort();
  return sizes;
}

/**
 * Whether a family has AWS's Graviton processors: its name has a `g` right after the number of its generation, as
 * https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html tells; `a1` is older than that.
 */
export function isGraviton(family: string): boolean {
  return family === "a1" || /^[a-z]+\d+g[a-z]*$/.test(family);
}
