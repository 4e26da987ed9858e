import * as assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as aws from "@pulumi/aws";
import { OpenApiService, type OpenApiServiceArgs } from "../../../components/building-blocks/open-api-service";
import { OpenApiDocument } from "../../../components/open-api/document";
import type { OpenApiOperation } from "../../../components/open-api/operations";
import { deploy, ofType, only } from "../../support/mocks";
import { statementsOf } from "../../support/policies";

const API = join(__dirname, "..", "..", "..", "apps", "widget-api", "api");
const TABLE = "arn:aws:dynamodb:us-east-1:111111111111:table/widgets";

const direct = (change: object = {}): OpenApiOperation => ({
  dynamodb: { action: "DeleteItem", resources: [TABLE], request: "{}", responses: [{ status: 204 }], ...change },
});

function functions(...operations: readonly string[]): Record<string, OpenApiOperation> {
  const entries = operations.map((name) => {
    const lambda = new aws.lambda.Function(`api-${name}`, { role: "arn:aws:iam::111111111111:role/any" });
    return [name, { lambda }] as const;
  });
  return Object.fromEntries(entries);
}

const ALL = ["putWidget", "getWidget", "listByColor", "filterWidgets"];

interface Change extends Partial<Omit<OpenApiServiceArgs, "operations">> {
  readonly operations?: () => Record<string, OpenApiOperation>;
}

const create = ({ operations = () => ({ ...functions(...ALL), deleteWidget: direct() }), ...args }: Change = {}) =>
  deploy(
    () =>
      new OpenApiService("api", {
        document: new OpenApiDocument(join(API, "apiSkeleton.yaml")),
        operations: operations(),
        ...args,
      }),
  );

interface Body {
  paths: Record<string, Record<string, Record<string, unknown>>>;
  [member: `x-${string}`]: unknown;
}

describe("OpenApiService", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "open-api-"));
    cpSync(API, folder, { recursive: true });
  });
  after(() => rmSync(folder, { recursive: true }));

  const changed = (file: string, edit: (text: string) => string): OpenApiDocument => {
    cpSync(API, folder, { recursive: true });
    writeFileSync(join(folder, file), edit(readFileSync(join(folder, file), "utf8")));
    return new OpenApiDocument(join(folder, "apiSkeleton.yaml"));
  };

  it("imports the document with integrations, and has requests validated", async () => {
    const { resources } = await create();
    const body = JSON.parse(String(only(resources, "aws:apigateway/restApi:RestApi").inputs.body)) as Body;
    assert.equal(body["x-amazon-apigateway-request-validator"], "all");
    const integration = (path: string, method: string) =>
      body.paths[path]?.[method]?.["x-amazon-apigateway-integration"];
    assert.deepEqual(integration("/widget", "put"), {
      ...{ type: "aws_proxy", httpMethod: "POST", timeoutInMillis: 29_000 },
      uri: "arn:aws:apigateway:us-east-1:lambda:path/functions/api-putWidget",
    });
    const { uri, credentials } = integration("/widget/{widgetname}", "delete") as Record<string, string>;
    assert.equal(uri, "arn:aws:apigateway:us-east-1:dynamodb:action/DeleteItem");
    assert.equal(credentials, "arn:aws:iam::111111111111:role/api-deleteWidget-role");
  });

  it("lets API Gateway invoke each function for its own operation alone", async () => {
    const permissions = ofType((await create()).resources, "aws:lambda/permission:Permission");
    const start = "arn:aws:execute-api:us-east-1:111111111111:api-api/prod/";
    assert.deepEqual(
      permissions.map(({ inputs }) => `${String(inputs.function)} ${String(inputs.sourceArn).replace(start, "")}`),
      [
        "api-putWidget PUT/widget",
        "api-getWidget GET/widget/*",
        "api-listByColor GET/reports/color",
        "api-filterWidgets GET/reports/filterpage",
      ],
    );
  });

  it("gives a direct integration the one action on the one table", async () => {
    const { policy } = only((await create()).resources, "aws:iam/rolePolicy:RolePolicy").inputs;
    assert.deepEqual(
      statementsOf(policy).map(({ Action, Resource }) => [Action, Resource]),
      [[["dynamodb:DeleteItem"], [TABLE]]],
    );
  });

  it("deploys again when the document changes, and at no other time", async () => {
    const trigger = async (change: Change): Promise<unknown> =>
      only((await create(change)).resources, "aws:apigateway/deployment:Deployment").inputs.triggers;
    const first = await trigger({});
    assert.deepEqual(await trigger({ requestsPerSecond: 5, latencyMilliseconds: 1, logRetentionDays: 7 }), first);
    const document = changed("fields/color.yaml", (text) => text.replace("Yellow", "Violet"));
    assert.notDeepEqual(await trigger({ document }), first);
  });

  it("logs, traces and limits requests, as its arguments say", async () => {
    const { resources } = await create({ requestsPerSecond: 7, stageName: "live", accountLogRole: true });
    const { stageName, xrayTracingEnabled, accessLogSettings } = only(resources, "aws:apigateway/stage:Stage").inputs;
    assert.deepEqual([stageName, xrayTracingEnabled], ["live", true]);
    assert.match(JSON.stringify(accessLogSettings), /log-group:api-requests.*requestId/);
    const { settings } = only(resources, "aws:apigateway/methodSettings:MethodSettings").inputs;
    assert.deepEqual(settings, { metricsEnabled: true, throttlingRateLimit: 7, throttlingBurstLimit: 7 });
    assert.equal(ofType(resources, "aws:apigateway/account:Account").length, 1);
    assert.equal(ofType((await create()).resources, "aws:apigateway/account:Account").length, 0);
  });

  it("has alarms of server errors and of slow requests", async () => {
    const { resources } = await create({ serverErrorPercent: 5, latencyMilliseconds: 500 });
    const alarms = ofType(resources, "aws:cloudwatch/metricAlarm:MetricAlarm").map(
      ({ inputs }) => `${String(inputs.metricName)} ${String(inputs.threshold)}`,
    );
    assert.deepEqual(alarms, ["5XXError 0.05", "Latency 500"]);
  });

  const refusals: readonly [what: string, change: () => Change, message: RegExp][] = [
    [
      "operations without a function, and functions without an operation, together, with file and line",
      () => ({ operations: () => functions(...ALL, "renamedWidget") }),
      /2 wrong arguments\n.*widgetWidgetnameDelete\.yaml:3: received "deleteWidget"[\s\S]*operations\.renamedWidget: received/,
    ],
    [
      "a document with faults",
      () => ({ document: changed("paths/widget/widgetPut.yaml", (text) => text.replace("ifMatch", "none")) }),
      /widgetPut\.yaml:8: received "Can't resolve \$ref/,
    ],
    [
      "an operation that everybody may call, without a reason",
      () => ({ document: changed("paths/reports/reportsColor.yaml", (text) => `${text}  security: []\n`) }),
      /reportsColor\.yaml:2: received "operation listByColor without security".*x-open-because/,
    ],
    [
      "a direct integration that names no action, no table and no answer",
      () => ({
        operations: () => ({
          ...functions(...ALL),
          deleteWidget: direct({ action: "dynamodb:*", resources: ["*"], responses: [] }),
        }),
      }),
      /3 wrong arguments[\s\S]*\.action: received "dynamodb:\*"[\s\S]*\.resources: received \["\*"\][\s\S]*\.responses/,
    ],
    ["a name that no stage has", () => ({ stageName: "a/b" }), /stageName: received "a\/b"/],
  ];
  for (const [what, change, message] of refusals) {
    it(`refuses ${what}`, () => assert.rejects(create(change()), message));
  }

  it("lets everybody call an operation for which the document says why", async () => {
    const document = changed(
      "paths/reports/reportsColor.yaml",
      (text) => `${text}  security: []\n  x-open-because: A report for the press.\n`,
    );
    assert.ok((await create({ document })).resources.length > 0);
  });
});
