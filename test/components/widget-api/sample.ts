import type { PatternSample } from "../../support/sample";

const event = (change: object = {}) => ({
  headers: {},
  pathParameters: null,
  multiValueQueryStringParameters: null,
  ...change,
});
const WIDGET = { widgetname: "sprocket", color: "Red", count: 3 };
const ITEM = {
  ...{ widgetname: { S: "sprocket" }, color: { S: "Red" }, count: { N: "3" } },
  ...{ kind: { S: "widget" }, version: { N: "1" } },
};
const JSON_BODY = { "content-type": "application/json" };
const answer = (statusCode: number, body: object, headers: object = {}) => ({
  statusCode,
  headers: { ...JSON_BODY, ...headers },
  body: JSON.stringify(body),
});
const failed = answer(
  500,
  {
    type: "about:blank",
    ...{ title: "Internal Server Error", status: 500, detail: "The service failed. Try it again." },
  },
  { "content-type": "application/problem+json" },
);
const page = answer(200, { widgets: [WIDGET] });
const red = event({ multiValueQueryStringParameters: { color: ["Red"] } });

export const SAMPLE: PatternSample = {
  minimal: {},
  policy: {
    args: { accountLogRole: true },
    exempt: ["iam-resource-wildcard media-service-log-policy"],
    protectedTables: ["media-table"],
  },
  scenarios: {
    "put-widget-function": [
      {
        event: event({ body: JSON.stringify(WIDGET) }),
        answers: { PutItem: "{}" },
        calls: ["PutItem"],
        answer: answer(201, WIDGET, { etag: '"1"' }),
      },
      { event: event({ body: JSON.stringify(WIDGET) }), answers: {}, calls: ["PutItem"], answer: failed },
      {
        event: event({ body: JSON.stringify(WIDGET) }),
        answers: {
          PutItem: { status: 400, error: "ConditionalCheckFailedException" },
          GetItem: JSON.stringify({ Item: ITEM }),
        },
        calls: ["GetItem", "PutItem"],
        answer: answer(200, WIDGET, { etag: '"1"' }),
      },
    ],
    "get-widget-function": [
      {
        event: event({ pathParameters: { widgetname: "sprocket" } }),
        answers: { GetItem: JSON.stringify({ Item: ITEM }) },
        calls: ["GetItem"],
        answer: answer(200, WIDGET, { etag: '"1"' }),
      },
      { event: event({ pathParameters: { widgetname: "sprocket" } }), answers: {}, calls: ["GetItem"], answer: failed },
    ],
    "list-by-color-function": [
      { event: red, answers: { Query: JSON.stringify({ Items: [ITEM] }) }, calls: ["Query"], answer: page },
      { event: red, answers: {}, calls: ["Query"], answer: failed },
    ],
    "filter-widgets-function": [
      { event: event(), answers: {}, calls: ["Query"], answer: failed },
      { event: event(), answers: { Query: JSON.stringify({ Items: [ITEM] }) }, calls: ["Query"], answer: page },
    ],
  },
};
