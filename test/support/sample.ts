/** What tests of all patterns need to know of each: `test/components/<pattern>/sample.ts`. */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Scenarios } from "./scenario";

export interface PatternSample {
  /** The least that its `args` may say in a stack file. */
  readonly minimal: unknown;
  /** What each of its functions is made to do. A function without scenarios fails the tests. */
  readonly scenarios: Scenarios;
  /** What the policy pack says of it. */
  readonly policy: {
    readonly args: unknown;
    readonly exempt?: readonly string[];
    readonly fixed?: readonly string[];
    /** Tables that the pack protects from deletion in production. */
    readonly protectedTables?: readonly string[];
  };
}

/** Loaded when asked for, since samples use what asks for them. */
const load = createRequire(__filename);

/** @throws Error for a pattern without a sample */
export function sampleOf(pattern: string): PatternSample {
  const file = join(__dirname, "..", "components", pattern, "sample.ts");
  if (!existsSync(file)) throw new Error(`${pattern} has no test/components/${pattern}/sample.ts`);
  return (load(file) as { SAMPLE: PatternSample }).SAMPLE;
}
