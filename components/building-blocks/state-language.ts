/**
 * Amazon States Language, as far as definitions are written here: https://states-language.net/spec.html and the Step
 * Functions Developer Guide. Values may be Outputs wherever JSON may.
 */
import type * as pulumi from "@pulumi/pulumi";

/** JSON of a payload: fixed values, paths (`"key.$": "$.id"`) or JSONata (`"{% $states.input.id %}"`). */
export type Template =
  pulumi.Input<string | number | boolean | null> | readonly Template[] | { readonly [key: string]: Template };

/** Where an execution goes on: another state, or its end. */
export type Transition = { Next: string; End?: never } | { End: true; Next?: never };

/** When and how often a state is tried again. */
export interface Retrier {
  /** Names of errors, such as `States.TaskFailed`, `Lambda.TooManyRequestsException`, or a function's own. */
  ErrorEquals: readonly string[];
  /** Seconds before the first retry. */
  IntervalSeconds?: number;
  MaxAttempts?: number;
  BackoffRate?: number;
  /** Most seconds between two tries. */
  MaxDelaySeconds?: number;
  JitterStrategy?: "FULL" | "NONE";
}

/** Where an execution goes on after an error. */
export interface Catcher {
  ErrorEquals: readonly string[];
  Next: string;
  ResultPath?: string | null;
  Output?: Template;
  Assign?: Record<string, Template>;
}

interface Common {
  Comment?: string;
  QueryLanguage?: "JSONPath" | "JSONata";
  /** JSONPath. */
  InputPath?: string | null;
  /** JSONPath. */
  OutputPath?: string | null;
  /** JSONata. */
  Output?: Template;
  /** Variables that later states read. */
  Assign?: Record<string, Template>;
}

interface Working extends Common {
  /** JSONPath. */
  ResultSelector?: Record<string, Template>;
  /** JSONPath. */
  ResultPath?: string | null;
  Retry?: readonly Retrier[];
  Catch?: readonly Catcher[];
}

export type TaskState = Working &
  Transition & {
    Type: "Task";
    /** ARN of an integration (`arn:aws:states:::lambda:invoke`), a function or an activity. */
    Resource: pulumi.Input<string>;
    /** JSONPath. */
    Parameters?: Template;
    /** JSONata. */
    Arguments?: Template;
    /** The role to act as, in place of the machine's own. */
    Credentials?: { RoleArn: pulumi.Input<string> } | { "RoleArn.$": string };
    TimeoutSeconds?: number | string;
    TimeoutSecondsPath?: string;
    HeartbeatSeconds?: number | string;
    HeartbeatSecondsPath?: string;
  };

export type PassState = Common &
  Transition & { Type: "Pass"; Result?: Template; Parameters?: Template; ResultPath?: string | null };

/** A rule of JSONPath (`Variable` with a comparison, `And`, `Or`, `Not`), or a `Condition` of JSONata. */
export interface ChoiceRule {
  Next: string;
  Condition?: string;
  [comparison: string]: Template | undefined;
}

export type ChoiceState = Common & { Type: "Choice"; Choices: readonly ChoiceRule[]; Default?: string };

export type WaitState = Common &
  Transition & {
    Type: "Wait";
    Seconds?: pulumi.Input<number | string>;
    SecondsPath?: string;
    Timestamp?: pulumi.Input<string>;
    TimestampPath?: string;
  };

export type SucceedState = Common & { Type: "Succeed" };

export interface FailState {
  Type: "Fail";
  Comment?: string;
  QueryLanguage?: "JSONPath" | "JSONata";
  Error?: string;
  ErrorPath?: string;
  Cause?: string;
  CausePath?: string;
}

export type ParallelState = Working &
  Transition & { Type: "Parallel"; Branches: readonly StatesDefinition[]; Parameters?: Template; Arguments?: Template };

/** States within a machine: a branch, or what is done with each item. */
export interface StatesDefinition {
  Comment?: string;
  StartAt: string;
  States: Readonly<Record<string, State>>;
}

export interface ItemProcessor extends StatesDefinition {
  ProcessorConfig?: { Mode: "INLINE" } | { Mode: "DISTRIBUTED"; ExecutionType: "EXPRESS" | "STANDARD" };
}

/** What a distributed map reads its items from, in S3. */
export interface ItemReader {
  /** `…:states:::s3:listObjectsV2` for the objects themselves, `…:states:::s3:getObject` for what is in one. */
  Resource: pulumi.Input<string>;
  ReaderConfig?: {
    InputType?: "CSV" | "JSON" | "JSONL" | "MANIFEST" | "PARQUET";
    CSVHeaderLocation?: "FIRST_ROW" | "GIVEN";
    CSVHeaders?: readonly string[];
    CSVDelimiter?: "COMMA" | "PIPE" | "SEMICOLON" | "SPACE" | "TAB";
    MaxItems?: number | string;
    MaxItemsPath?: string;
  };
  /** JSONPath. */
  Parameters?: Template;
  /** JSONata. */
  Arguments?: Template;
}

/** Items that one child execution gets together, as `Items`. */
export interface ItemBatcher {
  MaxItemsPerBatch?: number | string;
  MaxItemsPerBatchPath?: string;
  /** At most 262,144. */
  MaxInputBytesPerBatch?: number | string;
  MaxInputBytesPerBatchPath?: string;
  /** Given to every batch, as `BatchInput`. */
  BatchInput?: Template;
}

/** Where and how a distributed map writes what its children answer. */
export interface ResultWriter {
  /** `…:states:::s3:putObject`. */
  Resource?: pulumi.Input<string>;
  Parameters?: Template;
  Arguments?: Template;
  WriterConfig?: { OutputType?: "JSON" | "JSONL"; Transformation?: "COMPACT" | "FLATTEN" | "NONE" };
}

export type MapState = Working &
  Transition & {
    Type: "Map";
    ItemProcessor: ItemProcessor;
    ItemsPath?: string;
    Items?: Template;
    ItemSelector?: Template;
    MaxConcurrency?: number | string;
    MaxConcurrencyPath?: string;
    /** Of a distributed map, as all that follows. */
    ItemReader?: ItemReader;
    ItemBatcher?: ItemBatcher;
    ResultWriter?: ResultWriter;
    ToleratedFailureCount?: number | string;
    ToleratedFailureCountPath?: string;
    ToleratedFailurePercentage?: number | string;
    ToleratedFailurePercentagePath?: string;
    /** In the ARNs of its map runs and their children. */
    Label?: string;
  };

export type State =
  TaskState | PassState | ChoiceState | WaitState | SucceedState | FailState | ParallelState | MapState;

/** A whole state machine. */
export interface StateMachineDefinition extends StatesDefinition {
  /** How values are computed where a state says nothing else. Step Functions' own default is JSONPath. */
  QueryLanguage?: "JSONPath" | "JSONata";
  /** Seconds after which an execution is stopped. */
  TimeoutSeconds?: number;
}
