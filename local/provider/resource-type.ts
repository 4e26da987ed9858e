/** How a resource type of the `aws` package is described to the stand-in provider: one table entry each. */
import type { Account } from "./account";
import type { CheckFailure } from "./check-failure";
import type { Value, Values } from "./property-values";

export type { CheckFailure } from "./check-failure";

/** What a change of an input property does to the resource. */
export type ChangeEffect = "update" | "replace";

export interface Properties {
  readonly [property: string]: ChangeEffect;
}

/** A resource as AWS has it. */
export interface ResourceState {
  id: string;
  outputs: Values;
}

/** What a create, read, update or delete has to work with. */
export interface Operation {
  readonly account: Account;
  /** The last part of the URN; good for descriptions, never for physical names. */
  readonly logicalName: string;
  /** The resource's own tags over the provider's default tags. Empty for types without tags. */
  readonly tags: Readonly<Record<string, string>>;
  /** Inputs of the last update; none for a new or imported resource. */
  readonly before: Values;
  /**
   * Records that AWS has made the resource. When a later step of `create` fails, the engine keeps the resource,
   * marked as not fully initialized, in place of forgetting something that exists.
   */
  created(id: string, outputs?: Values): void;
}

/** Outputs that some updates give another value, which only AWS can tell. */
export interface VolatileOutputs {
  readonly outputs: readonly string[];
  /** The inputs of which any change has that effect. */
  readonly changedBy: readonly string[];
  /** An input that has to be true for it. */
  readonly onlyWith?: string;
}

export interface ResourceType {
  /** Pulumi's type token, e.g. `aws:sqs/queue:Queue`. */
  readonly token: string;
  /** Every input property that this entry maps. Any other one is refused: nothing is dropped silently. */
  readonly properties: Properties;
  /** Input properties that must be given. */
  readonly required?: readonly string[] | undefined;
  /** Output properties that are known only after the resource exists; unknown in a preview. */
  readonly computed?: readonly string[] | undefined;
  /** Computed outputs that do not stay what they are: unknown in the preview of an update that moves them. */
  readonly volatile?: readonly VolatileOutputs[] | undefined;
  /**
   * Property that gets a generated physical name when it is not given. When `properties` has one called the same with
   * `Prefix` at its end, e.g. `namePrefix`, the generated name begins with what that one says. Generated names of types
   * whose names have no capital letters are lower case.
   */
  readonly autoName?:
    | {
        property: string;
        maxLength: number;
        suffix?: (inputs: Values) => string;
        isLowerCase?: boolean;
      }
    | undefined;
  /** True for types with `tags`; `tagsAll` then follows. */
  readonly taggable?: boolean | undefined;
  /** Values that AWS or the real provider assumes for properties that are not given. */
  readonly defaults?: Values | undefined;
  /** Located failures of the known inputs; unknown values must be tolerated. */
  check?(inputs: Values): CheckFailure[];
  /** Delete the old resource before its replacement is made (a name or an association can exist only once). */
  readonly deleteBeforeReplace?: boolean | undefined;
  create(operation: Operation, inputs: Values): Promise<ResourceState>;
  /** The resource's present state; undefined when AWS no longer has it. */
  read(operation: Operation, id: string, state: Values): Promise<ResourceState | undefined>;
  /** Brings the resource from `olds` to `news`; absent for types of which every change replaces. */
  update?(operation: Operation, id: string, olds: Values, news: Values): Promise<Values>;
  delete(operation: Operation, id: string, state: Values): Promise<void>;
}

/** A function of the `aws` package (a data source), e.g. `aws:route53/getZone:getZone`. */
export interface InvokeFunction {
  readonly token: string;
  readonly arguments: readonly string[];
  invoke(account: Account, args: Values): Promise<Values>;
}

export interface Service {
  readonly resources: readonly ResourceType[];
  readonly functions?: readonly InvokeFunction[];
}

/** A string property that the engine has already checked to be there. */
export function text(values: Values, property: string): string {
  const value = values[property];
  if (typeof value !== "string") throw new Error(`${property}: expected text, received ${JSON.stringify(value)}`);
  return value;
}

export function optionalText(values: Values, property: string): string | undefined {
  return values[property] === undefined || values[property] === null ? undefined : text(values, property);
}

export function optionalBoolean(values: Values, property: string): boolean | undefined {
  const value: Value | undefined = values[property];
  return value === undefined || value === null ? undefined : value === true || value === "true";
}

export function list(values: Values, property: string): Value[] {
  const value = values[property];
  return Array.isArray(value) ? value : [];
}

export function texts(values: Values, property: string): string[] {
  return list(values, property).map(String);
}

export function objects(values: Values, property: string): Values[] {
  return list(values, property) as Values[];
}

export function optionalObject(values: Values, property: string): Values | undefined {
  const value = values[property];
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
}
