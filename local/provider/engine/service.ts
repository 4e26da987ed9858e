/** AWS services by name: clients that are loaded when first needed, and the schemas that they come with. */
import { NormalizedSchema } from "@smithy/core/schema";
import type { Account } from "../account";
import { pauses } from "../wait";
import { clientPackage } from "./clients";

export type Structure = Record<string, unknown>;

interface Sendable {
  send(command: unknown): Promise<Structure>;
}

/** Members by which AWS's lists go on, in requests and in answers. */
const TOKENS = ["NextToken", "nextToken", "Marker", "NextMarker", "StartRecordName"];

export interface TagCalls {
  readonly set: string;
  readonly remove: string;
  /** Needed where the answer about the resource itself does not hold its tags. */
  readonly list?: string;
  /** What every one of these calls takes besides. */
  readonly with?: Structure;
}

export interface ServiceDefinition {
  /** The package of its client, e.g. `@aws-sdk/client-sqs`. */
  readonly package: string;
  /** Name of the client's class, e.g. `SQSClient`. */
  readonly client: string;
  /** Names of the errors that say: it does not exist. */
  readonly missing: readonly string[];
  readonly tags?: TagCalls;
}

interface OperationSchema {
  readonly input: NormalizedSchema;
  readonly output: NormalizedSchema;
}

/** One AWS service. Nothing of it is loaded before the first call or check that needs it. */
export class AwsService {
  private readonly schemas = new Map<string, OperationSchema>();

  constructor(readonly definition: ServiceDefinition) {}

  private get api() {
    return clientPackage(this.definition.package);
  }

  /** What an operation takes and answers. */
  schema(operation: string): OperationSchema {
    const known = this.schemas.get(operation);
    if (known !== undefined) return known;
    const schema = this.api[`${operation}$`] as readonly unknown[] | undefined;
    if (schema === undefined) throw new Error(`${this.definition.package} has no operation ${operation}`);
    const of = (ref: unknown): NormalizedSchema =>
      NormalizedSchema.of(ref as Parameters<typeof NormalizedSchema.of>[0]);
    const made = { input: of(schema[4]), output: of(schema[5]) };
    this.schemas.set(operation, made);
    return made;
  }

  /** The values of one of the service's enumerations, e.g. `StateMachineType`. */
  values(enumeration: string): readonly string[] {
    const values = this.api[enumeration];
    if (typeof values !== "object" || values === null)
      throw new Error(`${this.definition.package} has no enumeration ${enumeration}`);
    return Object.values(values as Record<string, string>);
  }

  private command(operation: string, request: Structure): unknown {
    const constructor = this.api[`${operation}Command`] as new (request: Structure) => unknown;
    return new constructor(request);
  }

  async send(account: Account, operation: string, request: Structure): Promise<Structure> {
    const client = account.client(this.api[this.definition.client] as new (configuration: object) => Sendable);
    const answer = await client.send(this.command(operation, request));
    // Operations on several things answer what failed beside what did not.
    const [failed] = (answer.FailedEntries ?? answer.Errors ?? []) as Record<string, string | undefined>[];
    if (failed !== undefined) {
      throw new Error(`${failed.ErrorCode ?? failed.Code ?? "failed"}: ${failed.ErrorMessage ?? failed.Message ?? ""}`);
    }
    return answer;
  }

  /** The answer, or undefined when AWS says that the thing does not exist. */
  async find(
    account: Account,
    operation: string,
    request: Structure,
    missing: readonly string[] = [],
  ): Promise<Structure | undefined> {
    try {
      return await this.send(account, operation, request);
    } catch (error) {
      if (isOneOf(error, [...this.definition.missing, ...missing])) return undefined;
      throw error;
    }
  }

  /** All pages of a list, with one request for each. */
  async *pages(
    account: Account,
    operation: string,
    request: Structure,
    missing: readonly string[] = [],
  ): AsyncGenerator<Structure> {
    const { input } = this.schema(operation);
    const taken = TOKENS.find((name) => hasMember(input, name));
    let token: unknown;
    do {
      const continued = taken === undefined || token === undefined ? request : { ...request, [taken]: token };
      const page = await this.find(account, operation, continued, missing);
      if (page === undefined) return;
      yield page;
      const answered = taken === undefined ? undefined : TOKENS.map((name) => page[name]).find((value) => value);
      token = answered;
    } while (token !== undefined);
  }
}

export function service(definition: ServiceDefinition): AwsService {
  return new AwsService(definition);
}

/** Whether an error has one of these texts in its name, code or message. */
export function isOneOf(error: unknown, refusals: readonly string[]): boolean {
  if (!(error instanceof Error)) return false;
  const texts = [error.name, (error as { Code?: string }).Code ?? "", error.message];
  return refusals.some((refusal) => texts.some((text) => text.includes(refusal)));
}

/** Repeats a call that AWS refuses for a while. */
export async function whileRefused<T>(
  refusals: readonly string[],
  seconds: number,
  call: () => Promise<T>,
): Promise<T> {
  const paused = pauses(seconds);
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (!isOneOf(error, refusals) || !(await paused())) throw error;
    }
  }
}

function hasMember(schema: NormalizedSchema, name: string): boolean {
  return schema.isStructSchema() && name in schema.getMemberSchemas();
}
