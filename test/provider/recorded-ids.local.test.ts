/** The form of ids against the real plugin's, as its recordings show them. */
import * as assert from "node:assert/strict";
import { CreateHostedZoneCommand, Route53Client } from "@aws-sdk/client-route-53";
import type { Values } from "../../local/provider/property-values";
import { RESOURCES } from "../../local/provider/registry";
import { RECORDED } from "./oracle/recordings";
import { allow, archive, Managed, startEmulator, testAccount, trust } from "./support";

const account = testAccount();

/** Forms that have changed since the recordings. */
const NEWER: Readonly<Record<string, string>> = {
  // By this `pulumi import` of version 7 takes it; version 5 made an id of the time.
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": "{role}/{policyArn}",
};

/** Whether an id has a recorded form: `{name}` stands for an output, `*` for anything. */
function hasForm(id: string, form: string, outputs: Values): boolean {
  const text = form.replace(/\{(\w+)\}/g, (_, name: string) => String(outputs[name]));
  const [start = "", end] = text.split("*");
  return end === undefined ? id === text : id.startsWith(start) && id.endsWith(end);
}

describe("The ids of the stand-in provider", () => {
  let emulator: { stop(): Promise<void> };
  before(async () => {
    emulator = await startEmulator();
  });
  after(() => emulator.stop());

  it("have the form of the real plugin's", async () => {
    const made: Managed[] = [];
    const make = async (token: string, inputs: Values): Promise<Managed> => {
      const resource = await new Managed(token, account).create(inputs);
      made.push(resource);
      return resource;
    };
    const topic = await make("aws:sns/topic:Topic", {});
    await make("aws:sns/topicPolicy:TopicPolicy", {
      arn: topic.id,
      policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Principal: { AWS: "111122223333" }, Action: "sns:Publish", Resource: topic.id }],
      }),
    });
    const queue = await make("aws:sqs/queue:Queue", {});
    await make("aws:dynamodb/table:Table", {
      attributes: [{ name: "id", type: "S" }],
      billingMode: "PAY_PER_REQUEST",
      hashKey: "id",
    });
    await make("aws:kms/key:Key", {});
    await make("aws:cloudwatch/logGroup:LogGroup", {});
    const rule = await make("aws:cloudwatch/eventRule:EventRule", { eventPattern: '{"source":["test"]}' });
    await make("aws:cloudwatch/eventTarget:EventTarget", { arn: topic.id, rule: rule.id });
    const role = await make("aws:iam/role:Role", { assumeRolePolicy: trust("lambda.amazonaws.com") });
    const actions = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"];
    await make("aws:iam/rolePolicy:RolePolicy", { policy: allow(actions), role: role.id });
    await make("aws:iam/instanceProfile:InstanceProfile", { role: role.id });
    await make("aws:iam/rolePolicyAttachment:RolePolicyAttachment", {
      policyArn: "arn:aws:iam::aws:policy/service-role/AWSLambdaSQSQueueExecutionRole",
      role: role.id,
    });
    const zone = { Name: "example.com", CallerReference: "one" };
    const { HostedZone } = await account.client(Route53Client).send(new CreateHostedZoneCommand(zone));
    await make("aws:route53/record:Record", {
      name: "www",
      records: ["dev.example.com"],
      ttl: 5,
      type: "CNAME",
      zoneId: HostedZone?.Id?.replace("/hostedzone/", "") ?? "",
    });
    const lambda = await make("aws:lambda/function:Function", {
      code: archive({ "index.js": "exports.handler = async () => {};" }),
      handler: "index.handler",
      role: role.output("arn"),
      runtime: "nodejs22.x",
    });
    await make("aws:lambda/permission:Permission", {
      action: "lambda:InvokeFunction",
      function: lambda.id,
      principal: "events.amazonaws.com",
    });
    await make("aws:lambda/eventSourceMapping:EventSourceMapping", {
      eventSourceArn: queue.output("arn"),
      functionName: lambda.id,
    });
    await make("aws:s3/bucket:Bucket", {});
    const vpc = await make("aws:ec2/vpc:Vpc", { cidrBlock: "10.0.0.0/16" });
    const subnet = await make("aws:ec2/subnet:Subnet", {
      availabilityZone: "us-east-1a",
      cidrBlock: "10.0.1.0/24",
      vpcId: vpc.id,
    });
    const table = await make("aws:ec2/routeTable:RouteTable", { vpcId: vpc.id });
    await make("aws:ec2/routeTableAssociation:RouteTableAssociation", { routeTableId: table.id, subnetId: subnet.id });
    const gateway = await make("aws:ec2/carrierGateway:CarrierGateway", { vpcId: vpc.id });
    await make("aws:ec2/route:Route", {
      carrierGatewayId: gateway.id,
      destinationCidrBlock: "0.0.0.0/0",
      routeTableId: table.id,
    });

    const wrong = made.flatMap(({ type: { token }, id, outputs }) => {
      const form = NEWER[token] ?? RECORDED[token]?.id ?? "*";
      return hasForm(id, form, outputs) ? [] : [`${token}: received ${id}, expected ${form}`];
    });
    for (const resource of made.reverse()) await resource.delete();
    assert.deepEqual(wrong, []);
    const compared = new Set(made.map(({ type: { token } }) => token));
    assert.deepEqual(
      Object.keys(RECORDED).filter((token) => RESOURCES.has(token) && !compared.has(token)),
      [],
    );
  });
});
