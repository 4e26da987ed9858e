/** Every pattern of the project, deployed once under mocks and shared by all tests. */
import * as aws from "@pulumi/aws";
import { MAXIMUM_NAME_LENGTH } from "../../components/building-blocks/component";
import { PATTERNS } from "../../stacks/patterns";
import { deploy, type Registered } from "./mocks";
import { sampleOf } from "./sample";

/** As long as a name may be, so that names made from it are as long as they can become. */
export const INSTANCE = "a".padEnd(MAXIMUM_NAME_LENGTH, "-name");

export interface Sample {
  pattern: string;
  resources: readonly Registered[];
}

let samples: Promise<Sample[]> | undefined;

/** What each pattern registers with its minimal arguments. */
export function deployedPatterns(): Promise<Sample[]> {
  samples ??= deployAll();
  return samples;
}

async function deployAll(): Promise<Sample[]> {
  const deployed: Sample[] = [];
  for (const pattern of Object.keys(PATTERNS)) {
    const { resources } = await deploy(() => createMinimal(pattern));
    deployed.push({ pattern, resources });
  }
  return deployed;
}

/** Registers a pattern with its minimal arguments, and answers its outputs. */
export function createMinimal(pattern: string): Record<string, unknown> {
  const definition = PATTERNS[pattern];
  if (definition === undefined) throw new Error(`there is no pattern ${pattern}`);
  const args = sampleOf(pattern).minimal;
  const wrong = definition.check(args, undefined);
  if (wrong.length > 0) throw new Error(`the minimal arguments of ${pattern} are wrong: ${JSON.stringify(wrong)}`);
  return definition.deploy(INSTANCE, args, { provider: new aws.Provider("account", { region: "us-east-1" }) });
}
