/** A split OpenAPI document: read, checked and put into one by Redocly's library, as `redocly bundle` and `lint` do. */
import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { ArgumentsError } from "../internal/argument-checks";
import type { Operation, ReadDocument } from "./bundle";
import { apiPage, readRedoc } from "./page";

/** What a function has to know of its operation, to check what it gets by the document's own schemas. */
export interface OperationSchemas {
  readonly parameters: readonly {
    readonly name: string;
    readonly in: "path" | "query" | "header" | "cookie";
    readonly required: boolean;
    readonly schema: JsonSchema;
  }[];
  /** Of the body as JSON. */
  readonly body: JsonSchema | null;
}

export type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * An OpenAPI 3.0 document, split into files as its authors like.
 *
 * ```ts
 * const document = new OpenApiDocument("apps/widget-api/api/apiSkeleton.yaml");
 * ```
 *
 * A file of the folder `paths/` beside the skeleton that begins with `x-path: /widget/{widgetname}` adds its operations
 * there without a line in the skeleton. All that is wrong is found together, with file and line.
 *
 * @see https://aws.amazon.com/blogs/devops/organize-your-aws-serverless-code-to-prevent-merge-conflicts/
 */
export class OpenApiDocument {
  private reading: Promise<ReadDocument> | undefined;

  /** @param file the skeleton */
  constructor(readonly file: string) {}

  /** Reads it once. */
  read(): Promise<ReadDocument> {
    // Most programs have no API, and loading what reads documents takes a quarter of a second.
    return (this.reading ??= import("./read").then(({ readDocument }) => readDocument(this.file)));
  }

  /** The document in one, as JSON; for clients, mocks and tests. @throws ArgumentsError with all faults */
  async bundle(): Promise<string> {
    const { bundle, faults } = await this.read();
    if (faults.length > 0) throw new ArgumentsError(`OpenAPI document ${this.file}`, faults);
    return JSON.stringify(bundle);
  }

  /**
   * The document as a page for people: one HTML file, made by Redoc, that asks no host for anything.
   *
   * @throws ArgumentsError with all faults; RunError where package `redoc` is not installed where the document is
   */
  async page(): Promise<string> {
    return apiPage(await this.bundle(), readRedoc(this.file));
  }

  /** What the document says of an operation; of a document with faults, which its API refuses, nothing. */
  operation(operationId: string): pulumi.Output<OperationSchemas> {
    return pulumi.output(this.schemasOf(operationId));
  }

  /**
   * The same as JSON, for callbacks to capture: Pulumi's serialisation takes an object with a `default`, as schemas have,
   * for a module.
   */
  schemas(operationId: string): pulumi.Output<string> {
    return this.operation(operationId).apply((schemas) => JSON.stringify(schemas));
  }

  private async schemasOf(operationId: string): Promise<OperationSchemas> {
    const { bundle, operations } = await this.read();
    const found = operations.get(operationId);
    if (found === undefined) return { parameters: [], body: null };
    const { parameters, requestBody } = found;
    const asked = resolved({ parameters, requestBody }, bundle) as Pick<Operation, "parameters" | "requestBody">;
    return {
      parameters: (asked.parameters ?? []).map((it) => ({
        name: it.name,
        in: it.in,
        required: it.required ?? false,
        schema: withoutExamples(it.schema ?? {}),
      })),
      body: withoutExamples(asked.requestBody?.content?.["application/json"]?.schema ?? null),
    };
  }
}

/** Text that changes when a document does. */
export function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** A part of a document with what its references lead to. Documents with circular references are refused before. */
function resolved(part: unknown, bundle: unknown): unknown {
  if (Array.isArray(part)) return part.map((entry) => resolved(entry, bundle));
  if (typeof part !== "object" || part === null) return part;
  const { $ref } = part as { $ref?: unknown };
  if (typeof $ref === "string") return resolved(at(bundle, $ref), bundle);
  return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, resolved(value, bundle)]));
}

function at(bundle: unknown, pointer: string): unknown {
  const keys = pointer.slice(2).split("/");
  return keys.reduce<unknown>((found, key) => {
    const name = decodeURIComponent(key).replaceAll("~1", "/").replaceAll("~0", "~");
    return (found as Record<string, unknown> | undefined)?.[name];
  }, bundle);
}

/** Words for people, which checks need not know. */
const WORDS = ["description", "example", "title"];

function withoutExamples<T>(schema: T): T {
  if (Array.isArray(schema)) return schema.map(withoutExamples) as T;
  if (typeof schema !== "object" || schema === null) return schema;
  const isText = (value: unknown): boolean => typeof value !== "object" || value === null;
  const kept = Object.entries(schema).filter(([key, value]) => !WORDS.includes(key) || !isText(value));
  return Object.fromEntries(kept.map(([key, value]) => [key, withoutExamples(value as unknown)])) as T;
}
