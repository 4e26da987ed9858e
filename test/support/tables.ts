/** Tables of tests with a stream, made through the public APIs. */
import { CreateTableCommand, DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import type { ClientSettings } from "./cloud";
import { given } from "./network";

export interface StreamedTable {
  /** ARN of the stream, which has the new images. */
  stream: string;
  put(id: string, kind?: string): Promise<unknown>;
}

/** A table of items {id, kind}. */
export async function createStreamedTable(settings: ClientSettings, TableName: string): Promise<StreamedTable> {
  const dynamodb = new DynamoDBClient(settings);
  const { TableDescription } = await dynamodb.send(
    new CreateTableCommand({
      TableName,
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
      BillingMode: "PAY_PER_REQUEST",
      StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_IMAGE" },
    }),
  );
  return {
    stream: given(TableDescription?.LatestStreamArn, "stream"),
    put: (id, kind = "plain") =>
      dynamodb.send(new PutItemCommand({ TableName, Item: { id: { S: id }, kind: { S: kind } } })),
  };
}
