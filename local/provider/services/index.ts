/** Who the provider is, and where. Pulumi has these functions in its module `index`. */
import { PARTITIONS, type Partition, partitionOf } from "../../../components/internal/partitions";
import type { Account } from "../account";
import { service } from "../engine/service";
import { type InvokeFunction, optionalText, type Service } from "../resource-type";

const sts = service({ package: "@aws-sdk/client-sts", client: "STSClient", missing: [] });

const getCallerIdentity: InvokeFunction = {
  token: "aws:index/getCallerIdentity:getCallerIdentity",
  arguments: ["id"],
  async invoke(account) {
    const { Account: id, Arn: arn, UserId: userId } = await sts.send(account, "GetCallerIdentity", {});
    return { id: String(id), accountId: String(id), arn: String(arn), userId: String(userId) };
  },
};

/** That of the account's region; `aws` for a region that nobody knows, as AWS's SDKs assume. */
function partitionOfAccount({ region }: Account): Partition {
  const found = partitionOf(region) ?? PARTITIONS[0];
  if (found === undefined) throw new Error("there are no partitions");
  return found;
}

const getPartition: InvokeFunction = {
  token: "aws:index/getPartition:getPartition",
  arguments: ["id"],
  invoke(account) {
    const { id: partition, dnsSuffix } = partitionOfAccount(account);
    const reverseDnsPrefix = dnsSuffix.split(".").reverse().join(".");
    return Promise.resolve({ id: partition, partition, dnsSuffix, reverseDnsPrefix });
  },
};

const getRegion: InvokeFunction = {
  token: "aws:index/getRegion:getRegion",
  arguments: ["id", "name"],
  invoke(account, args) {
    const region = optionalText(args, "name") ?? account.region;
    const endpoint = `ec2.${region}.${partitionOfAccount(account).dnsSuffix}`;
    return Promise.resolve({ id: region, name: region, region, description: region, endpoint });
  },
};

export const index: Service = { resources: [], functions: [getCallerIdentity, getPartition, getRegion] };
