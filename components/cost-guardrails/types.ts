/** Instance families, sizes and regions that exist, as `@pulumi/aws` lists them from AWS's own API descriptions. */
import * as aws from "@pulumi/aws";

/** What can be limited by its type: EC2's instances, RDS's instance classes, ElastiCache's node types. */
export type TypedService = "instances" | "databases" | "caches";

export const TYPED_SERVICES: readonly TypedService[] = ["instances", "databases", "caches"];

/** Families of RDS whose names EC2 does not have: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.Types.html */
const ONLY_DATABASES: readonly string[] = ["x2g"];

export function knownRegions(): readonly string[] {
  return Object.values(aws.Region);
}

/** The types' first and second parts; worked out once, as there are more than a thousand types. */
let parts: { families: readonly string[]; sizes: readonly string[] } | undefined;

function typeParts() {
  const types = (): string[][] => Object.values(aws.ec2.InstanceType).map((type) => type.split("."));
  const nth = (n: number): string[] => [...new Set(types().map((part) => part[n] ?? ""))].sort();
  parts ??= { families: nth(0), sizes: nth(1) };
  return parts;
}

/** Families by the first part of `m7g.large`. RDS and ElastiCache name theirs as EC2 does, and AWS lists them nowhere. */
export function knownFamilies(service: TypedService): readonly string[] {
  const { families } = typeParts();
  return service === "databases" ? [...families, ...ONLY_DATABASES].sort() : families;
}

export function knownSizes(): readonly string[] {
  return typeParts().sizes;
}

/**
 * Whether a family has AWS's Graviton processors: its name has a `g` right after the number of its generation, as
 * https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html tells; `a1` is older than that.
 */
export function isGraviton(family: string): boolean {
  return family === "a1" || /^[a-z]+\d+g[a-z]*$/.test(family);
}

/** What tells regions of different partitions of AWS apart, such as `cn`. No organization spans two partitions. */
export function partitionMark(region: string): string {
  return /^(cn|us-gov|us-iso[a-z]?|eu-iso[a-z]?|eusc)-/.exec(region)?.[1] ?? "";
}
