/**
 * What the real `aws` plugin answered, from the exchanges that the repository pulumi/pulumi-aws keeps in folders under
 * provider/testdata/recorded/TestProviderUpgrade. They were recorded with versions 5.42 and 6.31 of the plugin; version 7
 * renamed some properties. Facts only, no text of the recordings.
 */
import type { Values } from "../../../local/provider/property-values";

export interface Recorded {
  /** The recording's folder. */
  readonly recording: string;
  /** Names of the outputs that are not inputs as well. */
  readonly outputs: readonly string[];
  /** What Check added to the program's inputs, generated names left out. */
  readonly defaults: Values;
  /** The inputs that Diff called stable, because a change of them replaces; absent where there is no Diff. */
  readonly replaces?: readonly string[];
  /** The form of the id, in terms of outputs. */
  readonly id: string;
}

export const RECORDED: Readonly<Record<string, Recorded>> = {
  "aws:cloudwatch/eventRule:EventRule": {
    recording: "cloudwatch-eventrule",
    outputs: ["arn"],
    defaults: { eventBusName: "default" },
    id: "{name}",
  },
  "aws:cloudwatch/eventTarget:EventTarget": {
    recording: "cloudwatch-eventrule",
    outputs: [],
    defaults: { eventBusName: "default" },
    replaces: ["eventBusName", "rule", "targetId"],
    id: "{rule}-{targetId}",
  },
  "aws:cloudwatch/logGroup:LogGroup": {
    recording: "cloudwatch-loggroup",
    outputs: ["arn"],
    defaults: { retentionInDays: 0, skipDestroy: false },
    id: "{name}",
  },
  "aws:dynamodb/table:Table": {
    recording: "dynamodb-table",
    outputs: ["arn", "streamArn", "streamLabel"],
    defaults: { tableClass: "STANDARD" },
    replaces: ["hashKey", "localSecondaryIndexes", "name", "rangeKey", "restoreDateTime", "restoreToLatestTime"],
    id: "{name}",
  },
  "aws:ec2/route:Route": {
    recording: "ec2-networking",
    outputs: ["instanceId", "instanceOwnerId", "origin", "state"],
    defaults: {},
    id: "r-{routeTableId}1080289494",
  },
  "aws:ec2/routeTable:RouteTable": {
    recording: "ec2-networking",
    outputs: ["arn", "ownerId"],
    defaults: {},
    id: "rtb-*",
  },
  "aws:ec2/routeTableAssociation:RouteTableAssociation": {
    recording: "ec2-networking",
    outputs: [],
    defaults: {},
    id: "rtbassoc-*",
  },
  "aws:ec2/subnet:Subnet": {
    recording: "ec2-networking",
    outputs: ["arn", "ipv6CidrBlockAssociationId", "ownerId"],
    defaults: {
      assignIpv6AddressOnCreation: false,
      enableDns64: false,
      enableResourceNameDnsARecordOnLaunch: false,
      enableResourceNameDnsAaaaRecordOnLaunch: false,
      ipv6Native: false,
      mapPublicIpOnLaunch: false,
    },
    id: "subnet-*",
  },
  "aws:ec2/vpc:Vpc": {
    recording: "ec2-networking",
    outputs: [
      "arn",
      "defaultNetworkAclId",
      "defaultRouteTableId",
      "defaultSecurityGroupId",
      "dhcpOptionsId",
      "ipv6AssociationId",
      "mainRouteTableId",
      "ownerId",
    ],
    defaults: { enableDnsSupport: true, instanceTenancy: "default" },
    id: "vpc-*",
  },
  "aws:iam/instanceProfile:InstanceProfile": {
    recording: "iam-instanceprofile",
    outputs: ["arn", "createDate", "uniqueId"],
    defaults: { path: "/" },
    replaces: ["name", "namePrefix", "path"],
    id: "{name}",
  },
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider": {
    recording: "iam-openidconnectprovider",
    outputs: ["arn"],
    defaults: {},
    replaces: ["clientIdLists", "url"],
    id: "{arn}",
  },
  "aws:iam/role:Role": {
    recording: "iam-instanceprofile",
    outputs: ["arn", "createDate", "uniqueId"],
    defaults: { forceDetachPolicies: false, maxSessionDuration: 3600, path: "/" },
    replaces: ["name", "namePrefix", "path"],
    id: "{name}",
  },
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": {
    recording: "cloudwatch",
    outputs: [],
    defaults: {},
    id: "{role}-*",
  },
  "aws:kms/key:Key": {
    recording: "kms-key",
    outputs: ["arn", "keyId"],
    defaults: {
      bypassPolicyLockoutSafetyCheck: false,
      customerMasterKeySpec: "SYMMETRIC_DEFAULT",
      enableKeyRotation: false,
      isEnabled: true,
      keyUsage: "ENCRYPT_DECRYPT",
    },
    id: "{keyId}",
  },
  "aws:lambda/eventSourceMapping:EventSourceMapping": {
    recording: "queue",
    outputs: ["functionArn", "lastModified", "lastProcessingResult", "state", "stateTransitionReason", "uuid"],
    defaults: {},
    id: "{uuid}",
  },
  "aws:lambda/function:Function": {
    recording: "queue",
    outputs: [
      "arn",
      "invokeArn",
      "lastModified",
      "qualifiedArn",
      "qualifiedInvokeArn",
      "signingJobArn",
      "signingProfileVersionArn",
      "sourceCodeSize",
      "version",
    ],
    defaults: {
      memorySize: 128,
      packageType: "Zip",
      publish: false,
      reservedConcurrentExecutions: -1,
      skipDestroy: false,
    },
    id: "{name}",
  },
  "aws:lambda/permission:Permission": {
    recording: "queue",
    outputs: [],
    defaults: {},
    id: "{statementId}",
  },
  "aws:route53/record:Record": {
    recording: "route53",
    outputs: ["fqdn"],
    defaults: {},
    id: "{zoneId}_{name}_{type}",
  },
  "aws:route53/zone:Zone": {
    recording: "route53",
    outputs: ["arn", "nameServers", "primaryNameServer", "zoneId"],
    defaults: { forceDestroy: false },
    id: "{zoneId}",
  },
  "aws:s3/bucket:Bucket": {
    recording: "bucket",
    outputs: ["arn", "bucketDomainName", "bucketRegionalDomainName", "hostedZoneId"],
    defaults: { acl: "private", forceDestroy: false },
    replaces: ["bucket", "bucketPrefix"],
    id: "{bucket}",
  },
  "aws:sns/topic:Topic": {
    recording: "sns-topic",
    outputs: ["arn", "beginningArchiveTime", "owner"],
    defaults: { contentBasedDeduplication: false, fifoTopic: false },
    replaces: ["fifoTopic", "name", "namePrefix"],
    id: "{arn}",
  },
  "aws:sns/topicPolicy:TopicPolicy": {
    recording: "cloudwatch-eventrule",
    outputs: ["owner"],
    defaults: {},
    replaces: ["arn"],
    id: "{arn}",
  },
  "aws:sqs/queue:Queue": {
    recording: "queue",
    outputs: ["arn", "url"],
    defaults: {
      contentBasedDeduplication: false,
      delaySeconds: 0,
      fifoQueue: false,
      maxMessageSize: 262144,
      messageRetentionSeconds: 345600,
      receiveWaitTimeSeconds: 0,
    },
    id: "{url}",
  },
};
