/** Who the provider is, and where. */
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { type Partition, partitionOf, PARTITIONS } from "../../../../components/internal/partitions";
import type { Account } from "../../account";
import { type InvokeFunction, optionalText } from "../../resource-type";

export const getCallerIdentity: InvokeFunction = {
  token: "aws:index/getCallerIdentity:getCallerIdentity",
  arguments: ["id"],
  async invoke(account) {
    const {
      Account: id = "",
      Arn: arn = "",
      UserId: userId = "",
    } = await account.client(STSClient).send(new GetCallerIdentityCommand({}));
    return { id, accountId: id, arn, userId };
  },
};

/** That of the account's region; `aws` for a region that nobody knows, as AWS's SDKs assume. */
function partitionOfAccount({ region }: Account): Partition {
  const found = partitionOf(region) ?? PARTITIONS[0];
  if (found === undefined) throw new Error("there are no partitions");
  return found;
}

export const getPartition: InvokeFunction = {
  token: "aws:index/getPartition:getPartition",
  arguments: ["id"],
  invoke(account) {
    const { id: partition, dnsSuffix } = partitionOfAccount(account);
    const reverseDnsPrefix = dnsSuffix.split(".").reverse().join(".");
    return Promise.resolve({ id: partition, partition, dnsSuffix, reverseDnsPrefix });
  },
};

/** https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html */
const DESCRIPTIONS: Readonly<Record<string, string>> = {
  "af-south-1": "Africa (Cape Town)",
  "ap-east-1": "Asia Pacific (Hong Kong)",
  "ap-northeast-1": "Asia Pacific (Tokyo)",
  "ap-northeast-2": "Asia Pacific (Seoul)",
  "ap-northeast-3": "Asia Pacific (Osaka)",
  "ap-south-1": "Asia Pacific (Mumbai)",
  "ap-south-2": "Asia Pacific (Hyderabad)",
  "ap-southeast-1": "Asia Pacific (Singapore)",
  "ap-southeast-2": "Asia Pacific (Sydney)",
  "ap-southeast-3": "Asia Pacific (Jakarta)",
  "ap-southeast-4": "Asia Pacific (Melbourne)",
  "ca-central-1": "Canada (Central)",
  "ca-west-1": "Canada West (Calgary)",
  "eu-central-1": "Europe (Frankfurt)",
  "eu-central-2": "Europe (Zurich)",
  "eu-north-1": "Europe (Stockholm)",
  "eu-south-1": "Europe (Milan)",
  "eu-south-2": "Europe (Spain)",
  "eu-west-1": "Europe (Ireland)",
  "eu-west-2": "Europe (London)",
  "eu-west-3": "Europe (Paris)",
  "il-central-1": "Israel (Tel Aviv)",
  "me-central-1": "Middle East (UAE)",
  "me-south-1": "Middle East (Bahrain)",
  "sa-east-1": "South America (Sao Paulo)",
  "us-east-1": "US East (N. Virginia)",
  "us-east-2": "US East (Ohio)",
  "us-west-1": "US West (N. California)",
  "us-west-2": "US West (Oregon)",
};

/** The region of an EC2 endpoint such as `ec2.us-east-1.amazonaws.com`. */
function regionOfEndpoint(endpoint: string | undefined): string | undefined {
  return endpoint === undefined ? undefined : /^ec2\.([a-z0-9-]+)\./.exec(endpoint)?.[1];
}

function describe(account: Account, region: string): Record<string, string> {
  const { dnsSuffix } = partitionOfAccount(account);
  const description = DESCRIPTIONS[region] ?? region;
  return { id: region, name: region, region, description, endpoint: `ec2.${region}.${dnsSuffix}` };
}

export const getRegion: InvokeFunction = {
  token: "aws:index/getRegion:getRegion",
  arguments: ["endpoint", "id", "name"],
  invoke(account, args) {
    const asked = optionalText(args, "name") ?? regionOfEndpoint(optionalText(args, "endpoint"));
    return Promise.resolve(describe(account, asked ?? account.region));
  },
};
