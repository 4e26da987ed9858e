import * as pulumi from "@pulumi/pulumi";
import type { APIGatewayProxyEvent } from "aws-lambda";
import { CallbackLambda } from "../../building-blocks/callback-lambda";
import type { FunctionOperation } from "../../open-api/operations";
import { INDEXES } from "../table";
import type { OperationContext } from "../widget-api";

/** `GET /reports/color` */
export function operation({ named, child, document, table }: OperationContext): FunctionOperation {
  const tableName = table.name;
  const schemas = document.schemas("listByColor");
  const { byColor } = INDEXES;
  const lambda = new CallbackLambda(
    named("list-by-color"),
    {
      description: "Lists widgets of a color",
      policies: [{ actions: ["dynamodb:Query"], resources: [pulumi.interpolate`${table.arn}/index/${byColor}`] }],
      callback: async (event: APIGatewayProxyEvent) => {
        const { makeHandler } = await import("../../../handlers/widget-api/list-by-color");
        return makeHandler({ tableName: tableName.get(), schemas: schemas.get(), byColor })(event);
      },
    },
    child,
  );
  return { lambda };
}
