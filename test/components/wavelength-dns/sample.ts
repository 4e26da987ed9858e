import { scheduledMessage } from "../../../handlers/wavelength-dns/event-patterns";
import { setIdentifierOf } from "../../../handlers/wavelength-dns/names";
import type { StubAnswers } from "../../support/aws-stub";
import { ARGS } from "../../support/configurations";
import { INSTANCE } from "../../support/patterns";
import type { PatternSample } from "../../support/sample";
import { failing, sqsEvent } from "../../support/scenario";

const xml = (root: string, namespace: string, content: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?><${root} xmlns="${namespace}">${content}</${root}>`;

const AUTO_SCALING = "http://autoscaling.amazonaws.com/doc/2011-01-01/";
const EC2 = "http://ec2.amazonaws.com/doc/2016-11-15/";
const ROUTE_53 = "https://route53.amazonaws.com/doc/2013-04-01/";
const GROUP = `aws-patterns-test-${INSTANCE}`;

const member = (id: string, state: string): string =>
  `<member><InstanceId>${id}</InstanceId><LifecycleState>${state}</LifecycleState><HealthStatus>Healthy</HealthStatus></member>`;

const REMOVED = {
  removedAt: { N: "1" },
  ttlSeconds: { N: "30" },
  changeId: { S: "C1" },
  expiresAt: { N: "9999999999" },
};

/** One instance in service without a record, and two that wait to be let go: from the group, and from its warm pool. */
const ANSWERS: StubAnswers = {
  DescribeAutoScalingGroups: xml(
    "DescribeAutoScalingGroupsResponse",
    AUTO_SCALING,
    `<DescribeAutoScalingGroupsResult><AutoScalingGroups><member><AutoScalingGroupName>${GROUP}</AutoScalingGroupName>
    <Instances>${member("i-1", "InService")}${member("i-2", "Terminating:Wait")}</Instances>
    <WarmPoolConfiguration><MinSize>0</MinSize></WarmPoolConfiguration></member></AutoScalingGroups>
    </DescribeAutoScalingGroupsResult>`,
  ),
  DescribeWarmPool: xml(
    "DescribeWarmPoolResponse",
    AUTO_SCALING,
    `<DescribeWarmPoolResult><Instances>${member("i-3", "Warmed:Terminating:Wait")}</Instances></DescribeWarmPoolResult>`,
  ),
  DescribeInstances: xml(
    "DescribeInstancesResponse",
    EC2,
    `<reservationSet><item><instancesSet><item><instanceId>i-1</instanceId>
    <instanceState><code>16</code><name>running</name></instanceState><instanceType>t3.medium</instanceType>
    <launchTime>2026-01-01T00:00:00.000Z</launchTime><networkInterfaceSet><item><attachment><deviceIndex>0</deviceIndex>
    </attachment><association><carrierIp>155.146.0.1</carrierIp></association></item></networkInterfaceSet></item>
    </instancesSet></item></reservationSet>`,
  ),
  ListResourceRecordSets: xml(
    "ListResourceRecordSetsResponse",
    ROUTE_53,
    "<ResourceRecordSets/><IsTruncated>false</IsTruncated><MaxItems>300</MaxItems>",
  ),
  ChangeResourceRecordSets: xml(
    "ChangeResourceRecordSetsResponse",
    ROUTE_53,
    "<ChangeInfo><Id>/change/C1</Id><Status>PENDING</Status><SubmittedAt>2026-01-01T00:00:00Z</SubmittedAt></ChangeInfo>",
  ),
  GetChange: xml(
    "GetChangeResponse",
    ROUTE_53,
    "<ChangeInfo><Id>/change/C1</Id><Status>INSYNC</Status><SubmittedAt>2026-01-01T00:00:00Z</SubmittedAt></ChangeInfo>",
  ),
  CompleteLifecycleAction: xml("CompleteLifecycleActionResponse", AUTO_SCALING, "<CompleteLifecycleActionResult/>"),
  UpdateItem: JSON.stringify({ Attributes: { requested: { N: "1" } } }),
  Query: JSON.stringify({ Items: [], Count: 0 }),
  BatchWriteItem: JSON.stringify({ UnprocessedItems: {} }),
  GetItem: JSON.stringify({ Item: REMOVED }),
  SendMessageBatch: JSON.stringify({ Successful: [], Failed: [] }),
  ChangeMessageVisibilityBatch: JSON.stringify({ Successful: [], Failed: [] }),
};

/** The same, once every name server is known to have forgotten the record. */
const IN_SYNC: StubAnswers = {
  ...ANSWERS,
  GetItem: JSON.stringify({ Item: { ...REMOVED, syncedAt: { N: "2" } } }),
};

const PLACE = { hostedZoneId: "Z123EXAMPLE", recordName: "media.example.com" };

const RECORD_OF_OURS = xml(
  "ListResourceRecordSetsResponse",
  ROUTE_53,
  `<ResourceRecordSets><ResourceRecordSet><Name>media.example.com.</Name><Type>A</Type>
  <SetIdentifier>${setIdentifierOf(`aws-patterns/test/${INSTANCE}-registrar`, "i-1")}</SetIdentifier>
  <Weight>100</Weight><TTL>30</TTL><ResourceRecords><ResourceRecord><Value>155.146.0.1</Value></ResourceRecord>
  </ResourceRecords></ResourceRecordSet></ResourceRecordSets><IsTruncated>false</IsTruncated><MaxItems>300</MaxItems>`,
);

const leaving = {
  instanceId: "i-2",
  autoScalingGroupName: GROUP,
  lifecycleHookName: "drain-dns",
  recordName: "media.example.com",
  removedAt: 1,
};

export const SAMPLE: PatternSample = {
  minimal: ARGS,
  policy: {
    args: ARGS,
    exempt: ["ec2-graviton media-fleet-template", "no-open-ingress media-fleet-network-clients"],
    fixed: ["media-fleet-group fix-tags"],
    protectedTables: ["media-registrar-state"],
  },
  scenarios: {
    "registrar-reconcile-function": [
      {
        event: sqsEvent([scheduledMessage, "{", { source: "aws.s3" }]),
        answers: ANSWERS,
        calls: [
          "BatchWriteItem",
          "ChangeResourceRecordSets",
          "DescribeAutoScalingGroups",
          "DescribeInstances",
          "DescribeWarmPool",
          "ListResourceRecordSets",
          "Query",
          "SendMessageBatch",
          "UpdateItem",
        ],
        answer: failing(1, 2),
      },
      { event: sqsEvent([scheduledMessage]), answers: {}, calls: ["UpdateItem"], answer: failing(0) },
    ],
    "registrar-withdraw-function": [
      {
        event: { ...PLACE, tf: { action: "delete", prev_input: null } },
        answers: { ...ANSWERS, ListResourceRecordSets: RECORD_OF_OURS },
        calls: ["ChangeResourceRecordSets", "ListResourceRecordSets", "UpdateItem"],
        answer: { withdrawn: 1 },
      },
      {
        event: { ...PLACE, tf: { action: "create", prev_input: null } },
        answers: {},
        calls: [],
        answer: { withdrawn: 0 },
      },
      { event: { ...PLACE, tf: { action: "delete" } }, answers: {}, calls: ["UpdateItem"], error: /AccessDenied/ },
    ],
    "registrar-release-function": [
      {
        event: sqsEvent(["no JSON", leaving]),
        answers: ANSWERS,
        calls: ["ChangeMessageVisibilityBatch", "GetChange", "GetItem", "UpdateItem"],
        answer: failing(0, 1),
      },
      {
        event: sqsEvent([leaving]),
        answers: IN_SYNC,
        calls: ["CompleteLifecycleAction", "GetItem", "ListResourceRecordSets"],
        answer: failing(),
      },
      {
        event: sqsEvent([leaving, leaving]),
        answers: { GetItem: IN_SYNC.GetItem ?? "" },
        calls: ["GetItem", "ListResourceRecordSets"],
        answer: failing(0, 1),
      },
    ],
  },
};
