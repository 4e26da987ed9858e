import { UNKNOWN } from "../../../policy/values";
import { PROVIDER, subject } from "../subjects";
import { right, type RuleSamples, wrong } from "./sample";

const QUEUE = "aws:sqs/queue:Queue";
const GROUP = "aws:autoscaling/group:Group";
const SUBNET = "aws:ec2/subnet:Subnet";
const untagged = { provider: { region: "us-east-1" } };
const list = (...keys: string[]) => ({ tags: keys.map((key) => ({ key, value: "x", propagateAtLaunch: true })) });

export const wholeSamples: Readonly<Record<string, RuleSamples>> = {
  "required-tags": {
    passes: [
      right(QUEUE, {}),
      { subject: subject(QUEUE, { tags: { owner: "a", environment: "b", "cost-center": "c" } }, untagged) },
      { subject: subject(QUEUE, { tags: { owner: UNKNOWN, environment: "b", "cost-center": "c" } }, untagged) },
      { subject: subject(QUEUE, {}, { provider: { ...PROVIDER, defaultTags: UNKNOWN } }) },
      { subject: subject("aws:sqs/queuePolicy:QueuePolicy", {}, untagged) },
      { subject: subject("aws-patterns:edge:WavelengthDns", {}, untagged) },
      right(GROUP, list("owner", "environment", "cost-center")),
      { subject: subject(QUEUE, { tags: { team: "a" } }, untagged), settings: { requiredTags: ["team"] } },
    ],
    fails: [
      {
        subject: subject(QUEUE, { tags: { owner: "a" } }, untagged),
        found: [{ property: "tags.environment, tags.cost-center", value: undefined }],
      },
      wrong(QUEUE, { tags: { owner: "" } }, "tags.owner", undefined),
      wrong(GROUP, list("owner"), "tags.environment, tags.cost-center", undefined),
    ],
  },
  "allowed-regions": {
    passes: [
      right("pulumi:providers:aws", { region: "eu-west-1" }),
      {
        subject: subject("pulumi:providers:aws", { region: "us-east-1" }),
        settings: { regions: ["us-east-1"] },
      },
      { subject: subject("pulumi:providers:gcp", { region: "europe" }), settings: { regions: ["us-east-1"] } },
    ],
    fails: [
      {
        ...wrong("pulumi:providers:aws", { region: "eu-west-1" }, "region", "eu-west-1"),
        settings: { regions: ["us-east-1"] },
      },
      { ...wrong(QUEUE, { region: "eu-west-1" }, "region", "eu-west-1"), settings: { regions: ["us-east-1"] } },
    ],
  },
  "allowed-zones": {
    passes: [
      right(SUBNET, { availabilityZone: "eu-west-1a" }),
      {
        subject: subject(SUBNET, { availabilityZone: "us-east-1-wl1-bos-wlz-1" }),
        settings: { zones: ["us-east-1-wl1-*"] },
      },
    ],
    fails: [
      {
        ...wrong(SUBNET, { availabilityZone: "us-east-1a" }, "availabilityZone", "us-east-1a"),
        settings: { zones: ["us-east-1-wl1-*"] },
      },
      {
        ...wrong(GROUP, { availabilityZones: ["us-east-1b", "us-east-1a"] }, "availabilityZones[1]", "us-east-1a"),
        settings: { zones: ["us-east-1b"] },
      },
    ],
  },
};
