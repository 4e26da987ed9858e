/**
 * Ways to run the same program. They are distinguished by what every language host of Pulumi understands: `main` and the
 * environment (older hosts take no options from Pulumi.yaml).
 */
import { join } from "node:path";
import { ROOT } from "../../local/local-run";

export interface Variant {
  readonly name: string;
  /** The program: a folder or a file, absolute. */
  readonly main: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** The project as it is. */
export const OURS: Variant = { name: "ours", main: join(ROOT, "index.ts"), environment: {} };

/** What Pulumi does with a TypeScript program unless asked otherwise. */
export const TYPE_CHECKS: Variant = {
  name: "with type checks",
  main: join(ROOT, "index.ts"),
  // The project's tsconfig.json asks ts-node to leave them out.
  environment: { PULUMI_NODEJS_TRANSPILE_ONLY: "false" },
};

/** Lambda archives as `aws.lambda.CallbackFunction` makes them. */
export const DEFAULT_PACKAGING: Variant = {
  name: "with CallbackFunction's packaging",
  main: join(__dirname, "default-packaging-program.ts"),
  environment: { PULUMI_NODEJS_TRANSPILE_ONLY: "true", PULUMI_NODEJS_TSCONFIG_PATH: join(ROOT, "tsconfig.json") },
};
