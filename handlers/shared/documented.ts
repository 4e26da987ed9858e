/**
 * Requests by the OpenAPI document's own schemas. API Gateway checks bodies of a content type that the document has, and
 * that required parameters are there; what a parameter looks like, and other content types, it lets through.
 */
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from "aws-lambda";
import * as z from "zod";
import { faultsOf } from "./faults";
import { Problem } from "./problem";
import type { Telemetry } from "./telemetry";

export interface OperationSchemas {
  readonly parameters: readonly {
    readonly name: string;
    readonly in: "path" | "query" | "header" | "cookie";
    readonly required: boolean;
    readonly schema: Readonly<Record<string, unknown>>;
  }[];
  readonly body: Readonly<Record<string, unknown>> | null;
}

export interface DocumentedRequest {
  readonly parameters: Readonly<Record<string, string | number | undefined>>;
  readonly body: unknown;
}

/**
 * Answers requests that keep to the document with `work`; all others, and failures, as problems.
 *
 * @param json `OperationSchemas`
 */
export function documented(
  json: string,
  telemetry: Pick<Telemetry<never>, "error">,
  work: (request: DocumentedRequest) => Promise<APIGatewayProxyResult>,
) {
  const schemas = known.get(json) ?? (JSON.parse(json) as OperationSchemas);
  known.set(json, schemas);
  return async (event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> => {
    try {
      return await work(read(schemas, event));
    } catch (error) {
      if (error instanceof Problem) return error.answer;
      telemetry.error("A request failed", error);
      return new Problem(500, "The service failed. Try it again.").answer;
    }
  };
}

/** @throws Problem naming everything that is wrong */
function read({ parameters, body }: OperationSchemas, event: APIGatewayProxyEvent): DocumentedRequest {
  const faults: string[] = [];
  const values: Record<string, string | number | undefined> = {};
  for (const { name, in: place, required, schema } of parameters) {
    const given = valuesOf(event, place, name);
    if (given.length > 1) faults.push(`${name}: given ${given.length} times`);
    const [text] = given;
    if (text === undefined) {
      if (required) faults.push(`${name}: missing`);
      values[name] = schema.default as string | number | undefined;
      continue;
    }
    values[name] = check(schema, typed(text, schema), name, faults) as string | number;
  }
  const sent = body === null ? undefined : check(body, jsonOf(event), "the body", faults);
  if (faults.length > 0) throw new Problem(400, faults.join("; "));
  return { parameters: values, body: sent };
}

function valuesOf(event: APIGatewayProxyEvent, place: string, name: string): string[] {
  if (place === "path") {
    const text = event.pathParameters?.[name];
    return text === undefined ? [] : [decoded(text)];
  }
  if (place === "query") return event.multiValueQueryStringParameters?.[name] ?? [];
  // Names of headers are the same in capitals.
  const found = Object.entries(event.headers).find(([header]) => header.toLowerCase() === name.toLowerCase());
  return found?.[1] === undefined ? [] : [found[1]];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Problem(400, "The path is not encoded as a URL.");
  }
}

function typed(text: string, { type }: Readonly<Record<string, unknown>>): string | number {
  const isNumber = type === "integer" || type === "number";
  return isNumber && /^-?\d{1,15}(\.\d+)?$/.test(text) ? Number(text) : text;
}

function jsonOf({ headers, body, isBase64Encoded }: APIGatewayProxyEvent): unknown {
  const [, type = "application/json"] =
    Object.entries(headers).find(([name]) => name.toLowerCase() === "content-type") ?? [];
  if (!/^application\/json\s*(;|$)/i.test(type)) throw new Problem(415, "Send application/json.");
  const text = isBase64Encoded ? Buffer.from(body ?? "", "base64").toString() : (body ?? "");
  try {
    return JSON.parse(text);
  } catch {
    throw new Problem(400, "The body is not JSON.");
  }
}

/** Of what an execution environment has seen, by operation. */
const known = new Map<string, OperationSchemas>();

const parsers = new WeakMap<object, z.ZodType>();

function check(schema: Readonly<Record<string, unknown>>, value: unknown, name: string, faults: string[]): unknown {
  const parser = parsers.get(schema) ?? z.fromJSONSchema(schema, { defaultTarget: "openapi-3.0" });
  parsers.set(schema, parser);
  const { success, data, error } = parser.safeParse(value);
  if (!success) faults.push(faultsOf(error, name));
  return data;
}
