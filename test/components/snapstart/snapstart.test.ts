import * as assert from "node:assert/strict";
import { Snapstart, type SnapstartArgs } from "../../../components/snapstart/snapstart";
import { deploy, ofType, only, valueOf } from "../../support/mocks";
import { statementsOf } from "../../support/policies";

const ROUTE = "aws:apigatewayv2/route:Route";
const STAGE = "aws:apigatewayv2/stage:Stage";
const FUNCTION = "aws:lambda/function:Function";

const REQUIRED = { code: "apps/snapstart-java/src", keyParameter: "/records/key" };

const create = (args: Partial<SnapstartArgs> = {}) => deploy(() => new Snapstart("shop", { ...REQUIRED, ...args }));

describe("Snapstart", () => {
  it("leads four routes, for those whom IAM gives leave, to the alias of its function", async () => {
    const { resources, result } = await create();
    const routes = ofType(resources, ROUTE).map(
      ({ inputs }) => `${String(inputs.authorizationType)} ${String(inputs.routeKey)}`,
    );
    assert.deepEqual(routes, [
      "AWS_IAM POST /records",
      "AWS_IAM GET /records/{id}",
      "AWS_IAM PUT /records/{id}",
      "AWS_IAM DELETE /records/{id}",
    ]);
    const { integrationUri, payloadFormatVersion } = only(resources, "aws:apigatewayv2/integration:Integration").inputs;
    assert.equal(integrationUri, await valueOf(result.service.alias.invokeArn));
    assert.equal(payloadFormatVersion, "2.0");
    const permission = only(resources, "aws:lambda/permission:Permission").inputs;
    assert.deepEqual([permission.principal, permission.qualifier], ["apigateway.amazonaws.com", "live"]);
    const { defaultRouteSettings } = only(resources, STAGE).inputs;
    assert.deepEqual(defaultRouteSettings, { throttlingBurstLimit: 100, throttlingRateLimit: 100 });
  });

  it("runs the Java sample on the newest Java, unless asked otherwise", async () => {
    const { runtime, handler, memorySize } = only((await create()).resources, FUNCTION, "service-function").inputs;
    assert.deepEqual([runtime, handler, memorySize], ["java25", "records.RecordsHandler", 1024]);
  });

  it("takes what its arguments say", async () => {
    const settings = { handler: "app.handler", runtime: "python3.14", memoryMegabytes: 512 } as const;
    const { resources } = await create({ ...settings, authorization: "NONE", requestsPerSecond: 5 });
    const { runtime, handler, memorySize } = only(resources, FUNCTION, "service-function").inputs;
    assert.deepEqual([runtime, handler, memorySize], ["python3.14", "app.handler", 512]);
    assert.equal(ofType(resources, ROUTE)[0]?.inputs.authorizationType, "NONE");
    const { defaultRouteSettings } = only(resources, STAGE).inputs;
    assert.deepEqual(defaultRouteSettings, { throttlingBurstLimit: 5, throttlingRateLimit: 5 });
  });

  it("lets its function use the records, and read the one key", async () => {
    const { resources } = await create();
    const { policy } = only(resources, "aws:iam/rolePolicy:RolePolicy", "service-policy").inputs;
    const [records, key] = statementsOf(policy);
    assert.match(String(records?.Resource), /:table\/shop-records$/);
    assert.deepEqual(key?.Action, ["ssm:GetParameter"]);
    assert.match(String(key?.Resource), /:parameter\/records\/key$/);
  });

  it("refuses a wrong name and wrong arguments together", async () => {
    const wrong = { code: "", keyParameter: "key", runtime: "nodejs24.x", requestsPerSecond: 0 };
    await assert.rejects(
      deploy(() => new Snapstart("-", wrong)),
      /5 wrong arguments[\s\S]*code: received ""[\s\S]*runtime: received "nodejs24\.x"[\s\S]*no snapshots of Node\.js[\s\S]*keyParameter: received "key"[\s\S]*requestsPerSecond: received 0[\s\S]*name: received "-"/,
    );
  });
});
