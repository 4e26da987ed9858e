/** Goes through resources as Pulumi's engine does: remediations first, then each resource, then the stack. */
import { type PolicyPackArgs, type ResourceValidationArgs, Secret, type StackValidationArgs } from "@pulumi/policy";
import * as deserialize from "@pulumi/policy/deserialize";
import * as proxy from "@pulumi/policy/proxy";
import * as secret from "@pulumi/policy/secret";
import type { PolicyConfiguration } from "../../policy/settings";

type Raw = Record<string, unknown>;

// Parts of the SDK that its types leave out: what stands between the engine and the policies.
const { unknownCheckingProxy } = proxy as unknown as { unknownCheckingProxy(props: Raw): Raw };
const { secretsPreservingProxy } = secret as unknown as { secretsPreservingProxy(props: Raw): Raw };
const { serializeProperties } = deserialize as unknown as { serializeProperties(props: Raw): Promise<Raw> };

/** Policies that judge get what is secret in clear. */
function revealed(value: unknown): unknown {
  if (value instanceof Secret) return revealed(value.value);
  if (Array.isArray(value)) return value.map(revealed);
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, revealed(item)]));
}

function judged(props: Raw): Raw {
  return unknownCheckingProxy(revealed(props) as Raw);
}

export interface EngineInput {
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  readonly props: Raw;
  readonly outputs?: Raw;
  readonly provider?: Raw;
  readonly dependencies?: Readonly<Record<string, readonly string[]>>;
}

export interface Report {
  readonly policy: string;
  readonly level: string;
  readonly message: string;
  readonly urn: string | undefined;
}

export interface Outcome {
  readonly reports: readonly Report[];
  /** Inputs after remediation, by URN. */
  readonly inputs: ReadonlyMap<string, Raw>;
  /** Names of the remediations that changed something, by URN. */
  readonly fixed: ReadonlyMap<string, readonly string[]>;
}

type Policy = PolicyPackArgs["policies"][number];
/** What a policy is called with besides the resource. */
function common({ name }: Policy, configuration: Configuration) {
  const { enforcementLevel: _, ...config } = configuration[name] ?? {};
  return { getConfig: () => config, stackTags: new Map<string, string>() };
}

type Configuration = Readonly<Record<string, PolicyConfiguration>>;

class Run {
  readonly reports: Report[] = [];
  readonly inputs = new Map<string, Raw>();
  readonly fixed = new Map<string, string[]>();

  constructor(
    private readonly policies: readonly Policy[],
    private readonly configuration: Configuration,
  ) {}

  private levelOf({ name, enforcementLevel = "mandatory" }: Policy): string {
    return this.configuration[name]?.enforcementLevel ?? enforcementLevel;
  }

  private reporter(policy: Policy, urn?: string) {
    const level = this.levelOf(policy) === "remediate" ? "mandatory" : this.levelOf(policy);
    return (message: string, own?: string): void => {
      this.reports.push({ policy: policy.name, level, message, urn: own ?? urn });
    };
  }

  private argumentsOf(policy: Policy, { type, name, urn, provider }: EngineInput, props: Raw): ResourceValidationArgs {
    const given = provider === undefined ? {} : { provider: { props: judged(provider) } };
    return {
      ...common(policy, this.configuration),
      type,
      name,
      urn,
      props,
      ...given,
    } as unknown as ResourceValidationArgs;
  }

  async resource(input: EngineInput): Promise<void> {
    const props = await this.remediated(input);
    const seen = judged(props);
    for (const policy of this.policies) {
      if (this.levelOf(policy) === "disabled" || !("validateResource" in policy)) continue;
      for (const validate of [policy.validateResource ?? []].flat()) {
        await validate(this.argumentsOf(policy, input, seen), this.reporter(policy, input.urn));
      }
    }
  }

  private async remediated(input: EngineInput): Promise<Raw> {
    let props = input.props;
    for (const policy of this.policies) {
      if (this.levelOf(policy) !== "remediate" || !("remediateResource" in policy)) continue;
      const proxied = unknownCheckingProxy(secretsPreservingProxy(props));
      const result = await policy.remediateResource?.(this.argumentsOf(policy, input, proxied));
      if (result === undefined) continue;
      props = result;
      this.fixed.set(input.urn, [...(this.fixed.get(input.urn) ?? []), policy.name]);
    }
    this.inputs.set(input.urn, await serializeProperties(props));
    return props;
  }

  async stack(resources: readonly EngineInput[]): Promise<void> {
    const all = resources.map(({ outputs, props, provider, dependencies = {}, ...rest }) => ({
      ...rest,
      props: judged(outputs ?? props),
      ...(provider === undefined ? {} : { provider: { props: judged(provider) } }),
      propertyDependencies: Object.fromEntries(
        Object.entries(dependencies).map(([property, urns]) => [property, urns.map((urn) => ({ urn }))]),
      ),
    }));
    for (const policy of this.policies) {
      if (this.levelOf(policy) === "disabled" || !("validateStack" in policy)) continue;
      const args = { ...common(policy, this.configuration), resources: all } as unknown as StackValidationArgs;
      await policy.validateStack(args, this.reporter(policy));
    }
  }
}

export async function runPack(
  { policies }: PolicyPackArgs,
  resources: readonly EngineInput[],
  configuration: Configuration = {},
): Promise<Outcome> {
  const run = new Run(policies, configuration);
  for (const resource of resources) await run.resource(resource);
  await run.stack(resources);
  return run;
}
