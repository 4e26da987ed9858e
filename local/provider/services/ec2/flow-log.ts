/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateFlowLogs.html */
import {
  CreateFlowLogsCommand,
  type CreateFlowLogsRequest,
  DeleteFlowLogsCommand,
  DescribeFlowLogsCommand,
  EC2Client,
  type FlowLog,
  type FlowLogsResourceType,
} from "@aws-sdk/client-ec2";
import type { Values } from "../../property-values";
import { type Operation, type ResourceState, type ResourceType, text } from "../../resource-type";
import {
  boolean,
  checkShape,
  fromAws,
  likeState,
  named,
  nested,
  number,
  type Shape,
  text as asText,
  toAws,
} from "../shape";
import { arn, ifMissing, known, settled, whileRefused } from "../support";
import { checkExactlyOne, checkOneOf } from "../checks";
import { FILE, ownTags, updateTags } from "./common";

const MISSING = "InvalidFlowLogId.NotFound";

const SUBJECTS: Readonly<Record<string, FlowLogsResourceType>> = {
  vpcId: "VPC",
  subnetId: "Subnet",
  eniId: "NetworkInterface",
  transitGatewayId: "TransitGateway",
  transitGatewayAttachmentId: "TransitGatewayAttachment",
};

const SETTINGS: Shape = {
  deliverCrossAccountRole: asText,
  destinationOptions: nested({ fileFormat: asText, hiveCompatiblePartitions: boolean, perHourPartition: boolean }),
  iamRoleArn: named("DeliverLogsPermissionArn", asText),
  logDestination: asText,
  logDestinationType: asText,
  logFormat: asText,
  maxAggregationInterval: number,
  trafficType: asText,
};

/** What AWS writes when nothing else is asked for: version 2 of the format. */
const DEFAULT_FORMAT = [
  "version account-id interface-id srcaddr dstaddr srcport dstport protocol",
  "packets bytes start end action log-status",
]
  .join(" ")
  .replace(/\S+/g, "$${$&}");

function subjectOf(values: Values): string {
  return Object.keys(SUBJECTS).find((name) => values[name] !== undefined && values[name] !== "") ?? "vpcId";
}

async function find(client: EC2Client, id: string): Promise<FlowLog | undefined> {
  const answer = await ifMissing(client.send(new DescribeFlowLogsCommand({ FlowLogIds: [id] })), MISSING);
  return answer?.FlowLogs?.find((log) => log.FlowLogId === id);
}

async function read({ account }: Operation, id: string, state: Values): Promise<ResourceState | undefined> {
  const log = await find(account.client(EC2Client), id);
  if (log === undefined) return undefined;
  const resource = log.ResourceId ?? "";
  const prefixes: Readonly<Record<string, string>> = { "vpc-": "vpcId", "subnet-": "subnetId", "eni-": "eniId" };
  const subject = Object.entries(prefixes).find(([prefix]) => resource.startsWith(prefix))?.[1] ?? subjectOf(state);
  const outputs = known({
    logFormat: state.logFormat ?? DEFAULT_FORMAT,
    ...fromAws(SETTINGS, log),
    arn: await arn(account, "ec2", `vpc-flow-log/${id}`),
    [subject]: resource,
    tagsAll: ownTags(log.Tags),
  });
  return { id, outputs: likeState(state, outputs) };
}

export const flowLog: ResourceType = {
  token: "aws:ec2/flowLog:FlowLog",
  properties: Object.fromEntries([...Object.keys(SETTINGS), ...Object.keys(SUBJECTS)].map((name) => [name, "replace"])),
  computed: ["arn", "logFormat"],
  taggable: true,
  defaults: { logDestinationType: "cloud-watch-logs", maxAggregationInterval: 600 },
  check: (inputs) => [
    ...checkShape(SETTINGS, inputs, FILE),
    ...checkExactlyOne(inputs, Object.keys(SUBJECTS)),
    ...checkOneOf("logDestinationType", inputs.logDestinationType, ["cloud-watch-logs", "s3", "kinesis-data-firehose"]),
    ...checkOneOf("trafficType", inputs.trafficType, ["ACCEPT", "REJECT", "ALL"]),
    ...checkOneOf("maxAggregationInterval", inputs.maxAggregationInterval?.toString(), ["60", "600"]),
  ],
  async create(operation, inputs) {
    const client = operation.account.client(EC2Client);
    const subject = subjectOf(inputs);
    const request = new CreateFlowLogsCommand({
      ...toAws<CreateFlowLogsRequest>(SETTINGS, inputs),
      ResourceIds: [text(inputs, subject)],
      ResourceType: SUBJECTS[subject],
    });
    // A role made a moment ago may not be usable yet.
    const answer = await whileRefused(() => client.send(request), ["Unable to assume given IAM role"], {
      timeoutSeconds: 120,
    });
    const refusal = answer.Unsuccessful?.[0]?.Error;
    if (refusal !== undefined) throw new Error(`${refusal.Code}: ${refusal.Message}`);
    const id = answer.FlowLogIds?.[0] ?? "";
    operation.created(id);
    // In a call of its own, since the emulator does not know the tag specification's resource type, vpc-flow-log.
    await updateTags(operation, id, {});
    return settled(read, operation, id, inputs);
  },
  read,
  async update(operation, id, olds, news) {
    await updateTags(operation, id, olds);
    return (await settled(read, operation, id, news)).outputs;
  },
  async delete({ account }, id) {
    await ifMissing(account.client(EC2Client).send(new DeleteFlowLogsCommand({ FlowLogIds: [id] })), MISSING);
  },
};
