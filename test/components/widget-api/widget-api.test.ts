import * as assert from "node:assert/strict";
import { WidgetApi, type WidgetApiArgs } from "../../../components/widget-api/widget-api";
import { deploy, ofType, only } from "../../support/mocks";
import { statementsOf } from "../../support/policies";

const TABLE = "aws:dynamodb/table:Table";
const POLICY = "aws:iam/rolePolicy:RolePolicy";

const create = (args: WidgetApiArgs = {}) => deploy(() => new WidgetApi("shop", args));

describe("WidgetApi", () => {
  it("lets each function do what its operation is for", async () => {
    const { resources } = await create();
    const allowed = ofType(resources, POLICY).map(({ name, inputs }) => [
      name.replace(/^shop-(service-)?|-policy$/g, ""),
      statementsOf(inputs.policy)
        .filter(({ Action }) => Action[0]?.startsWith("dynamodb:"))
        .map(
          ({ Action, Resource }) =>
            `${Action.join()} ${[Resource]
              .flat()
              .join()
              .replaceAll(/arn:[^/]*:table\//g, "")}`,
        )
        .join(),
    ]);
    assert.deepEqual(Object.fromEntries(allowed), {
      deleteWidget: "dynamodb:DeleteItem shop-table",
      "filter-widgets": "dynamodb:Query shop-table/index/byCount,shop-table/index/byColorAndCount",
      "get-widget": "dynamodb:GetItem shop-table",
      "list-by-color": "dynamodb:Query shop-table/index/byColor",
      "put-widget": "dynamodb:GetItem,dynamodb:PutItem shop-table",
    });
  });

  it("keeps widgets in a table with an index for each report", async () => {
    const { globalSecondaryIndexes, pointInTimeRecovery } = only((await create()).resources, TABLE).inputs;
    const names = (globalSecondaryIndexes as { name: string }[]).map(({ name }) => name);
    assert.deepEqual(names, ["byColor", "byColorAndCount", "byCount"]);
    assert.deepEqual(pointInTimeRecovery, { enabled: true });
  });

  it("asks DynamoDB to remove names that the document allows only", async () => {
    const { body } = only((await create()).resources, "aws:apigateway/restApi:RestApi").inputs;
    const document = JSON.parse(String(body)) as { paths: Record<string, { delete: Record<string, unknown> }> };
    const integration = document.paths["/widget/{widgetname}"]?.delete["x-amazon-apigateway-integration"];
    const { requestTemplates } = integration as { requestTemplates: Record<string, string> };
    const [template = ""] = Object.values(requestTemplates);
    assert.ok(template.includes("#if($input.params('widgetname').matches('(?=.{1,64}$)[A-Za-z0-9-]+'))"), template);
  });

  it("refuses a wrong name and wrong arguments together", async () => {
    await assert.rejects(
      deploy(() => new WidgetApi("-", { stageName: "a b", requestsPerSecond: 0 })),
      /3 wrong arguments[\s\S]*stageName: received "a b"[\s\S]*requestsPerSecond: received 0[\s\S]*name: received "-"/,
    );
  });
});
