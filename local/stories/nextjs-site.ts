/** The function runs, and its run is in the table. */
import { DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { checkNoTables, outputOf } from "./account";
import { eventually, type PlayedContext, type Story } from "./story";

async function runsNoted(context: PlayedContext): Promise<number> {
  const query = new QueryCommand({
    TableName: outputOf(context, "tableName"),
    KeyConditionExpression: "pk = :run",
    ExpressionAttributeValues: { ":run": { S: "run" } },
  });
  const { Count = 0 } = await new DynamoDBClient(context.client).send(query);
  return Count;
}

async function play(context: PlayedContext): Promise<void> {
  await context.step("The function runs, and its run is noted", async () => {
    const FunctionName = outputOf(context, "functionName");
    await new LambdaClient(context.client).send(new InvokeCommand({ FunctionName, InvocationType: "Event" }));
    const count = () => runsNoted(context);
    const noted = await eventually("a run is noted", context.signal, count, (runs) => runs > 0);
    return `${noted} in the table`;
  });
}

async function afterDestroy(context: PlayedContext): Promise<void> {
  await context.step("Nothing is left", () => checkNoTables(context, "tableName"));
}

export const nextjsSite: Story = {
  title: "A function runs by a schedule, and notes each run",
  prepare: () => Promise.resolve(),
  play,
  afterDestroy,
};
