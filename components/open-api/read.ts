/** Reading a split document: everything that is wrong with it is found at once, each with file and line. */
import { relative, resolve } from "node:path";
import {
  bundleDocument,
  type Config,
  createConfig,
  type Document,
  getLineColLocation,
  lintDocument,
  type LocationObject,
  type NormalizedProblem,
} from "@redocly/openapi-core";
import type { Fault } from "../internal/faults";
import { Collected } from "./collected";
import { Files } from "./files";
import { placePaths } from "./placed-paths";

/** An operation as OpenAPI writes it, as far as it is looked at here. */
export interface Operation {
  readonly operationId?: string;
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: "path" | "query" | "header" | "cookie";
    readonly required?: boolean;
    readonly schema?: Readonly<Record<string, unknown>>;
  }[];
  readonly requestBody?: {
    readonly content?: Readonly<Record<string, { readonly schema?: Readonly<Record<string, unknown>> }>>;
  };
  readonly security?: readonly object[];
  readonly [extension: `x-${string}`]: unknown;
}

export type PathItem = Readonly<Record<string, unknown>>;

export interface Bundle {
  readonly paths?: Readonly<Record<string, PathItem>>;
  readonly security?: readonly object[];
  readonly [member: string]: unknown;
}

export interface FoundOperation extends Operation {
  readonly method: string;
  readonly path: string;
}

export interface ReadDocument {
  /** In one, with references within it only. */
  readonly bundle: Bundle;
  readonly faults: readonly Fault[];
  /** `file:line` of operations, by operationId. */
  readonly places: ReadonlyMap<string, string>;
}

const METHODS = ["get", "put", "post", "delete", "options", "head", "patch"];

/** The operations of a document, with the parameters of their path. */
export function operationsIn({ paths = {} }: Bundle): FoundOperation[] {
  return Object.entries(paths).flatMap(([path, item]) =>
    METHODS.filter((method) => method in item).map((method) => {
      const operation = item[method] as Operation;
      const shared = (item.parameters ?? []) as NonNullable<Operation["parameters"]>;
      return { ...operation, parameters: [...shared, ...(operation.parameters ?? [])], method, path };
    }),
  );
}

/**
 * What is held against a document besides that it is one. The rules are Redocly's.
 * https://redocly.com/docs/cli/rules/built-in-rules
 */
const RULES = {
  struct: "error",
  "no-unresolved-refs": "error",
  "no-identical-paths": "error",
  "no-path-trailing-slash": "error",
  "operation-2xx-response": "error",
  "operation-4xx-response": "error",
  "operation-operationId": "error",
  "operation-operationId-unique": "error",
  "operation-parameters-unique": "error",
  "path-declaration-must-exist": "error",
  "path-parameters-defined": "error",
  "security-defined": "error",
  "no-invalid-schema-examples": "error",
} as const;

async function configFor(collected: Collected): Promise<Config> {
  const plugin = { id: "aws-patterns", rules: { oas3: { collect: () => collected.visitor() } } };
  return createConfig({ plugins: [plugin], rules: { ...RULES, "aws-patterns/collect": "error" } });
}

/** Reads a document and all files that it consists of; nothing is fetched from elsewhere. */
export async function readDocument(file: string): Promise<ReadDocument> {
  const files = new Files();
  const skeleton = await files.open(resolve(file), true);
  if (skeleton.document === undefined) return { bundle: {}, faults: [skeleton.fault], places: new Map() };
  const { document, faults: misplaced } = await placePaths(skeleton.document, files);
  const collected = new Collected();
  const config = await configFor(collected);
  const problems = await lintDocument({ document, config: config.styleguide, externalRefResolver: files });
  const faults = [...misplaced, ...problems.map(faultOf), ...collected.circles().map(circleFault)];
  if (faults.length > 0) return { bundle: {}, faults, places: collected.places(placeOf) };
  const bundled = await bundleDocument({ document, config: config.styleguide, externalRefResolver: files });
  return {
    bundle: (bundled.bundle as Document & { parsed: Bundle }).parsed,
    faults,
    places: collected.places(placeOf),
  };
}

/** `file:line`. */
export function placeOf(location: LocationObject): string {
  const { source, start } = getLineColLocation(location);
  return `${relative(process.cwd(), source.absoluteRef)}:${start.line}`;
}

function faultOf({ location, message, ruleId, suggest }: NormalizedProblem): Fault {
  const [first] = location;
  const hint = suggest.length === 0 ? "" : ` Did you mean ${suggest.join(" or ")}?`;
  return {
    path: first === undefined ? "document" : placeOf(first),
    received: message.replaceAll("\n", " "),
    allowed: `what Redocly's rule ${ruleId} allows`,
    fix: `Correct the document.${hint}`,
  };
}

function circleFault(location: LocationObject): Fault {
  return {
    path: placeOf(location),
    received: `a circular reference at ${location.pointer ?? "#/"}`,
    allowed: "references that do not lead back to themselves",
    fix: "API Gateway and typed clients need schemas that end: name the inner thing by its id instead.",
  };
}
