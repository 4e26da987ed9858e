/** What answers the operations of an API, one file each. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { CallbackLambda } from "../building-blocks/callback-lambda";
import type { DirectResponse } from "./body";

/** An operation that a function answers, by Lambda's proxy integration. */
export interface FunctionOperation {
  lambda: CallbackLambda | aws.lambda.Function;
}

/** An operation that DynamoDB answers without a function between. */
export interface DynamoDbOperation {
  dynamodb: {
    /** The action, e.g. `DeleteItem`. */
    action: string;
    /** ARNs of the table, or of its index, that it acts on; what the operation's role may act on. */
    resources: readonly pulumi.Input<string>[];
    /** The request of the action, as a mapping template. */
    request: pulumi.Input<string>;
    /** What is answered. One of them has no `pattern`. */
    responses: readonly DirectResponse[];
  };
}

export type OpenApiOperation = FunctionOperation | DynamoDbOperation;

interface OperationFile<Context> {
  readonly operation?: (context: Context) => OpenApiOperation;
}

/**
 * The operations of a folder: `put-widget.ts` exports `operation`, a function that makes what answers `putWidget`. Who
 * adds an endpoint adds a file, and changes none.
 *
 * ```ts
 * const operations = operationsOf(join(__dirname, "operations"), { table });
 * ```
 *
 * @throws RunError naming a file that exports no `operation`
 */
export function operationsOf<Context>(folder: string, context: Context): Record<string, OpenApiOperation> {
  const files = readdirSync(folder)
    .filter((file) => /(?<!\.d)\.[jt]s$/.test(file))
    .sort();
  return Object.fromEntries(
    files.map((file) => {
      // eslint-disable-next-line @typescript-eslint/no-require-imports -- which files there are is known at run time
      const { operation } = require(join(folder, file)) as OperationFile<Context>;
      if (typeof operation !== "function") {
        throw new pulumi.RunError(`${join(folder, file)} exports no function "operation"; every file of it does`);
      }
      return [operationIdOf(file), operation(context)];
    }),
  );
}

/** `put-widget.ts` answers `putWidget`. */
function operationIdOf(file: string): string {
  return file.replace(/\.[jt]s$/, "").replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}
