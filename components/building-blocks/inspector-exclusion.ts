import type * as pulumi from "@pulumi/pulumi";

/** Which of Amazon Inspector's scans of Lambda functions: of dependencies (standard), of the function's own code. */
export type InspectorScan = "standard" | "code";

/** Leaves a function out of Amazon Inspector's scans. */
export interface InspectorExclusion {
  /** Why; it stands on the function as the tag `InspectorExclusionReason`. @format tag-value */
  reason: string;
  /** Which scans. @minItems 1 @uniqueItems @default ["standard"] */
  scans?: InspectorScan[];
}

/**
 * https://docs.aws.amazon.com/inspector/latest/user/scanning_resources_lambda_exclude_functions.html and
 * https://docs.aws.amazon.com/inspector/latest/user/scanning_resources_lambda_code_exclude_functions.html
 */
const TAGS: Readonly<Record<InspectorScan, Readonly<Record<string, string>>>> = {
  standard: { InspectorExclusion: "LambdaStandardScanning" },
  code: { InspectorCodeExclusion: "LambdaCodeScanning" },
};

type Tags = Record<string, pulumi.Input<string>>;

/**
 * Tags of a function that Amazon Inspector is to leave out; they win over those given.
 *
 * ```ts
 * new aws.lambda.Function("legacy", { tags: excludeFromInspector({ owner: "web" }, "standard", "code"), ... });
 * ```
 *
 * @param scans which scans; without any, the standard ones
 */
export function excludeFromInspector(tags: Tags = {}, ...scans: InspectorScan[]): Tags {
  const chosen: readonly InspectorScan[] = scans.length === 0 ? ["standard"] : scans;
  return Object.assign({}, tags, ...chosen.map((scan) => TAGS[scan])) as Tags;
}

/** The tags of a function, with those of its exclusion. */
export function tagsWithExclusion(tags: Tags | undefined, exclusion: InspectorExclusion | undefined): Tags | undefined {
  if (exclusion === undefined) return tags;
  const { reason, scans = [] } = exclusion;
  return { ...excludeFromInspector(tags, ...scans), InspectorExclusionReason: reason };
}
