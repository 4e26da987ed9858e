/** The stand-in's entries against facts of the real plugin that were not written for it. */
import * as assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { RESOURCES } from "../../local/provider/registry";
import type { ResourceType } from "../../local/provider/resource-type";
import { ORACLE } from "./oracle";

const ONE_DIRECTION = "only in one direction, which an entry cannot say; replacing is the safe answer";
const AWS_OWN = "AWS's own default, which the plugin leaves to AWS: the same value in the end";
const FIFO_ONLY = "SQS has the attribute for FIFO queues only; a missing one means false";
const NOT_MAPPED = "says something only with IPv6, which no entry maps";
const UNREAD = "no pattern reads it, and AWS has it as something of its own";
const LEAVES_BEHIND = "the plugin updates and forgets what it made under the old value; replacing removes it";

/** Where the stand-in differs on purpose, and why. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  "aws:autoscaling/lifecycleHook:LifecycleHook.autoscalingGroupName replaces": LEAVES_BEHIND,
  "aws:costexplorer/costAllocationTag:CostAllocationTag.tagKey replaces": LEAVES_BEHIND,
  "aws:dynamodb/table:Table.attributes replaces": "they change only with indexes, which the entry does not map",
  "aws:ec2/subnet:Subnet.ipv6CidrBlockAssociationId output": NOT_MAPPED,
  "aws:ec2/vpc:Vpc.instanceTenancy replaces": ONE_DIRECTION,
  "aws:ec2/vpc:Vpc.ipv6AssociationId output": NOT_MAPPED,
  "aws:lambda/function:Function.architectures default": AWS_OWN,
  "aws:scheduler/schedule:Schedule.groupName default": AWS_OWN,
  "aws:sqs/queue:Queue.contentBasedDeduplication default": FIFO_ONLY,
  "aws:sqs/queue:Queue.fifoQueue default": FIFO_ONLY,
  "aws:ec2/vpc:Vpc.defaultNetworkAclId output": UNREAD,
  "aws:ec2/vpc:Vpc.defaultRouteTableId output": UNREAD,
  "aws:ec2/vpc:Vpc.defaultSecurityGroupId output": UNREAD,
  "aws:ec2/vpc:Vpc.dhcpOptionsId output": UNREAD,
  "aws:ec2/vpc:Vpc.mainRouteTableId output": UNREAD,
  "aws:ec2/route:Route.instanceId output": UNREAD,
  "aws:ec2/route:Route.instanceOwnerId output": UNREAD,
  "aws:lambda/function:Function.signingJobArn output": UNREAD,
  "aws:lambda/function:Function.signingProfileVersionArn output": UNREAD,
  "aws:lambda/function:Function.sourceCodeSize output": UNREAD,
  "aws:lambda/eventSourceMapping:EventSourceMapping.lastProcessingResult output": UNREAD,
  "aws:lambda/eventSourceMapping:EventSourceMapping.stateTransitionReason output": UNREAD,
  "aws:s3/bucket:Bucket.hostedZoneId output": UNREAD,
  "aws:sns/topic:Topic.beginningArchiveTime output": UNREAD,
};

type Difference = [key: string, detail: string];

const declarations = new Map<string, string>();

/** The members of a class or interface of @pulumi/aws, each with its documentation on one line. */
function declared({ token }: { token: string }, opening: "Args" | "class"): Map<string, string> {
  const [, file = "", name = ""] = /^aws:([^:]+):(\w+)$/.exec(token) ?? [];
  const path = join(__dirname, `../../node_modules/@pulumi/aws/${file}.d.ts`);
  const text = declarations.get(path) ?? readFileSync(path, "utf8");
  declarations.set(path, text);
  const start = text.indexOf(opening === "Args" ? `export interface ${name}Args {` : `export declare class ${name} `);
  assert.ok(start >= 0, `${path} does not declare ${name}`);
  const body = text.slice(start, text.indexOf("\n}", start));
  const members = body.matchAll(/(?:\/\*\*((?:(?!\*\/)[^])*)\*\/\s+)?^ {4}(?:readonly )?(\w+)\??:/gm);
  return new Map(
    [...members].map(([, documentation = "", member = ""]) => [member, documentation.replace(/\s*\n\s*\* ?/g, " ")]),
  );
}

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

const words = (text = ""): string[] => text.split(/\s+/).filter((word) => word !== "");

function differences(): Map<string, string> {
  const found = Object.entries(ORACLE).flatMap(([token, facts]): Difference[] => {
    const type = RESOURCES.get(token);
    assert.ok(type, `${token} has facts, but no entry`);
    return [
      ...outputs(type, words(facts.outputs)),
      ...defaults(type, facts.defaults ?? {}),
      ...(facts.schema === undefined ? [] : extraDefaults(type, facts.defaults ?? {})),
      ...(facts.replaces === undefined ? [] : replacements(type, words(facts.replaces))),
    ];
  });
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
    const unstated = [...found].filter(([key]) => !(key in EXCEPTIONS)).map(([key, detail]) => `${key}: ${detail}`);
    const settled = Object.keys(EXCEPTIONS).filter((key) => isMapped(key) && !found.has(key));
    assert.deepEqual({ unstated, settled }, { unstated: [], settled: [] });
  });

  it("are compared by the names that @pulumi/aws has", () => {
    const unknown = Object.entries(ORACLE).flatMap(([token, { schema, replaces, defaults = {} }]) => {
      const inputs = declared({ token }, "Args");
      // Recordings are of older versions, with some names of their own.
      const names = schema === undefined ? [] : [...words(replaces), ...Object.keys(defaults)];
      return names.filter((name) => !inputs.has(name)).map((name) => `${token}.${name}`);
    });
    assert.deepEqual(unknown, []);
  });
});
