import type { APIGatewayProxyEvent } from "aws-lambda";
import { CallbackLambda } from "../../building-blocks/callback-lambda";
import type { FunctionOperation } from "../../open-api/operations";
import type { OperationContext } from "../widget-api";

/** `PUT /widget` */
export function operation({ named, child, document, table }: OperationContext): FunctionOperation {
  const tableName = table.name;
  const schemas = document.schemas("putWidget");
  const lambda = new CallbackLambda(
    named("put-widget"),
    {
      description: "Keeps a widget",
      policies: [{ actions: ["dynamodb:GetItem", "dynamodb:PutItem"], resources: [table.arn] }],
      callback: async (event: APIGatewayProxyEvent) => {
        const { makeHandler } = await import("../../../handlers/widget-api/put-widget");
        return makeHandler({ tableName: tableName.get(), schemas: schemas.get() })(event);
      },
    },
    child,
  );
  return { lambda };
}
