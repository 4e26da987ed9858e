import * as assert from "node:assert/strict";
import {
  APIGatewayClient,
  CreateDeploymentCommand,
  CreateRestApiCommand,
  DeleteDeploymentCommand,
  ImportRestApiCommand,
  PutRestApiCommand,
  UpdateStageCommand,
} from "@aws-sdk/client-api-gateway";
import { startTestCloud, type TestCloud } from "../support/cloud";

/** A document with one operation, which API Gateway answers itself. */
const documentOf = (operation: object = {}, others: object = {}) => ({
  ...{ openapi: "3.0.3", info: { title: "one", version: "1" } },
  paths: {
    "/widget": {
      get: {
        operationId: "get",
        responses: { "200": { description: "found" } },
        "x-amazon-apigateway-integration": { type: "mock", responses: { default: { statusCode: "200" } } },
        ...operation,
      },
    },
  },
  ...others,
});

const bodyOf = (document: object): Uint8Array => Buffer.from(JSON.stringify(document));

describe("the local cloud's REST APIs by a document", () => {
  let cloud: TestCloud;
  let api: APIGatewayClient;
  before(async () => {
    cloud = await startTestCloud();
    api = new APIGatewayClient(cloud.as("777777777777"));
  });
  after(() => cloud?.stop());

  const widget = documentOf().paths["/widget"];
  const refused: readonly [what: string, document: object, message: RegExp][] = [
    ["what is no OpenAPI 3.0", { openapi: "3.1.0", paths: {} }, /OpenAPI 3\.0 only/],
    ["two operations with one id", { ...documentOf(), paths: { "/a": widget, "/b": widget } }, /'get' is repeated/],
    ["an unknown reference", documentOf({ parameters: [{ $ref: "#/components/parameters/no" }] }), /Unable to resolve/],
    ["an unknown validator", documentOf({ "x-amazon-apigateway-request-validator": "no" }), /'no' is not defined/],
    ["a model's name", documentOf({}, { components: { schemas: { "a-b": {} } } }), /must be alphanumeric: a-b/],
    ["two names for one place", { ...documentOf(), paths: { "/{a}": widget, "/{b}": {} } }, /only one is allowed/],
    [
      "a header that is not declared",
      documentOf({
        "x-amazon-apigateway-integration": {
          type: "mock",
          responses: { default: { statusCode: "200", responseParameters: { "method.response.header.A": "'b'" } } },
        },
      }),
      /Invalid mapping expression parameter specified: method\.response\.header\.A/,
    ],
  ];
  for (const [what, document, message] of refused) {
    it(`refuse ${what}, and are not made`, () =>
      assert.rejects(api.send(new ImportRestApiCommand({ body: bodyOf(document) })), message));
  }

  it("tell what they leave out, and refuse it where that is asked for", async () => {
    const schemas = { widget: { type: "object", nullable: true } };
    const body = bodyOf(documentOf({}, { components: { schemas } }));
    const { warnings } = await api.send(new ImportRestApiCommand({ body }));
    assert.match(String(warnings), /'nullable' is not supported/);
    await assert.rejects(api.send(new ImportRestApiCommand({ body, failOnWarnings: true })), /Warnings found/);
  });

  it("serve what was deployed, keep what is served, and log with the account's role only", async () => {
    const { id: restApiId = "" } = await api.send(new CreateRestApiCommand({ name: "widgets" }));
    const deploy = () => api.send(new CreateDeploymentCommand({ restApiId, stageName: "live" }));
    await assert.rejects(deploy(), /doesn't contain any methods/);
    const put = (document: object) =>
      api.send(new PutRestApiCommand({ restApiId, mode: "overwrite", body: bodyOf(document) }));
    const status = async (path: string): Promise<number> =>
      (await fetch(`${cloud.endpoint}/_aws/execute-api/${restApiId}/live${path}`)).status;
    await put(documentOf());
    const { id: deploymentId } = await deploy();
    await put({ ...documentOf(), paths: { "/other": widget } });
    assert.deepEqual([await status("/widget"), await status("/other")], [200, 403]);
    await assert.rejects(api.send(new DeleteDeploymentCommand({ restApiId, deploymentId })), /Active stages/);
    await deploy();
    assert.deepEqual([await status("/widget"), await status("/other")], [403, 200]);
    await api.send(new DeleteDeploymentCommand({ restApiId, deploymentId }));
    const patchOperations = [{ op: "replace", path: "/accessLogSettings/format", value: "$context.status" } as const];
    const log = api.send(new UpdateStageCommand({ restApiId, stageName: "live", patchOperations }));
    await assert.rejects(log, /CloudWatch Logs role ARN must be set/);
  });
});
