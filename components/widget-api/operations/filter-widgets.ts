import * as pulumi from "@pulumi/pulumi";
import type { APIGatewayProxyEvent } from "aws-lambda";
import { CallbackLambda } from "../../building-blocks/callback-lambda";
import type { FunctionOperation } from "../../open-api/operations";
import { INDEXES } from "../table";
import type { OperationContext } from "../widget-api";

/** `GET /reports/filterpage` */
export function operation({ named, child, document, table }: OperationContext): FunctionOperation {
  const tableName = table.name;
  const schemas = document.schemas("filterWidgets");
  const { byCount, byColorAndCount } = INDEXES;
  const indexes = [byCount, byColorAndCount].map((index) => pulumi.interpolate`${table.arn}/index/${index}`);
  const lambda = new CallbackLambda(
    named("filter-widgets"),
    {
      description: "Lists widgets by filters",
      policies: [{ actions: ["dynamodb:Query"], resources: indexes }],
      callback: async (event: APIGatewayProxyEvent) => {
        const { makeHandler } = await import("../../../handlers/widget-api/filter-widgets");
        const settings = { tableName: tableName.get(), schemas: schemas.get(), byCount, byColorAndCount };
        return makeHandler(settings)(event);
      },
    },
    child,
  );
  return { lambda };
}
