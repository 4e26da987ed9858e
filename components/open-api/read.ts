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
import { type Bundle, operationsIn, type ReadDocument } from "./bundle";
import { Collected } from "./collected";
import { Files } from "./files";
import { placePaths } from "./placed-paths";

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
  if (skeleton.document === undefined) return { ...NOTHING, faults: [skeleton.fault], places: new Map() };
  const { document, faults: misplaced } = await placePaths(skeleton.document, files);
  const collected = new Collected();
  const config = await configFor(collected);
  const problems = await lintDocument({ document, config: config.styleguide, externalRefResolver: files });
  const faults = [...misplaced, ...problems.map(faultOf), ...collected.circles().map(circleFault)];
  const places = collected.places(placeOf);
  if (faults.length > 0) return { ...NOTHING, faults, places };
  const bundled = await bundleDocument({ document, config: config.styleguide, externalRefResolver: files });
  const bundle = (bundled.bundle as Document & { parsed: Bundle }).parsed;
  const operations = new Map(operationsIn(bundle).map((operation) => [operation.operationId ?? "", operation]));
  return { bundle, faults, operations, places };
}

/** What is known of a document with faults. */
const NOTHING = { bundle: {}, operations: new Map<string, never>() } as const;

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
