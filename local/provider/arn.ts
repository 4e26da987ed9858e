import { partitionOf } from "../../components/internal/partitions";
import type { Account } from "./account";

/** Of a service that is in no region. */
export async function globalArn(account: Account, service: string, resource: string): Promise<string> {
  return `arn:${partitionOf(account.region)?.id ?? "aws"}:${service}::${await account.id()}:${resource}`;
}

export async function arn(account: Account, service: string, resource: string): Promise<string> {
  return `arn:${partitionOf(account.region)?.id ?? "aws"}:${service}:${account.region}:${await account.id()}:${resource}`;
}
