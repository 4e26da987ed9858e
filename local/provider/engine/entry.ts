/**
 * How a resource type is described: names of AWS's operations, what a change of each property does, and what the SDK's
 * schemas cannot tell. Everything else comes from those schemas.
 *
 * ```ts
 * resource({
 *   token: "aws:sfn/stateMachine:StateMachine", service: sfn, id: "{arn}",
 *   create: "CreateStateMachine", read: "DescribeStateMachine", updates: ["UpdateStateMachine"],
 *   delete: "DeleteStateMachine", gone: true,
 *   replace: ["name", "namePrefix", "type"], update: ["definition", "roleArn"], computed: ["arn", "creationDate"],
 * });
 * ```
 */
import type { Value, Values } from "../property-values";
import type { CheckFailure, Operation, ResourceType } from "../resource-type";
import type { Renames } from "./names";
import type { AwsService, Structure, TagCalls } from "./service";

export interface Call {
  /** The operation, e.g. `PutRetentionPolicy`. */
  readonly call: string;
  /** Members that are always the same, e.g. `{ AttributeNames: ["All"] }`. */
  readonly with?: Structure;
  /** Operation that takes the setting away, for when the program no longer gives it. */
  readonly off?: string;
  /** A property that turns something on with this call, and off with `off`; neither takes it. */
  readonly switch?: string;
  /** One property in each call. */
  readonly each?: boolean;
  /** Names of further errors that mean that there is nothing. */
  readonly missing?: readonly string[];
  /** Members that lead to what is asked for, where the names do not show it, e.g. `KeyMetadata`. */
  readonly at?: string;
  /** Only these properties belong to the call, although it takes others. */
  readonly only?: readonly string[];
  /** Whether there is anything to call for. */
  readonly when?: (values: Values) => boolean;
}

/** An id that is more than its parts. */
export interface Id {
  /** Properties that tell the operations which thing is meant. */
  readonly names: readonly string[];
  readonly of: (values: Values) => string;
  /** What an id tells that was given to an import. */
  readonly parts: (id: string, state: Values) => Values;
}

export interface Tagging {
  /** Where the answer about the resource does not hold its tags. */
  read?(operation: Operation, id: string): Promise<Record<string, string>>;
  write(operation: Operation, id: string): Promise<void>;
}

export type CallName = string | Call;

export interface Entry extends Pick<
  ResourceType,
  "token" | "required" | "computed" | "volatile" | "autoName" | "taggable" | "defaults" | "deleteBeforeReplace"
> {
  readonly service: AwsService;
  /** What AWS calls such a thing, where the token does not say it: `Queue` makes `url` of `QueueUrl`. */
  readonly noun?: string;
  /** Properties that make up the id, with what is between them, e.g. `{role}:{name}`. */
  readonly id: string | Id;
  /** Members in which the operations hold properties, e.g. `LaunchTemplateData`. */
  readonly inside?: readonly string[];
  readonly create: CallName;
  /** The first call finds the resource; others tell more about it. */
  readonly read: CallName | readonly CallName[];
  readonly updates?: readonly CallName[];
  readonly delete: CallName | undefined;
  /** Input properties of which a change makes a new resource. */
  readonly replace?: readonly string[];
  /** Input properties that can change. */
  readonly update?: readonly string[];
  /** Input properties that AWS does not know, e.g. `skipDestroy`. */
  readonly local?: readonly string[];
  /** What AWS answers that only the entry needs, e.g. for the id. */
  readonly internal?: readonly string[];
  readonly names?: Renames;
  /** What an update sends for a property that the program no longer gives. */
  readonly none?: Values;
  /** Properties that AWS refuses when they are false: they are true or left out. */
  readonly onlyTrue?: readonly string[];
  /** Allowed values: a list, or the name of an enumeration of the SDK. By path, e.g. `statuses.status`. */
  readonly allowed?: Readonly<Record<string, string | readonly Value[]>>;
  /** Whole numbers, from and to. */
  readonly ranges?: Readonly<Record<string, readonly [number, number]>>;
  readonly check?: (inputs: Values) => CheckFailure[];
  /** For a part of something else: the property without which there is no such part, e.g. `policy`. */
  readonly part?: string;
  /** When AWS takes its time: members that tell the state, and what they say in the end. */
  readonly ready?: readonly {
    readonly status: string;
    readonly is: readonly string[];
    readonly failed?: readonly string[];
  }[];
  /** Deletion takes time, too: it is over when the resource can no longer be found. */
  readonly gone?: boolean;
  /** What tells that the thing is on its way out, though it can still be read. */
  readonly leaving?: { readonly status: string; readonly is: RegExp };
  /** Refusals of creation and updates that pass, e.g. of a role that is new. */
  readonly retry?: readonly string[];
  /** Refusals of deletion that pass, e.g. `DependencyViolation`. */
  readonly busy?: readonly string[];
  /** Where the service has operations for the tags of each of its types, as IAM does. */
  readonly tags?: TagCalls;
  /** In place of operations on single tags, for services that know only all of them at once. */
  readonly tagging?: Tagging;
  /** Type of the resource in EC2's tag specifications. */
  readonly tagType?: string;
  /** Changes a request that is about to be sent. */
  readonly request?: (request: Structure, values: Values, operation: Operation, call: string) => void | Promise<void>;
  /** Outputs that the answers do not hold under a name of their own. `answers` are those of all `read` calls, by name. */
  readonly outputs?: (
    answers: Readonly<Record<string, Structure>>,
    state: Values,
    operation: Operation,
  ) => Values | Promise<Values>;
}
