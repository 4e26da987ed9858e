import * as assert from "node:assert/strict";
import { Account } from "../../local/provider/account";
import * as lifecycle from "../../local/provider/lifecycle";
import type { Values } from "../../local/provider/property-values";
import { RESOURCES } from "../../local/provider/registry";

interface Command {
  constructor: { name: string };
  input: object;
}

/** An AWS that notes what it is asked, and answers what a test says. */
class Recorder extends Account {
  readonly calls: [name: string, input: object][] = [];

  constructor(private readonly answers: Readonly<Record<string, object>>) {
    super({ region: "us-east-1" });
  }

  override id(): Promise<string> {
    return Promise.resolve("111122223333");
  }

  override client<Client>(): Client {
    return { send: (command: Command) => Promise.resolve(this.answer(command)) } as Client;
  }

  private answer({ constructor: { name }, input }: Command): object {
    const call = name.replace(/Command$/, "");
    if (!/^(Get|Describe|List)/.test(call)) this.calls.push([call, input]);
    return this.answers[call] ?? {};
  }
}

async function update(account: Account, token: string, id: string, olds: Values, news: Values): Promise<void> {
  const type = RESOURCES.get(token);
  assert.ok(type, token);
  await lifecycle.update(type, account, `urn:pulumi:test::test::${token}::it`, id, olds, news);
}

async function create(account: Account, token: string, inputs: Values): Promise<void> {
  const type = RESOURCES.get(token);
  assert.ok(type, token);
  const urn = `urn:pulumi:test::test::${token}::it`;
  await lifecycle.create(type, account, urn, lifecycle.check(type, urn, {}, inputs, new Uint8Array()).inputs);
}

describe("Calls of AWS that no emulator answers", () => {
  it("change the clients, thumbprints and tags of an OpenID Connect provider in place", async () => {
    const account = new Recorder({ GetOpenIDConnectProvider: { Url: "issuer.example.com" } });
    const url = "https://issuer.example.com";
    const olds = { url, clientIdLists: ["a", "b"], thumbprintLists: ["1"], tagsAll: { old: "x" } };
    const news = { url, clientIdLists: ["b", "c"], thumbprintLists: ["2"], tags: { now: "y" } };
    await update(account, "aws:iam/openIdConnectProvider:OpenIdConnectProvider", "arn", olds, news);
    const target = { OpenIDConnectProviderArn: "arn" };
    assert.deepEqual(account.calls, [
      ["AddClientIDToOpenIDConnectProvider", { ...target, ClientID: "c" }],
      ["RemoveClientIDFromOpenIDConnectProvider", { ...target, ClientID: "a" }],
      ["UpdateOpenIDConnectProviderThumbprint", { ...target, ThumbprintList: ["2"] }],
      ["UntagOpenIDConnectProvider", { ...target, TagKeys: ["old"] }],
      ["TagOpenIDConnectProvider", { ...target, Tags: [{ Key: "now", Value: "y" }] }],
    ]);
  });

  it("give a log group another key, and take it away", async () => {
    const answers = { DescribeLogGroups: { logGroups: [{ logGroupName: "g", arn: "arn:*" }] } };
    const account = new Recorder(answers);
    const token = "aws:cloudwatch/logGroup:LogGroup";
    const base = { name: "g", retentionInDays: 0 };
    await update(account, token, "g", { ...base, arn: "arn", kmsKeyId: "one" }, { ...base, kmsKeyId: "two" });
    await update(account, token, "g", { ...base, arn: "arn", kmsKeyId: "two" }, base);
    assert.deepEqual(account.calls, [
      ["AssociateKmsKey", { logGroupName: "g", kmsKeyId: "two" }],
      ["DisassociateKmsKey", { logGroupName: "g" }],
    ]);
  });

  it("give a function its network, its file system and its image's start", async () => {
    const answers = {
      GetFunctionConfiguration: { State: "Active", LastUpdateStatus: "Successful" },
      GetFunction: { Configuration: { FunctionName: "f", FunctionArn: "arn:aws:lambda:r:a:function:f" } },
    };
    const account = new Recorder(answers);
    await create(account, "aws:lambda/function:Function", {
      name: "f",
      role: "arn:aws:iam::111122223333:role/r",
      packageType: "Image",
      imageUri: "image",
      imageConfig: { commands: ["run"], entryPoints: ["/bin/sh"], workingDirectory: "/" },
      vpcConfig: { subnetIds: ["subnet-1"], securityGroupIds: ["sg-1"] },
      fileSystemConfig: { arn: "arn:aws:elasticfilesystem:r:a:access-point/p", localMountPath: "/mnt/a" },
    });
    const [[name, input] = ["", {}]] = account.calls;
    assert.equal(name, "CreateFunction");
    const { ImageConfig, VpcConfig, FileSystemConfigs, Code } = input as Record<string, unknown>;
    assert.deepEqual(
      { ImageConfig, VpcConfig, FileSystemConfigs, Code },
      {
        ImageConfig: { Command: ["run"], EntryPoint: ["/bin/sh"], WorkingDirectory: "/" },
        VpcConfig: { SubnetIds: ["subnet-1"], SecurityGroupIds: ["sg-1"] },
        FileSystemConfigs: [{ Arn: "arn:aws:elasticfilesystem:r:a:access-point/p", LocalMountPath: "/mnt/a" }],
        Code: { ImageUri: "image" },
      },
    );
  });

  it("say which source a mapping reads, down to the last setting", async () => {
    const answers = { CreateEventSourceMapping: { UUID: "u" }, GetEventSourceMapping: { UUID: "u", State: "Enabled" } };
    const account = new Recorder(answers);
    await create(account, "aws:lambda/eventSourceMapping:EventSourceMapping", {
      eventSourceArn: "arn:aws:mq:us-east-1:111122223333:broker:b",
      functionName: "f",
      queues: "work",
      sourceAccessConfigurations: [{ type: "BASIC_AUTH", uri: "secret" }],
      startingPositionTimestamp: "2030-01-01T00:00:00Z",
      metricsConfig: { metrics: ["EventCount"] },
      provisionedPollerConfig: { minimumPollers: 1, maximumPollers: 2 },
    });
    assert.deepEqual(account.calls, [
      [
        "CreateEventSourceMapping",
        {
          EventSourceArn: "arn:aws:mq:us-east-1:111122223333:broker:b",
          FunctionName: "f",
          Enabled: true,
          Queues: ["work"],
          SourceAccessConfigurations: [{ Type: "BASIC_AUTH", URI: "secret" }],
          StartingPositionTimestamp: new Date("2030-01-01T00:00:00Z"),
          MetricsConfig: { Metrics: ["EventCount"] },
          ProvisionedPollerConfig: { MinimumPollers: 1, MaximumPollers: 2 },
          Tags: {},
        },
      ],
    ]);
  });
});
