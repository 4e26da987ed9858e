/** Every pattern of the project, deployed once under mocks and shared by all tests. */
import * as aws from "@pulumi/aws";
import { MAXIMUM_NAME_LENGTH } from "../../components/building-blocks/component";
import { PATTERNS } from "../../stacks/patterns";
import { deploy, type Registered } from "./mocks";

/** The least that each pattern's `args` may say in a stack file. A pattern without an entry fails the tests. */
const MINIMAL: Readonly<Record<string, unknown>> = {
  "cost-guardrails": {
    accountKind: "management",
    guardrails: [{ name: "a", targets: ["ou-abcd-12345678"], protectedRoles: ["aws-patterns-deployer"] }],
    budgets: [{ name: "all", monthlyUsd: 1000 }],
    anomalies: {},
    costAllocationTags: ["owner"],
  },
  "cost-report": {
    sender: { address: "aws-costs@example.com" },
    recipients: [{ address: "finance@example.com" }],
  },
  "wavelength-dns": {
    recordName: "media.example.com",
    hostedZone: { name: "example.com" },
    fleet: { zones: [{ name: "us-east-1-wl1-bos-wlz-1" }], ports: [{ protocol: "udp", from: 5004 }] },
  },
};

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
  if (definition === undefined || !Object.hasOwn(MINIMAL, pattern)) {
    throw new Error(`${pattern} has no entry in test/support/patterns.ts`);
  }
  const args = definition.schema.parse(MINIMAL[pattern]);
  const wrong = definition.check(args, undefined);
  if (wrong.length > 0) throw new Error(`the minimal arguments of ${pattern} are wrong: ${JSON.stringify(wrong)}`);
  return definition.deploy(INSTANCE, args, { provider: new aws.Provider("account", { region: "us-east-1" }) });
}
