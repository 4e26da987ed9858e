/** REST APIs, as checkov (CKV_AWS_59, CKV_AWS_76, CKV2_AWS_53) and cfn-nag (W68) look at them. */
import { properties, type Finding, type Rule, type Subject } from "../rule";
import { isAbsent, isKnown, placesAt } from "../values";

const API = "aws:apigateway/restApi:RestApi";
const STAGE = "aws:apigateway/stage:Stage";
const METHODS = ["get", "put", "post", "delete", "options", "head", "patch"];

interface Operation {
  readonly security?: readonly object[];
  readonly "x-open-because"?: string;
  readonly "x-amazon-apigateway-request-validator"?: string;
}

type Document = Operation & {
  readonly paths?: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly "x-amazon-apigateway-request-validators"?: Readonly<
    Record<string, { readonly validateRequestBody?: boolean; readonly validateRequestParameters?: boolean }>
  >;
};

/** Operations of an API's document, and the document; none where it is not known, or another form than JSON. */
function operationsOf({ props }: Subject): { name: string; operation: Operation; document: Document }[] {
  const [body] = placesAt(props, "body").filter(isKnown);
  const document = typeof body?.value === "string" ? parsed(body.value) : undefined;
  return Object.entries(document?.paths ?? {}).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = item[method];
      const name = `${method.toUpperCase()} ${path}`;
      return operation === undefined || document === undefined ? [] : [{ name, operation, document }];
    }),
  );
}

function parsed(text: string): Document | undefined {
  try {
    return JSON.parse(text) as Document;
  } catch {
    return undefined;
  }
}

/** A browser asks by OPTIONS before it signs anything. */
function isOpen(name: string, operation: Operation, document: Document): boolean {
  if (name.startsWith("OPTIONS ") || (operation["x-open-because"] ?? "").trim() !== "") return false;
  const requirements = operation.security ?? document.security ?? [];
  return requirements.length === 0 || requirements.some((one) => Object.keys(one).length === 0);
}

function isUnchecked(operation: Operation, document: Document): boolean {
  const key = "x-amazon-apigateway-request-validator";
  const validator = document[`${key}s`]?.[operation[key] ?? document[key] ?? ""];
  return validator?.validateRequestBody !== true || validator.validateRequestParameters !== true;
}

function findings(subject: Subject, isWrong: (name: string, operation: Operation, document: Document) => boolean) {
  const wrong = operationsOf(subject).filter(({ name, operation, document }) => isWrong(name, operation, document));
  return wrong.map(({ name }): Finding => ({ property: "body", value: name }));
}

export const apiRules: readonly Rule[] = [
  {
    id: "api-authorization",
    title: "Operations of REST APIs ask who calls, or the document says why not",
    reason: "Everybody on the internet may call the operation otherwise.",
    remedy: "Give the operation or the document security, or the operation x-open-because with the reason.",
    severity: "mandatory",
    types: [API],
    check: (subject) => findings(subject, isOpen),
  },
  {
    id: "api-validation",
    title: "REST APIs validate requests by their document",
    reason: "What the document does not allow reaches functions otherwise, and is paid for.",
    remedy:
      "Set x-amazon-apigateway-request-validator to a validator that has validateRequestBody and validateRequestParameters.",
    severity: "mandatory",
    types: [API],
    check: (subject) => findings(subject, (_, operation, document) => isUnchecked(operation, document)),
  },
  {
    id: "api-access-logs",
    title: "Stages of APIs log who asked for what",
    reason: "Nobody can tell afterwards who called, and what was answered.",
    remedy: "Set accessLogSettings with a log group's ARN as destinationArn, and a format.",
    severity: "mandatory",
    ...properties(
      {
        [STAGE]: "accessLogSettings.destinationArn",
        "aws:apigatewayv2/stage:Stage": "accessLogSettings.destinationArn",
      },
      (value) => !isAbsent(value) && value !== "",
    ),
  },
];
