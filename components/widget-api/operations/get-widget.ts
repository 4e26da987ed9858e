import type { APIGatewayProxyEvent } from "aws-lambda";
import { CallbackLambda } from "../../building-blocks/callback-lambda";
import type { FunctionOperation } from "../../open-api/operations";
import type { OperationContext } from "../widget-api";

/** `GET /widget/{widgetname}` */
export function operation({ named, child, document, table }: OperationContext): FunctionOperation {
  const tableName = table.name;
  const schemas = document.schemas("getWidget");
  const lambda = new CallbackLambda(
    named("get-widget"),
    {
      description: "Gets a widget",
      policies: [{ actions: ["dynamodb:GetItem"], resources: [table.arn] }],
      callback: async (event: APIGatewayProxyEvent) => {
        const { makeHandler } = await import("../../../handlers/widget-api/get-widget");
        return makeHandler({ tableName: tableName.get(), schemas: schemas.get() })(event);
      },
    },
    child,
  );
  return { lambda };
}
