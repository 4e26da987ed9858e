/** Amazon DynamoDB. https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/Welcome.html */
import type { Service } from "../resource-type";
import { table } from "./dynamodb/table";

export const dynamodb: Service = { resources: [table] };
