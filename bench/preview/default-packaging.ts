/**
 * Makes `CallbackLambda` package as `aws.lambda.CallbackFunction` does: the serialised callback and the program's
 * dependencies, with the handlers' modules as an extra path.
 */
import { resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import * as packaging from "../../components/internal/packaging";
import { ROOT } from "../../local/local-run";

const { AssetArchive, FileArchive, FileAsset, StringAsset } = pulumi.asset;

interface DefaultFiles extends packaging.CallbackFiles {
  readonly paths: Record<string, pulumi.asset.Asset | pulumi.asset.Archive>;
}

async function packageCallback(callback: packaging.Callback): Promise<DefaultFiles> {
  const { text } = await pulumi.runtime.serializeFunction(callback, { exportName: "handler" });
  const found = await pulumi.runtime.computeCodePaths({
    extraIncludePaths: ["./handlers"],
    extraExcludePackages: ["aws-sdk"],
  });
  // The engine takes relative paths from the program's own folder, which is this one.
  const absolute = [...found].map(([path, asset]) => {
    const file = resolve(ROOT, path);
    return [path, asset instanceof FileAsset ? new FileAsset(file) : new FileArchive(file)] as const;
  });
  return { index: text, handlers: {}, paths: Object.fromEntries(absolute) };
}

function callbackArchive({ index, paths }: DefaultFiles): pulumi.asset.AssetArchive {
  return new AssetArchive({ "__index.js": new StringAsset(index), ...paths });
}

// Packages are looked for from the working directory, which is a program's folder.
process.chdir(ROOT);
// CommonJS exports are properties, which importers read when they call.
Object.assign(packaging, { packageCallback, callbackArchive });
