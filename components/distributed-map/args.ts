import type * as pulumi from "@pulumi/pulumi";
import type { CallbackLambdaArgs } from "../building-blocks/callback-lambda";
import type { ObservabilityArgs } from "../building-blocks/component";
import type { TaskState } from "../building-blocks/state-language";
import type { PolicyStatement } from "../internal/policy";

/** A key that an execution's input names. */
export interface KeyFromInput {
  /** Path in the input, such as `$.key`; of S3's events `$.detail.object.key`. @format reference-path */
  path: string;
  /** What such keys begin with; nothing else may be read. @format key-prefix */
  prefix: string;
}

/** An object of a bucket. */
export interface SourceObject {
  /** Name of the bucket, in the region of the state machine. @format bucket-name */
  bucket: pulumi.Input<string>;
  /** Key of the object, or where it is in an execution's input. @format object-key */
  key: pulumi.Input<string> | KeyFromInput;
  /** Most items that are read; the others are left out. @integer @minimum 1 @maximum 100000000 @default all */
  maxItems?: number;
}

/** The objects of a bucket whose keys begin alike. */
export interface SourceObjects {
  /** Name of the bucket, in the region of the state machine. @format bucket-name */
  bucket: pulumi.Input<string>;
  /** What their keys begin with, such as `images/`. @format key-prefix */
  prefix: string;
  /** Most objects that are read; the others are left out. @integer @minimum 1 @maximum 100000000 @default all */
  maxItems?: number;
}

/** A CSV file of at most 10 GB. */
export interface CsvObject extends SourceObject {
  /** Names of the columns. @minItems 1 @uniqueItems @default those in the file's first row */
  headers?: string[];
  /** What stands between two fields. @default "COMMA" */
  delimiter?: "COMMA" | "PIPE" | "SEMICOLON" | "SPACE" | "TAB";
}

/** What the items are: AWS reads up to 100 million. */
export type MapSource =
  | {
      /** Each object of a list. An item has `Key`, `Size`, `Etag`, `LastModified` and `StorageClass`. */
      objects: SourceObjects;
    }
  | {
      /** Each row of a CSV file, as a map by column. */
      csv: CsvObject;
    }
  | {
      /** Each element of a JSON list. */
      json: SourceObject;
    }
  | {
      /** Each line of a file of JSON lines. */
      jsonLines: SourceObject;
    }
  | {
      /** Each object of an S3 inventory in CSV: the object is its `manifest.json`. */
      inventory: SourceObject;
    };

/** Items that one child execution gets together, as `Items`; `items`, `bytes` or both limit a batch. */
export interface MapBatch {
  /** Most items of a batch. @integer @minimum 1 @maximum 100000000 @unit items @default as `bytes` allows */
  items?: number;
  /** Most bytes of a batch's input. @integer @minimum 1 @maximum 262144 @unit bytes @default as `items` allows */
  bytes?: number;
  /** Given to every batch, as `BatchInput`. @default nothing */
  input?: Record<string, unknown>;
}

/** How much may fail before the run does, by number, by share, or by the one that is reached first. */
export interface ToleratedFailures {
  /** Items that may fail. @integer @minimum 0 @maximum 100000000 @unit items @default 0 */
  count?: number;
  /** Share of items that may fail. @integer @minimum 0 @maximum 100 @unit percents @default 0 */
  percentage?: number;
}

/** Where what the items' executions answer is written. */
export interface MapResults {
  /** Name of the bucket, in the region and account of the state machine. @format bucket-name */
  bucket: pulumi.Input<string>;
  /** Folder that they are in, such as `results`; in it each run has its own. @format folder */
  prefix: string;
}

/** Retries of an item's function after Lambda's own errors, each wait by chance between nothing and its length. */
export interface MapRetries {
  /** Retries after the first failure. @integer @minimum 0 @maximum 20 @unit retries @default 6 */
  attempts?: number;
  /** Longest wait before the first. @integer @minimum 1 @maximum 3600 @unit seconds @default 2 */
  intervalSeconds?: number;
  /** What the longest wait is multiplied with after each. @minimum 1 @maximum 10 @default 2 */
  backoffRate?: number;
  /** Longest wait of all. @integer @minimum 1 @maximum 31622400 @unit seconds @default 60 */
  maxDelaySeconds?: number;
}

/** A function that exists. */
export interface ExistingFunction {
  /** Its ARN, of the function itself, a version or an alias. @format function-arn */
  arn: pulumi.Input<string>;
  /**
   * What is reserved for it.
   *
   * @integer @minimum 1 @maximum 1000 @unit instances
   * @default nothing: it shares the account's quota
   */
  reservedConcurrency?: number;
}

/** A service that does the work without a function of ours. */
export interface ItemTask {
  /** A Task state with `End: true`, such as one of `arn:aws:states:::dynamodb:putItem`. @rule */
  state: TaskState;
  /** Exactly what it may do. */
  policies: readonly PolicyStatement[];
}

/** What a function made here may take. */
export interface ItemCapacity {
  /**
   * Instances at the same time that are reserved for the function; above `maxConcurrency`.
   *
   * @integer @minimum 1 @maximum 1000 @unit instances
   * @default nothing: it shares the account's quota
   */
  reservedConcurrency?: number;
  /** Memory, which decides the CPU too. @integer @minimum 128 @maximum 10240 @unit MB @default 1024 */
  memoryMegabytes?: number;
}

/** A small picture of each PNG and JPEG, under `thumbnails/` of the results. Needs `source.objects`. */
export interface Thumbnails extends ItemCapacity {
  /** Width; narrower pictures stay as wide as they are. @integer @minimum 16 @maximum 2048 @unit pixels @default 200 */
  width?: number;
}

/**
 * The hottest day of each station in measurements, and `summary.json` with those of all batches. Needs `source.csv` or
 * `source.jsonLines`.
 */
export interface HottestDay extends ItemCapacity {
  /** Column of the station. @default "STATION" */
  station?: string;
  /** Column of the day, whose values sort as texts: 2022-07-19. @default "DATE" */
  day?: string;
  /** Column of the day's highest temperature. @default "TMAX" */
  temperature?: string;
}

/** What is done with each item, or with each batch. */
export type MapItem =
  | {
      /** An inline callback, for programs only; arguments of `CallbackLambda`. */
      lambda: CallbackLambdaArgs;
    }
  | {
      /** A function that exists. */
      function: ExistingFunction;
    }
  | {
      /** A service, called without a function. */
      task: ItemTask;
    }
  | {
      /** A ready-made item: small pictures. */
      thumbnails: Thumbnails;
    }
  | {
      /** A ready-made item: the hottest days. */
      hottestDay: HottestDay;
    };

/** Runs at certain times. */
export interface MapSchedule {
  /** `rate(...)` or `cron(...)`. @format recurring-schedule */
  expression: string;
  /** IANA time zone of the expression. @format time-zone @default "UTC" */
  timeZone?: string;
  /** Input of the executions. @default {} */
  input?: Record<string, unknown>;
}

/** Runs when an object has come into the source's bucket, which its owner lets tell EventBridge. */
export interface MapUpload {
  /** What its key begins with. @format key-prefix */
  prefix: string;
  /** What its key ends with, such as `.csv`. @format key-suffix @default anything */
  suffix?: string;
}

export interface DistributedMapArgs extends ObservabilityArgs {
  /** Where the items are. */
  source: MapSource;
  /** What is done with each. */
  item: MapItem;
  /** Where results are written. */
  results: MapResults;
  /** Express children end within five minutes, Standard ones within a year. @default "EXPRESS" */
  children?: "EXPRESS" | "STANDARD";
  /**
   * Child executions at the same time; below the concurrency that is reserved for the item's function.
   *
   * @integer @minimum 1 @maximum 10000 @unit executions
   * @default 40
   */
  maxConcurrency?: number;
  /** Items that are worked on together. @default one by one; 1,000 for `hottestDay` */
  batch?: MapBatch;
  /** What may fail before the run does, which then stops. @default nothing */
  toleratedFailures?: ToleratedFailures;
  /** Retries of an item's function. @default 6, from 2 seconds on */
  retries?: MapRetries;
  /** When it runs by itself. @default never */
  schedule?: MapSchedule;
  /** Which uploads make it run. @default none */
  onUpload?: MapUpload;
  /** Tags of the machine and of its functions. @propertyNames own-tag-key @format tag-value @default none */
  tags?: Record<string, string>;
}
