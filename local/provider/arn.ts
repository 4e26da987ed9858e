import { partitionOf } from "../../components/internal/partitions";
import type { Account } from "./account";

export async function arn(account: Account, service: string, resource: string): Promise<string> {
  return `arn:${partitionOf(account.region)?.id ?? "aws"}:${service}:${account.region}:${await account.id()}:${resource}`;
}
