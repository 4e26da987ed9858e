import * as assert from "node:assert/strict";
import {
  ApiGatewayV2Client,
  CreateApiCommand,
  CreateIntegrationCommand,
  CreateRouteCommand,
} from "@aws-sdk/client-apigatewayv2";
import {
  AddPermissionCommand,
  CreateAliasCommand,
  CreateFunctionCommand,
  type CreateFunctionCommandInput,
  GetFunctionConfigurationCommand,
  InvokeCommand,
  LambdaClient,
  PublishVersionCommand,
  PutProvisionedConcurrencyConfigCommand,
  UpdateAliasCommand,
  UpdateFunctionConfigurationCommand,
} from "@aws-sdk/client-lambda";
import { missingForJava } from "../../local/toolchain/lambda-java";
import { type ClientSettings, startTestCloud, type TestCloud, until } from "../support/cloud";
import { createRole } from "../support/functions";
import { given } from "../support/network";
import { zip } from "../support/zip";

const account = "666666666666";
const ROLE = "lambda.amazonaws.com";
const WORKS = "def handler(event, context): return {'statusCode': 200, 'body': 'here'}";

describe("the local cloud's functions with SnapStart", () => {
  let cloud: TestCloud;
  let settings: ClientSettings;
  let lambda: LambdaClient;
  let role: string;

  before(async () => {
    cloud = await startTestCloud();
    settings = cloud.as(account);
    lambda = new LambdaClient(settings);
    role = await createRole(settings, "snapstart", ROLE, []);
  });
  after(() => cloud.stop());

  const create = (FunctionName: string, source: string, more: Partial<CreateFunctionCommandInput> = {}) =>
    lambda.send(
      new CreateFunctionCommand({
        FunctionName,
        Role: role,
        Runtime: "python3.12",
        Handler: "app.handler",
        Code: { ZipFile: zip({ "app.py": source }) },
        SnapStart: { ApplyOn: "PublishedVersions" },
        ...more,
      }),
    );
  const stateOf = async (FunctionName: string, Qualifier: string): Promise<string> => {
    const found = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName, Qualifier }));
    return `${found.State} ${found.SnapStart?.OptimizationStatus}`;
  };
  /** Version 1, once it is initialized, with the alias `live`. */
  const publish = async (FunctionName: string, state = "Active On"): Promise<void> => {
    await lambda.send(new PublishVersionCommand({ FunctionName }));
    await until(`version 1 is ${state}`, async () => (await stateOf(FunctionName, "1")) === state);
    await lambda.send(new CreateAliasCommand({ FunctionName, Name: "live", FunctionVersion: "1" }));
  };
  const invoke = (FunctionName: string, Qualifier: string) =>
    lambda.send(new InvokeCommand({ FunctionName, Qualifier }));

  const REFUSED: [what: string, settings: Partial<CreateFunctionCommandInput>][] = [
    ["Node.js", { Runtime: "nodejs22.x" }],
    ["more than 512 MB of storage", { EphemeralStorage: { Size: 1024 } }],
    [
      "file systems",
      {
        FileSystemConfigs: [
          {
            Arn: `arn:aws:elasticfilesystem:us-east-1:${account}:access-point/fsap-0123456789abcdef0`,
            LocalMountPath: "/mnt/data",
          },
        ],
      },
    ],
  ];
  for (const [what, more] of REFUSED) {
    it(`do not go with ${what}`, () =>
      assert.rejects(create("refused", WORKS, more), { name: "InvalidParameterValueException" }));
  }

  it("have no provisioned concurrency", async () => {
    await create("provisioned", WORKS);
    await publish("provisioned");
    const more = { FunctionName: "provisioned", Qualifier: "live", ProvisionedConcurrentExecutions: 1 };
    await assert.rejects(lambda.send(new PutProvisionedConcurrencyConfigCommand(more)), {
      name: "InvalidParameterValueException",
    });
  });

  it("are not invoked in a version that failed to initialize", async () => {
    await create("failing", "raise ValueError('no')");
    await publish("failing", "Failed On");
    await assert.rejects(invoke("failing", "live"), { name: "ResourceConflictException" });
  });

  it("initialize a version again that was idle, when it is invoked", async () => {
    await create("idle", WORKS);
    await publish("idle");
    const query = `function=idle&version=1&account=${account}`;
    const { status } = await fetch(`${cloud.endpoint}/_aws-patterns/idle-version?${query}`, { method: "POST" });
    assert.equal(status, 200);
    assert.equal(await stateOf("idle", "1"), "Inactive On");
    await assert.rejects(invoke("idle", "live"), { name: "SnapStartNotReadyException" });
    await until("version 1 is active again", async () => (await stateOf("idle", "1")) === "Active On");
    assert.equal((await invoke("idle", "live")).StatusCode, 200);
  });

  it("share requests among two versions of one role, by an alias with weights", async () => {
    await create("shared", "def handler(event, context): return context.function_version");
    await publish("shared");
    await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: "shared", Description: "second" }));
    await lambda.send(new PublishVersionCommand({ FunctionName: "shared" }));
    await until("version 2 is active", async () => (await stateOf("shared", "2")) === "Active On");
    const weigh = (AdditionalVersionWeights: Record<string, number>) =>
      lambda.send(
        new UpdateAliasCommand({ FunctionName: "shared", Name: "live", RoutingConfig: { AdditionalVersionWeights } }),
      );
    for (const wrong of [{ "1": 0.5 }, { "7": 0.5 }, { "2": 0.2, "3": 0.2 }]) {
      await assert.rejects(weigh(wrong), { name: "InvalidParameterValueException" });
    }
    const { RevisionId: revision = "" } = await weigh({ "2": 0.5 });
    const answers = new Set<string>();
    await until("both have answered", async () => {
      answers.add(Buffer.from((await invoke("shared", "live")).Payload ?? []).toString());
      return answers.size === 2;
    });
    await weigh({});
    const stale = new UpdateAliasCommand({ FunctionName: "shared", Name: "live", RevisionId: revision });
    await assert.rejects(lambda.send(stale), { name: "PreconditionFailedException" });
  });

  it("answer an API that their policy lets in, by the alias that it names", async () => {
    await create("answering", WORKS);
    await publish("answering");
    const gateway = new ApiGatewayV2Client(settings);
    const { ApiId } = await gateway.send(new CreateApiCommand({ Name: "api", ProtocolType: "HTTP" }));
    const statusOf = async (path: string, qualifier: string): Promise<number> => {
      const arn = `arn:aws:lambda:us-east-1:${account}:function:answering${qualifier}`;
      const IntegrationUri = `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${arn}/invocations`;
      const integration = { ApiId, IntegrationType: "AWS_PROXY", IntegrationUri, PayloadFormatVersion: "2.0" } as const;
      const { IntegrationId } = await gateway.send(new CreateIntegrationCommand(integration));
      const route = { ApiId, RouteKey: `GET ${path}`, Target: `integrations/${given(IntegrationId, "id")}` };
      await gateway.send(new CreateRouteCommand(route));
      return (await fetch(`${cloud.endpoint}/_aws/execute-api/${given(ApiId, "id")}/$default${path}`)).status;
    };
    assert.equal(await statusOf("/early", ":live"), 500);
    await lambda.send(
      new AddPermissionCommand({
        FunctionName: "answering",
        Qualifier: "live",
        StatementId: "api",
        Action: "lambda:InvokeFunction",
        Principal: "apigateway.amazonaws.com",
        SourceArn: `arn:aws:execute-api:us-east-1:${account}:${given(ApiId, "id")}/*/*`,
      }),
    );
    assert.equal(await statusOf("/live", ":live"), 200);
    assert.equal(await statusOf("/version", ":1"), 500);
    assert.equal(await statusOf("/latest", ""), 500);
  });
});

describe("what the machine lacks for Java", () => {
  it("is said in one line", async () => {
    assert.match((await missingForJava({ PATH: "/nowhere" })) ?? "", /^(there is no JDK 17|AWS's runtime client)/);
  });
});
