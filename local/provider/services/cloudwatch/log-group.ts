/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html */
import {
  AssociateKmsKeyCommand,
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  DeleteLogGroupCommand,
  DeleteRetentionPolicyCommand,
  DescribeLogGroupsCommand,
  DisassociateKmsKeyCommand,
  ListTagsForResourceCommand,
  type LogGroup,
  type LogGroupClass,
  PutRetentionPolicyCommand,
  ResourceNotFoundException,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { containsUnknown, isEqual, type Values } from "../../property-values";
import {
  type CheckFailure,
  optionalNumber,
  type Operation,
  optionalText,
  type ResourceState,
  type ResourceType,
  text,
} from "../../resource-type";
import { checkOneOf } from "../checks";
import { actual, changedTags, ifMissing, settled } from "../support";

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html; 0 keeps for ever. */
const RETENTIONS = [
  0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

async function find(client: CloudWatchLogsClient, name: string): Promise<LogGroup | undefined> {
  let nextToken: string | undefined;
  do {
    const page = await client.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: name, nextToken }));
    const group = page.logGroups?.find(({ logGroupName }) => logGroupName === name);
    if (group !== undefined) return group;
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return undefined;
}

/** Calls about the group itself take its ARN without the `:*` that stands for its streams. */
function plainArn(arn: string | undefined): string {
  return (arn ?? "").replace(/:\*$/, "");
}

async function read({ account }: Operation, name: string, state: Values): Promise<ResourceState | undefined> {
  const client = account.client(CloudWatchLogsClient);
  const group = await find(client, name);
  if (group === undefined) return undefined;
  const arn = plainArn(group.arn);
  const { tags: tagsAll = {} } = await client.send(new ListTagsForResourceCommand({ resourceArn: arn }));
  const outputs = actual(state, {
    arn,
    kmsKeyId: group.kmsKeyId,
    logGroupClass: group.logGroupClass,
    name,
    retentionInDays: group.retentionInDays ?? 0,
    tagsAll,
  });
  return { id: name, outputs };
}

async function setRetention(client: CloudWatchLogsClient, name: string, days: number): Promise<void> {
  if (days === 0) await client.send(new DeleteRetentionPolicyCommand({ logGroupName: name }));
  else await client.send(new PutRetentionPolicyCommand({ logGroupName: name, retentionInDays: days }));
}

async function setKey(client: CloudWatchLogsClient, name: string, key: string | undefined): Promise<void> {
  if (key === undefined) await client.send(new DisassociateKmsKeyCommand({ logGroupName: name }));
  else await client.send(new AssociateKmsKeyCommand({ logGroupName: name, kmsKeyId: key }));
}

async function setTags({ account, tags }: Operation, arn: string, olds: Values): Promise<void> {
  const client = account.client(CloudWatchLogsClient);
  const { set, removed } = changedTags(olds, tags);
  if (removed.length > 0) await client.send(new UntagResourceCommand({ resourceArn: arn, tagKeys: removed }));
  if (Object.keys(set).length > 0) await client.send(new TagResourceCommand({ resourceArn: arn, tags: set }));
}

function checkRetention({ retentionInDays: days }: Values): CheckFailure[] {
  if (days === undefined || containsUnknown(days) || RETENTIONS.includes(Number(days))) return [];
  const reason = `received ${JSON.stringify(days)}; expected one of ${RETENTIONS.join(", ")}`;
  return [{ property: "retentionInDays", reason }];
}

export const logGroup: ResourceType = {
  token: "aws:cloudwatch/logGroup:LogGroup",
  properties: {
    kmsKeyId: "update",
    logGroupClass: "replace",
    name: "replace",
    namePrefix: "replace",
    retentionInDays: "update",
    skipDestroy: "update",
  },
  computed: ["arn"],
  autoName: { property: "name", maxLength: 512 },
  taggable: true,
  defaults: { retentionInDays: 0, skipDestroy: false },
  check: (inputs) => [
    ...checkRetention(inputs),
    ...checkOneOf("logGroupClass", inputs.logGroupClass, ["STANDARD", "INFREQUENT_ACCESS", "DELIVERY"]),
    ...(typeof inputs.name === "string" && !containsUnknown(inputs.name) && !/^[\w\-/.#]{1,512}$/.test(inputs.name)
      ? [{ property: "name", reason: `received "${inputs.name}"; 1 to 512 letters, digits and _ - / . #` }]
      : []),
  ],
  async create(operation, inputs) {
    const client = operation.account.client(CloudWatchLogsClient);
    const name = text(inputs, "name");
    await client.send(
      new CreateLogGroupCommand({
        logGroupName: name,
        kmsKeyId: optionalText(inputs, "kmsKeyId"),
        logGroupClass: optionalText(inputs, "logGroupClass") as LogGroupClass | undefined,
        tags: { ...operation.tags },
      }),
    );
    operation.created(name);
    const days = optionalNumber(inputs, "retentionInDays") ?? 0;
    if (days > 0) await setRetention(client, name, days);
    return settled(read, operation, name, inputs);
  },
  read,
  async update(operation, name, olds, news) {
    const client = operation.account.client(CloudWatchLogsClient);
    if (!isEqual(olds.retentionInDays, news.retentionInDays)) {
      await setRetention(client, name, optionalNumber(news, "retentionInDays") ?? 0);
    }
    if (!isEqual(olds.kmsKeyId ?? "", news.kmsKeyId ?? "")) await setKey(client, name, optionalText(news, "kmsKeyId"));
    await setTags(operation, text(olds, "arn"), olds);
    return (await settled(read, operation, name, news)).outputs;
  },
  async delete({ account }, name, state) {
    if (state.skipDestroy === true) return;
    const deletion = account.client(CloudWatchLogsClient).send(new DeleteLogGroupCommand({ logGroupName: name }));
    await ifMissing(deletion, ResourceNotFoundException);
  },
};
