/** Pulumi's mocks, strict: unknown functions throw, duplicate names are refused, every Output is awaited. */
import * as pulumi from "@pulumi/pulumi";

export interface Registered {
  type: string;
  name: string;
  /** Inputs as the engine would get them: Outputs resolved, secrets in clear. */
  inputs: Record<string, unknown>;
}

export const ACCOUNT = "111111111111";
export const REGION = "us-east-1";

/** What a resource has besides its inputs, by type. */
function computed({ type, name, inputs }: pulumi.runtime.MockResourceArgs): Record<string, unknown> {
  const service = /^aws:([^/]+)/.exec(type)?.[1] ?? "test";
  const physical = (inputs as { name?: string }).name ?? name;
  const arn = `arn:aws:${service}:${REGION}:${ACCOUNT}:${physical}`;
  return { name: physical, arn, url: `https://sqs.${REGION}.amazonaws.com/${ACCOUNT}/${physical}`, latestVersion: 1 };
}

/** The SDK marks some properties as secret on its own. */
function withoutSecretMarks(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecretMarks);
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  const record = value as Record<string, unknown>;
  if (pulumi.runtime.specialSigKey in record && "value" in record) return withoutSecretMarks(record.value);
  return Object.fromEntries(Object.entries(record).map(([key, item]) => [key, withoutSecretMarks(item)]));
}

const FUNCTIONS: Readonly<Record<string, (args: Record<string, unknown>) => Record<string, unknown>>> = {
  "aws:route53/getZone:getZone": ({ name }) => ({ name, zoneId: "Z123EXAMPLE", id: "Z123EXAMPLE" }),
};

/**
 * Runs `create` as a Pulumi program and waits for all of it.
 *
 * @throws what any resource, Output or `create` itself throws
 */
export async function deploy<T>(create: () => T): Promise<{ result: T; resources: Registered[] }> {
  const resources: Registered[] = [];
  const names = new Set<string>();
  await pulumi.runtime.setMocks(
    {
      newResource(args) {
        const key = `${args.type} ${args.name}`;
        if (names.has(key)) throw new Error(`registered twice: ${key}`);
        names.add(key);
        const inputs = withoutSecretMarks(args.inputs) as Record<string, unknown>;
        resources.push({ type: args.type, name: args.name, inputs });
        return { id: `${args.name}-id`, state: { ...inputs, ...computed(args) } };
      },
      call({ token, inputs }) {
        const answer = FUNCTIONS[token];
        if (answer === undefined) throw new Error(`no mock for ${token}; add it to test/support/mocks.ts`);
        return answer(inputs as Record<string, unknown>);
      },
    },
    "aws-patterns",
    "test",
    false,
  );
  const failures: unknown[] = [];
  const note = (error: unknown): void => void failures.push(error);
  process.on("unhandledRejection", note);
  try {
    const result = create();
    await pulumi.runtime.disconnect();
    if (failures.length > 0) throw failures[0];
    return { result, resources };
  } finally {
    process.off("unhandledRejection", note);
  }
}

/** The value of an Output. */
export function valueOf<T>(output: pulumi.Input<T>): Promise<pulumi.Unwrap<T>> {
  return new Promise((resolve) => {
    pulumi.output(output).apply((value) => resolve(value as pulumi.Unwrap<T>));
  });
}

/** The one resource of a type whose name ends so. */
export function only(resources: readonly Registered[], type: string, ending = ""): Registered {
  const found = resources.filter((resource) => resource.type === type && resource.name.endsWith(ending));
  const [resource] = found;
  if (resource === undefined || found.length > 1) {
    throw new Error(`${found.length} resources ${type} …${ending}: ${found.map(({ name }) => name).join(", ")}`);
  }
  return resource;
}

export function ofType(resources: readonly Registered[], type: string): Registered[] {
  return resources.filter((resource) => resource.type === type);
}
