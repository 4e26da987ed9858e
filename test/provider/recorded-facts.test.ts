/** The stand-in's entries against facts of the real plugin that were not written for it. */
import * as assert from "node:assert/strict";
import { RESOURCES } from "../../local/provider/registry";
import type { ResourceType } from "../../local/provider/resource-type";
import { declared } from "./declarations";
import { type Facts, RECORDED, SCHEMAS } from "./oracle";

const words = (text = ""): string[] => text.split(/\s+/).filter((word) => word !== "");

const AWS_OWN = "AWS's own default, which the plugin leaves to AWS: the same value in the end";
const FIFO_ONLY = "SQS has the attribute for FIFO queues only; a missing one means false";
const LEAVES_BEHIND = "the plugin updates and forgets what it made under the old value; replacing removes it";

/** Outputs that no pattern reads, and that AWS has as something of their own. */
const UNREAD: Readonly<Record<string, string>> = {
  "aws:ec2/vpc:Vpc":
    "defaultNetworkAclId defaultRouteTableId defaultSecurityGroupId dhcpOptionsId ipv6AssociationId mainRouteTableId",
  "aws:ec2/route:Route": "instanceId instanceOwnerId",
  // Says something only with IPv6, which no entry maps.
  "aws:ec2/subnet:Subnet": "ipv6CidrBlockAssociationId",
  "aws:lambda/function:Function": "signingJobArn signingProfileVersionArn sourceCodeSize",
  "aws:lambda/eventSourceMapping:EventSourceMapping": "lastProcessingResult stateTransitionReason",
  "aws:s3/bucket:Bucket": "hostedZoneId",
  "aws:sns/topic:Topic": "beginningArchiveTime",
};

/** Where the stand-in differs on purpose, and why. */
const EXCEPTIONS: ReadonlyMap<string, string> = new Map([
  ["aws:autoscaling/lifecycleHook:LifecycleHook.autoscalingGroupName replaces", LEAVES_BEHIND],
  ["aws:costexplorer/costAllocationTag:CostAllocationTag.tagKey replaces", LEAVES_BEHIND],
  ["aws:dynamodb/table:Table.attributes replaces", "they change only with indexes"],
  [
    "aws:dynamodb/table:Table.globalSecondaryIndexes replaces",
    "DynamoDB changes one at a time, which no pattern needs",
  ],
  ["aws:ec2/vpc:Vpc.instanceTenancy replaces", "in one direction only, which an entry cannot say; replacing is safe"],
  ["aws:lambda/function:Function.architectures default", AWS_OWN],
  ["aws:scheduler/schedule:Schedule.groupName default", AWS_OWN],
  ["aws:sqs/queue:Queue.contentBasedDeduplication default", FIFO_ONLY],
  ["aws:sqs/queue:Queue.fifoQueue default", FIFO_ONLY],
  ...Object.entries(UNREAD).flatMap(([token, outputs]) =>
    words(outputs).map((name): [string, string] => [`${token}.${name} output`, "no pattern reads it"]),
  ),
]);

type Difference = [key: string, detail: string];

function replacements({ token, properties }: ResourceType, replaces: readonly string[]): Difference[] {
  return Object.entries(properties)
    .filter(([name, effect]) => replaces.includes(name) !== (effect === "replace"))
    .map(([name, effect]) => [`${token}.${name} replaces`, `here: ${effect}`]);
}

function defaults({ token, properties, defaults = {} }: ResourceType, expected: object): Difference[] {
  return Object.entries(expected)
    .filter(([name, value]) => name in properties && defaults[name] !== value)
    .map(([name, value]) => [`${token}.${name} default`, `there: ${value}; here: ${JSON.stringify(defaults[name])}`]);
}

/** Defaults of the entry that a complete list does not have. */
function extraDefaults({ token, defaults = {} }: ResourceType, expected: object): Difference[] {
  return Object.keys(defaults)
    .filter((name) => !(name in expected))
    .map((name) => [`${token}.${name} default`, `there: none; here: ${JSON.stringify(defaults[name])}`]);
}

function outputs(type: ResourceType, expected: readonly string[]): Difference[] {
  const present = declared(type, "class");
  return expected
    .filter((name) => present.has(name) && !type.computed?.includes(name))
    .map((name) => [`${type.token}.${name} output`, "not among the computed"]);
}

/** Properties of which the documentation says that a change replaces. */
function documented(type: ResourceType): Difference[] {
  const documentation = declared(type, "Args");
  return Object.entries(type.properties)
    .filter(([name, effect]) => {
      const saysSo = /forc\w+ (a |the )?(creation of a )?new|recreat/i.test(documentation.get(name) ?? "");
      return saysSo && effect !== "replace";
    })
    .map(([name]) => [`${type.token}.${name} replaces`, `documentation: ${documentation.get(name)}`]);
}

function differences(): Map<string, string> {
  const compare = (token: string, { replaces, defaults: expected }: Facts): Difference[] => {
    const type = RESOURCES.get(token);
    assert.ok(type, `${token} has facts, but no entry`);
    return [
      ...defaults(type, expected),
      ...(SCHEMAS.has(token) ? extraDefaults(type, expected) : []),
      ...(replaces === undefined ? [] : replacements(type, replaces)),
      ...outputs(type, RECORDED.get(token)?.outputs ?? []),
    ];
  };
  const found = [...new Map([...RECORDED, ...SCHEMAS])].flatMap(([token, facts]) => compare(token, facts));
  return new Map([...[...RESOURCES.values()].flatMap(documented), ...found]);
}

/** An exception of a property that no entry maps any more says nothing. */
function isMapped(key: string): boolean {
  const [, token = "", property = ""] = /^(.+)\.(\w+) \w+$/.exec(key) ?? [];
  const type = RESOURCES.get(token);
  return type !== undefined && (/ output$/.test(key) || property in type.properties);
}

describe("The provider's entries and the real plugin", () => {
  it("agree, but for what is stated, and differ there", () => {
    const found = differences();
    const unstated = [...found].filter(([key]) => !EXCEPTIONS.has(key)).map(([key, detail]) => `${key}: ${detail}`);
    const settled = [...EXCEPTIONS.keys()].filter((key) => isMapped(key) && !found.has(key));
    assert.deepEqual({ unstated, settled }, { unstated: [], settled: [] });
  });

  it("are compared by the names that @pulumi/aws has", () => {
    // Recordings are of older versions, with some names of their own.
    const unknown = [...SCHEMAS].flatMap(([token, { replaces = [], defaults }]) => {
      const inputs = declared({ token }, "Args");
      const names = [...replaces, ...Object.keys(defaults)];
      return names.filter((name) => !inputs.has(name)).map((name) => `${token}.${name}`);
    });
    assert.deepEqual(unknown, []);
  });
});
