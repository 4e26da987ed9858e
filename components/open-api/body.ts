/**
 * The document as API Gateway imports it: with the integration of each operation, and with requests validated.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions.html
 */
import type { Fault } from "../internal/faults";
import type { Bundle, FoundOperation, PathItem, ReadDocument } from "./bundle";

/** One entry of `x-amazon-apigateway-integration`. */
export type Integration =
  | { readonly kind: "function"; readonly invokeArn: string }
  | {
      readonly kind: "dynamodb";
      readonly uri: string;
      readonly roleArn: string;
      readonly request: string;
      readonly responses: readonly DirectResponse[];
    };

/** What a direct integration answers. */
export interface DirectResponse {
  /** HTTP status. */
  status: number;
  /** Statuses of DynamoDB that it is for, as a regular expression, e.g. `4\\d{2}`. @default all that have no other */
  pattern?: string;
  /** Its body, as a mapping template. @default none */
  template?: string;
  /** @default "application/json" */
  contentType?: string;
}

/** Why an operation has no `security`, in the document. */
const OPEN = "x-open-because";

/** What is wrong with a document beside its table of operations. */
export function tableFaults(read: ReadDocument, file: string, operationIds: readonly string[]): Fault[] {
  const operations = [...read.operations.values()];
  const known = new Set(operationIds);
  return [
    ...operations
      .filter(({ operationId = "" }) => !known.has(operationId))
      .map(({ operationId = "" }) => ({
        path: read.places.get(operationId) ?? file,
        received: operationId,
        allowed: operationIds.length === 0 ? "no operation" : operationIds.join(", "),
        fix: `Give operation ${operationId} a function, as operations.${operationId}, or take it out of the document.`,
      })),
    ...operationIds
      .filter((operationId) => !read.operations.has(operationId))
      .map((operationId) => ({
        path: `operations.${operationId}`,
        received: operationId,
        allowed: [...read.operations.keys()].join(", ") || "nothing: the document has no operations",
        fix: `Describe operation ${operationId} below paths/ of ${file}, or take its function out.`,
      })),
    ...operations
      .filter((operation) => isOpenWithoutReason(operation, read.bundle))
      .map((operation) => ({
        path: read.places.get(operation.operationId ?? "") ?? file,
        received: `operation ${operation.operationId} without security`,
        allowed: `security, or ${OPEN} with a reason`,
        fix: `Add security to the operation or the document, or say why everybody may call it: ${OPEN}: <reason>.`,
      })),
  ];
}

function isOpenWithoutReason(operation: FoundOperation, { security }: Bundle): boolean {
  const requirements = operation.security ?? security ?? [];
  // An empty requirement among others makes them optional.
  const isOpen = requirements.length === 0 || requirements.some((it) => Object.keys(it).length === 0);
  const reason = operation[OPEN];
  return isOpen && !(typeof reason === "string" && reason.trim() !== "");
}

const VALIDATOR = "all";

/** The document with integrations, by operationId. */
export function importBody(bundle: Bundle, integrations: Readonly<Record<string, Integration>>): string {
  const paths = Object.entries(bundle.paths ?? {}).map(([path, item]) => [
    path,
    integrated(item, bundle, integrations),
  ]);
  return JSON.stringify({
    ...bundle,
    "x-amazon-apigateway-request-validators": {
      [VALIDATOR]: { validateRequestBody: true, validateRequestParameters: true },
    },
    "x-amazon-apigateway-request-validator": VALIDATOR,
    paths: Object.fromEntries(paths) as object,
  });
}

function integrated(item: PathItem, bundle: Bundle, integrations: Readonly<Record<string, Integration>>): PathItem {
  return Object.fromEntries(
    Object.entries(item).map(([name, value]) => {
      const { operationId, responses = {} } = (value ?? {}) as { operationId?: string; responses?: Responses };
      const integration = operationId === undefined ? undefined : integrations[operationId];
      if (integration === undefined) return [name, value];
      const operation = { ...(value as object), "x-amazon-apigateway-integration": extension(integration) };
      if (integration.kind === "function") return [name, operation];
      return [name, { ...operation, responses: withContentType(responses, integration.responses, bundle) }];
    }),
  );
}

function extension(integration: Integration): object {
  if (integration.kind === "function") {
    return { type: "aws_proxy", httpMethod: "POST", uri: integration.invokeArn, timeoutInMillis: 29_000 };
  }
  return {
    type: "aws",
    httpMethod: "POST",
    uri: integration.uri,
    credentials: integration.roleArn,
    passthroughBehavior: "never",
    requestTemplates: { "application/json": integration.request },
    responses: Object.fromEntries(
      integration.responses.map(({ status, pattern = "default", template = "", contentType = "application/json" }) => [
        pattern,
        {
          statusCode: String(status),
          responseParameters: { "method.response.header.Content-Type": `'${contentType}'` },
          responseTemplates: { "application/json": template },
        },
      ]),
    ) as object,
  };
}

type Responses = Readonly<Record<string, { readonly $ref?: string; readonly headers?: object }>>;

/** The responses that an integration answers with: API Gateway maps only headers that are declared. */
function withContentType(responses: Responses, used: readonly DirectResponse[], bundle: Bundle): object {
  const known = (bundle.components as { responses?: Responses } | undefined)?.responses ?? {};
  const declared = used.map(({ status }) => {
    const { $ref, ...own } = responses[String(status)] ?? {};
    const response = $ref === undefined ? own : known[$ref.slice($ref.lastIndexOf("/") + 1)];
    return [status, { ...response, headers: { ...response?.headers, "Content-Type": { schema: { type: "string" } } } }];
  });
  return { ...responses, ...(Object.fromEntries(declared) as object) };
}
