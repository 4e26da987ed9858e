/** What the project's patterns register, as the engine would hand it to policies: with URNs, outputs and providers. */
import * as pulumi from "@pulumi/pulumi";
import type { Account } from "../../stacks/account";
import { createProvider } from "../../stacks/accounts";
import { PATTERNS } from "../../stacks/patterns";
import { deploy, valueOf } from "../support/mocks";
import type { EngineInput } from "./engine";

export const ACCOUNT: Account = {
  name: "edge",
  id: "111111111111",
  region: "us-east-1",
  roleArn: "arn:aws:iam::111111111111:role/aws-patterns-deployer",
  tags: { owner: "edge@example.com", environment: "test", "cost-center": "2100" },
};

interface Made {
  readonly type: string;
  readonly name: string;
  readonly parent: pulumi.Resource | undefined;
}

const IDENTITIES = ["arn", "id", "name", "url"];

async function identitiesOf(resource: pulumi.Resource): Promise<Record<string, unknown>> {
  const found = IDENTITIES.map((property) => [property, Reflect.get(resource, property)] as const);
  const outputs = found.filter(([, value]) => pulumi.Output.isInstance(value));
  const values = outputs.map(async ([property, value]) => [property, await valueOf(value as unknown)] as const);
  return Object.fromEntries(await Promise.all(values));
}

/** The types of a resource and of the components around it, outermost first. */
function typeChain({ type, parent }: Made, made: ReadonlyMap<pulumi.Resource, Made>): string {
  const outer = parent === undefined ? undefined : made.get(parent);
  return outer === undefined ? type : `${typeChain(outer, made)}$${type}`;
}

/** Without its URN, but with what that is made from. */
type Named = Omit<EngineInput, "urn"> & { readonly types: string };

async function deployed(pattern: string, args: unknown): Promise<Named[]> {
  const made = new Map<pulumi.Resource, Made>();
  const record: pulumi.ResourceTransformation = ({ resource, type, name, opts }) => {
    made.set(resource, { type, name, parent: opts.parent });
    return undefined;
  };
  const { resources } = await deploy(() => {
    const provider = createProvider(ACCOUNT);
    return PATTERNS[pattern]?.deploy("media", args, { provider, transformations: [record] });
  });
  const provider = resources.find(({ type }) => type === "pulumi:providers:aws")?.inputs ?? {};
  const inputs = [...made].map(async ([resource, own]): Promise<Named> => {
    const { type, name } = own;
    const props = resources.find((other) => other.type === type && other.name === name)?.inputs ?? {};
    const outputs = { ...props, ...(await identitiesOf(resource)) };
    return { type, name, types: typeChain(own, made), props, outputs, provider };
  });
  return Promise.all(inputs);
}

/** By arguments: only URNs differ from stack to stack. */
const known = new Map<unknown, Promise<readonly Named[]>>();

/** Everything that a pattern registers in a stack. */
export async function registeredBy(pattern: string, args: unknown, stack = "test"): Promise<EngineInput[]> {
  const all = known.get(args) ?? deployed(pattern, args);
  known.set(args, all);
  return (await all).map(({ types, ...input }) => ({
    ...input,
    urn: `urn:pulumi:${stack}::aws-patterns::${types}::${input.name}`,
  }));
}
