import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { CallbackLambda } from "../building-blocks/callback-lambda";
import type { StateMachineDefinition } from "../building-blocks/state-language";
import { backingOff, TRANSIENT_ERRORS } from "../internal/retriers";

/**
 * The orders of a batch, one after the other: each is noted in its day, and its reminder is made. An execution that
 * failed may be redriven, and a batch may come twice: both do what is not done yet.
 *
 * @param arn an ARN in the partition
 */
export function fulfilmentDefinition(
  days: aws.dynamodb.Table,
  remind: CallbackLambda,
  arn: (rest: string) => pulumi.Output<string>,
): StateMachineDefinition {
  return {
    QueryLanguage: "JSONata",
    StartAt: "Orders",
    TimeoutSeconds: 3600,
    States: {
      Orders: {
        Type: "Map",
        Items: "{% $states.input %}",
        MaxConcurrency: 1,
        ItemProcessor: {
          ProcessorConfig: { Mode: "INLINE" },
          StartAt: "Note",
          States: {
            Note: {
              Type: "Task",
              Resource: arn("states:::dynamodb:putItem"),
              Arguments: {
                TableName: days.name,
                Item: {
                  pk: { S: "{% 'DAY#' & $states.input.day %}" },
                  sk: { S: "{% $states.input.id %}" },
                  totalCents: { N: "{% $string($states.input.totalCents) %}" },
                  expiresAt: { N: "{% $string($states.input.expiresAt) %}" },
                },
                ConditionExpression: "attribute_not_exists(pk)",
              },
              Output: "{% $states.input %}",
              Retry: [backingOff(TRANSIENT_ERRORS.dynamodb)],
              // It came before. Whether its reminder was made then, nobody knows.
              Catch: [
                {
                  ErrorEquals: ["DynamoDB.ConditionalCheckFailedException"],
                  Output: "{% $states.input %}",
                  Next: "Remind",
                },
              ],
              Next: "Remind",
            },
            Remind: {
              Type: "Task",
              Resource: arn("states:::lambda:invoke"),
              Arguments: {
                FunctionName: remind.function.arn,
                Payload: { id: "{% $states.input.id %}", remindAt: "{% $states.input.remindAt %}" },
              },
              Output: { id: "{% $states.input.id %}", reminder: "{% $states.result.Payload %}" },
              // The function's own errors are AWS's: throttling, mostly.
              Retry: [backingOff(["States.TaskFailed"])],
              End: true,
            },
          },
        },
        End: true,
      },
    },
  };
}
