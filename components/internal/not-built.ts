import * as pulumi from "@pulumi/pulumi";

/**
 * For what is built before it is deployed, and is not built yet. A preview, which needs no build, says so and counts it
 * as changed. Unit tests with mocks need no build either.
 *
 * @throws RunError where it is deployed
 */
export function refuseToDeploy(whatIsMissing: string): void {
  if (pulumi.runtime.isDryRun()) void pulumi.log.info(`${whatIsMissing}\nThis preview counts it as changed.`);
  // Mocks are no engine.
  else if (pulumi.runtime.hasEngine()) throw new pulumi.RunError(whatIsMissing);
}

/** In place of an archive that is not built yet. */
export function archiveNotBuilt(path: string): pulumi.asset.Archive {
  return new pulumi.asset.AssetArchive({ "not-built": new pulumi.asset.StringAsset(path) });
}
