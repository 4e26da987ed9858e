/** Pulumi's mocks, strict: unknown functions throw, duplicate names are refused, every Output is awaited. */
import { createRequire } from "node:module";
import { setTimeout as sleep } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import { packageOnDemand } from "./packages-on-demand";

/**
 * The SDK notes a stack for each promise, for programs that leave some open: a quarter of these tests' time. What is left
 * open here, `attempt` waits for.
 */
function withoutStacks(): void {
  const debuggable = createRequire(__filename)("@pulumi/pulumi/runtime/debuggable") as {
    debuggablePromise: <T>(promise: Promise<T>, context?: string) => Promise<T>;
  };
  const { debuggablePromise } = debuggable;
  debuggable.debuggablePromise = (promise, context) => {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    try {
      return debuggablePromise(promise, context);
    } finally {
      Error.stackTraceLimit = limit;
    }
  };
}
withoutStacks();

export interface Registered {
  type: string;
  name: string;
  /** Inputs as the engine would get them: Outputs resolved, secrets in clear. */
  inputs: Record<string, unknown>;
  /** Reference to the provider that makes it; empty for a component. */
  provider: string;
  /** Names of the resources that were there when it was registered. */
  after: readonly string[];
}

export const ACCOUNT = "111111111111";
export const REGION = "us-east-1";

/**
 * What comes after the account in a resource's ARN, and its service where Pulumi's module has another name; `anywhere`
 * for what no region and no account is named of.
 */
const ARNS: Readonly<Record<string, { service: string; resource: string; global?: boolean; anywhere?: boolean }>> = {
  "aws:cloudfront/distribution:Distribution": { service: "cloudfront", resource: "distribution/", global: true },
  "aws:cloudwatch/eventRule:EventRule": { service: "events", resource: "rule/" },
  "aws:cloudwatch/logGroup:LogGroup": { service: "logs", resource: "log-group:" },
  "aws:cloudwatch/metricAlarm:MetricAlarm": { service: "cloudwatch", resource: "alarm:" },
  "aws:cognito/userPool:UserPool": { service: "cognito-idp", resource: "userpool/" },
  "aws:dynamodb/table:Table": { service: "dynamodb", resource: "table/" },
  "aws:iam/instanceProfile:InstanceProfile": { service: "iam", resource: "instance-profile/", global: true },
  "aws:iam/role:Role": { service: "iam", resource: "role/", global: true },
  "aws:lambda/function:Function": { service: "lambda", resource: "function:" },
  "aws:s3/bucket:Bucket": { service: "s3", resource: "", anywhere: true },
  "aws:sfn/stateMachine:StateMachine": { service: "states", resource: "stateMachine:" },
  "aws:scheduler/schedule:Schedule": { service: "scheduler", resource: "schedule/default/" },
  "aws:sesv2/configurationSet:ConfigurationSet": { service: "ses", resource: "configuration-set/" },
  "aws:sesv2/emailIdentity:EmailIdentity": { service: "ses", resource: "identity/" },
  "aws:ssm/parameter:Parameter": { service: "ssm", resource: "parameter/" },
  "aws:wafv2/webAcl:WebAcl": { service: "wafv2", resource: "global/webacl/" },
};

/** What SES calls the keys that it signs with. */
export const TOKENS = ["token-a", "token-b", "token-c"];

/** Inputs that name a resource physically. */
const NAMING = ["name", "configurationSetName", "emailIdentity"];

const ARN_OF_FUNCTIONS = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:`;

/** What a resource has besides its inputs, by type. */
function computed({ type, name, inputs }: pulumi.runtime.MockResourceArgs): Record<string, unknown> {
  const module = /^aws:([^/]+)/.exec(type)?.[1] ?? "test";
  const { service, resource, global = false, anywhere = false } = ARNS[type] ?? { service: module, resource: "" };
  const given = inputs as Record<string, string>;
  const physical = NAMING.map((input) => given[input]).find((value) => value !== undefined) ?? name;
  const place = anywhere ? ":" : `${global ? "" : REGION}:${ACCOUNT}`;
  const arn = `arn:aws:${service}:${place}:${resource}${physical}`;
  return {
    name: physical,
    arn,
    url: `https://sqs.${REGION}.amazonaws.com/${ACCOUNT}/${physical}`,
    latestVersion: 1,
    version: "1",
    ...(type === "aws:lambda/invocation:Invocation" ? { result: '{"version":"1"}' } : {}),
    ...(type === "aws:lambda/alias:Alias" ? { arn: `${ARN_OF_FUNCTIONS}${given.functionName}:${physical}` } : {}),
    ...(module.startsWith("apigateway")
      ? { executionArn: `arn:aws:execute-api:${place}:${physical}`, apiEndpoint: `https://${name}.example.com` }
      : {}),
    ...(module === "lambda" ? { invokeArn: `arn:aws:apigateway:${REGION}:lambda:path/functions/${name}` } : {}),
    ...(type === "aws:lambda/functionUrl:FunctionUrl"
      ? { functionUrl: `https://${name}.lambda-url.${REGION}.on.aws/` }
      : {}),
    ...(type === "aws:cloudfront/distribution:Distribution" ? { domainName: `${name}.cloudfront.net` } : {}),
    ...(type === "aws:dynamodb/table:Table" ? { streamArn: `${arn}/stream/2026-01-01T00:00:00.000` } : {}),
    ...(type.startsWith("aws:sqs/") ? { region: REGION } : {}),
    ...(type === "aws:s3/bucket:Bucket"
      ? { bucket: physical, bucketRegionalDomainName: `${physical}.s3.${REGION}.amazonaws.com` }
      : {}),
    ...(type === "aws:sesv2/emailIdentity:EmailIdentity" ? { dkimSigningAttributes: { tokens: TOKENS } } : {}),
  };
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
  "aws:index/getCallerIdentity:getCallerIdentity": () => ({
    id: ACCOUNT,
    accountId: ACCOUNT,
    arn: `arn:aws:sts::${ACCOUNT}:assumed-role/aws-patterns-deployer/aws-patterns`,
    userId: "AROAEXAMPLE:aws-patterns",
  }),
  "aws:index/getPartition:getPartition": () => ({ id: "aws", partition: "aws", dnsSuffix: "amazonaws.com" }),
  "aws:index/getRegion:getRegion": () => ({ id: REGION, name: REGION, region: REGION }),
  // A bucket that is elsewhere, or missing, says so by its name.
  "aws:s3/getBucket:getBucket": ({ bucket }) => {
    if (String(bucket).endsWith("-missing")) throw new Error("couldn't find resource");
    return { id: bucket, bucket, bucketRegion: /-in-([a-z]+-[a-z]+-\d)$/.exec(String(bucket))?.[1] ?? REGION };
  },
  "aws:organizations/getOrganization:getOrganization": () => ({ id: "o-abcdefghij", roots: [{ id: "r-abcd" }] }),
  // A unit is known by what it is in: ids of mocks tell the way to it.
  "aws:organizations/getOrganizationalUnit:getOrganizationalUnit": ({ parentId, name }) => ({
    id: `ou-of-${String(parentId)}-${String(name)}`,
    parentId,
    name,
  }),
  "aws:sesv2/getEmailIdentity:getEmailIdentity": ({ emailIdentity }) => ({
    emailIdentity,
    arn: `arn:aws:ses:${REGION}:${ACCOUNT}:identity/${String(emailIdentity)}`,
  }),
  "aws:route53/getZone:getZone": ({ name }) => ({ name, zoneId: "Z123EXAMPLE", id: "Z123EXAMPLE" }),
};

/** Longer than everything else that a registration waits for. */
const SLOW_MILLISECONDS = 100;

export interface DeployOptions {
  /** Resources that take a while to be made, so that what does not wait for them is registered before they are there. */
  slow?: (resource: Registered) => boolean;
  /** Name of the stack. Default: `test`. */
  stack?: string;
  /** What stands in for the engine. Default: answers like AWS's, of every function that patterns call. */
  mocks?: pulumi.runtime.Mocks;
  /** Whether callbacks are packaged at once, for what that refuses. Default: when their code is read. */
  packaged?: boolean;
}

export interface Attempt<T> {
  /** What any resource, Output or the program itself threw. */
  error?: unknown;
  result?: T;
  /** In the order of their registration. */
  resources: Registered[];
}

/** Runs `create` as a Pulumi program and waits for all of it, whether it ends well or not. */
export async function attempt<T>(
  create: () => T,
  { slow = () => false, stack = "test", mocks, packaged = false }: DeployOptions = {},
): Promise<Attempt<T>> {
  const resources: Registered[] = [];
  const names = new Set<string>();
  const made: string[] = [];
  await pulumi.runtime.setMocks(
    mocks ?? {
      async newResource(args) {
        const key = `${args.type} ${args.name}`;
        if (names.has(key)) throw new Error(`registered twice: ${key}`);
        names.add(key);
        const inputs = withoutSecretMarks(args.inputs) as Record<string, unknown>;
        const resource = { type: args.type, name: args.name, inputs, provider: args.provider ?? "", after: [...made] };
        resources.push(resource);
        if (slow(resource)) await sleep(SLOW_MILLISECONDS);
        made.push(args.name);
        // A bucket's id is its name.
        const id = args.type === "aws:s3/bucket:Bucket" ? args.name : `${args.name}-id`;
        return { id, state: { ...inputs, ...computed(args) } };
      },
      call({ token, inputs }) {
        const answer = FUNCTIONS[token];
        if (answer === undefined) throw new Error(`no mock for ${token}; add it to test/support/mocks.ts`);
        return answer(inputs as Record<string, unknown>);
      },
    },
    "aws-patterns",
    stack,
    false,
  );
  const failures: unknown[] = [];
  let giveUp = (): void => undefined;
  const failed = new Promise<void>((resolve) => (giveUp = resolve));
  const note = (error: unknown): void => {
    failures.push(error);
    giveUp();
  };
  process.on("unhandledRejection", note);
  const onDemand = packaged ? undefined : packageOnDemand();
  try {
    const result = create();
    // What waits for something that failed waits for ever; the rest is given time to end.
    await Promise.race([pulumi.runtime.disconnect(), failed.then(() => sleep(SLOW_MILLISECONDS))]);
    // Newer versions of the SDK end first: Node.js reports a rejection that nobody handles after all waiting callbacks.
    await new Promise(setImmediate);
    return failures.length > 0 ? { error: failures[0], resources } : { result, resources };
  } catch (error) {
    return { error, resources };
  } finally {
    onDemand?.stop();
    process.off("unhandledRejection", note);
  }
}

/**
 * The same for a program that ends well.
 *
 * @throws what any resource, Output or `create` itself throws
 */
export async function deploy<T>(
  create: () => T,
  options: DeployOptions = {},
): Promise<{ result: T; resources: Registered[] }> {
  const { error, result, resources } = await attempt(create, options);
  if (error !== undefined) throw error;
  return { result: result as T, resources };
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
