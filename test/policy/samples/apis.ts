import { right, type RuleSamples, wrong } from "./sample";

const API = "aws:apigateway/restApi:RestApi";
const STAGE = "aws:apigateway/stage:Stage";
const LOGS = { accessLogSettings: { destinationArn: "arn:aws:logs:us-east-1:111111111111:log-group:requests" } };

const KEY = "x-amazon-apigateway-request-validator";
const body = (document: object, operation: object = {}, method = "get") => ({
  body: JSON.stringify({ ...document, paths: { "/widget": { [method]: operation } } }),
});
const validators = (validateRequestBody: boolean, validateRequestParameters: boolean) => ({
  [`${KEY}s`]: { all: { validateRequestBody, validateRequestParameters } },
});

export const apiSamples: Readonly<Record<string, RuleSamples>> = {
  "api-authorization": {
    passes: [
      right(API, body({ security: [{ sigv4: [] }] })),
      right(API, body({}, { security: [{ sigv4: [] }] })),
      right(API, body({}, { "x-open-because": "A report for the press." })),
      right(API, body({}, {}, "options")),
      right(API, { body: "openapi: 3.0.3" }),
      right(API, {}),
    ],
    fails: [
      wrong(API, body({}), "body", "GET /widget"),
      wrong(API, body({ security: [{ sigv4: [] }] }, { security: [] }), "body", "GET /widget"),
      wrong(API, body({ security: [{}, { sigv4: [] }] }, { "x-open-because": " " }), "body", "GET /widget"),
    ],
  },
  "api-validation": {
    passes: [
      right(API, body({ [KEY]: "all", ...validators(true, true) })),
      right(API, body(validators(true, true), { [KEY]: "all" })),
    ],
    fails: [
      wrong(API, body({}), "body", "GET /widget"),
      wrong(API, body({ [KEY]: "all", ...validators(true, false) }), "body", "GET /widget"),
      wrong(API, body({ [KEY]: "other", ...validators(true, true) }), "body", "GET /widget"),
    ],
  },
  "api-access-logs": {
    passes: [right(STAGE, LOGS), right("aws:apigatewayv2/stage:Stage", LOGS)],
    fails: [
      wrong(STAGE, {}, "accessLogSettings.destinationArn", undefined),
      wrong("aws:apigatewayv2/stage:Stage", {}, "accessLogSettings.destinationArn", undefined),
    ],
  },
};
