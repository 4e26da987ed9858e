import * as pulumi from "@pulumi/pulumi";
import type { DynamoDbOperation } from "../../open-api/operations";
import type { OperationContext } from "../widget-api";

/** What DynamoDB refuses, as RFC 9457 has it. */
const problem = (status: number, title: string, detail: string) => ({
  status,
  template: JSON.stringify({ type: "about:blank", title, status, detail }),
  contentType: "application/problem+json",
});

/** `DELETE /widget/{widgetname}`: DynamoDB itself, without a function. */
export function operation({ document, table }: OperationContext): DynamoDbOperation {
  const name = document.operation("deleteWidget").apply(({ parameters }) => nameMatching(parameters[0]?.schema ?? {}));
  return {
    dynamodb: {
      action: "DeleteItem",
      resources: [table.arn],
      request: pulumi.interpolate`{"TableName":"${table.name}","Key":{"widgetname":{"S":"${name}"}}}`,
      responses: [
        { status: 204 },
        { pattern: "4\\d{2}", ...problem(400, "Bad Request", "The widget's name is not one that widgets have.") },
        { pattern: "5\\d{2}", ...problem(500, "Internal Server Error", "The widget was not removed. Try it again.") },
      ],
    },
  };
}

/**
 * The name in the path where it is one that the document allows, or else nothing, which DynamoDB refuses. API Gateway
 * does not check what parameters look like, and what is not checked would have to be escaped.
 */
function nameMatching({ pattern, maxLength }: { pattern?: unknown; maxLength?: unknown }): string {
  const [param, form] = ["$input.params('widgetname')", String(pattern).replace(/^\^|\$$/g, "")];
  return `#if(${param}.matches('(?=.{1,${String(maxLength)}}$)${form}'))${param}#end`;
}
