import * as assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { SnapStartFunction, type SnapStartFunctionArgs, type ComponentOptions } from "../../../components";
import { runtimeFault, snapStartFaults } from "../../../components/internal/snap-start-limits";
import { capturedSettings } from "../../support/captured";
import { deploy, ofType, only, valueOf } from "../../support/mocks";
import { statementsOf } from "../../support/policies";

const FUNCTION = "aws:lambda/function:Function";
const ALIAS = "aws:lambda/alias:Alias";
const INVOCATION = "aws:lambda/invocation:Invocation";
const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";

const REQUIRED: SnapStartFunctionArgs = {
  description: "Records",
  code: "apps/snapstart-java/src",
  handler: "records.RecordsHandler",
  runtime: "java21",
  policies: [],
};

const create = (args: Partial<SnapStartFunctionArgs> = {}, opts: ComponentOptions = {}) =>
  deploy(() => new SnapStartFunction("records", { ...REQUIRED, ...args }, opts));

describe("SnapStartFunction", () => {
  it("publishes versions with snapshots, on arm64, with traces and logs of its own", async () => {
    const { inputs } = only((await create()).resources, FUNCTION, "records-function");
    const { snapStart, publish, architectures, tracingConfig, loggingConfig, timeout, memorySize } = inputs;
    assert.deepEqual({ snapStart, publish }, { snapStart: { applyOn: "PublishedVersions" }, publish: true });
    assert.deepEqual(
      { architectures, timeout, memorySize },
      { architectures: ["arm64"], timeout: 30, memorySize: 1024 },
    );
    assert.deepEqual(tracingConfig, { mode: "Active" });
    assert.deepEqual(loggingConfig, { logFormat: "JSON", logGroup: "records-logs" });
  });

  it("takes what its arguments say", async () => {
    const { resources } = await create({
      ...{ architecture: "x86_64", timeoutSeconds: 60, memoryMegabytes: 512, reservedConcurrency: 5 },
      ...{ environment: { LEVEL: "debug" }, logRetentionDays: 7, aliasName: "blue" },
    });
    const { inputs } = only(resources, FUNCTION, "records-function");
    const { architectures, timeout, memorySize, reservedConcurrentExecutions, environment } = inputs;
    assert.deepEqual([architectures, timeout, memorySize, reservedConcurrentExecutions], [["x86_64"], 60, 512, 5]);
    assert.deepEqual(environment, { variables: { LEVEL: "debug" } });
    assert.equal(only(resources, "aws:cloudwatch/logGroup:LogGroup", "records-logs").inputs.retentionInDays, 7);
    assert.equal(only(resources, ALIAS).inputs.name, "blue");
  });

  it("moves its alias to the version that the gate let through, after it did", async () => {
    const { resources } = await create();
    const { inputs } = only(resources, INVOCATION);
    assert.deepEqual(JSON.parse(String(inputs.input)), { functionName: "records-function", version: "1" });
    assert.deepEqual(inputs.triggers, { version: "1" });
    const alias = only(resources, ALIAS);
    assert.equal(alias.inputs.functionVersion, "1");
    assert.ok(alias.after.includes("records-active"));
    const { policy } = only(resources, "aws:iam/rolePolicy:RolePolicy", "gate-policy").inputs;
    const [versions] = statementsOf(policy);
    assert.deepEqual(versions?.Action, ["lambda:GetFunctionConfiguration"]);
    assert.match(String(versions?.Resource), /:function:records-function:\*$/);
  });

  it("tries a new version by weights and alarms where it is asked to", async () => {
    const { resources } = await create({ canary: { percent: 10, alarmNames: ["latency"] } });
    const settings = await capturedSettings(only(resources, "aws:lambda/function:Function", "-gate-function"));
    const alarmNames = ["records-errors-alarm", "latency"];
    assert.deepEqual(settings, { aliasName: "live", percent: 10, minutes: 5, alarmNames });
    const { policy } = only(resources, "aws:iam/rolePolicy:RolePolicy", "gate-policy").inputs;
    const actions = statementsOf(policy).filter(({ Action }) => /alias|Alarms/i.test(Action.join()));
    assert.deepEqual(
      actions.map(({ Action, Resource }) => [Action, Resource.map((arn) => arn.replace(/^arn:([^:]*:){4}/, ""))]),
      [
        [["lambda:GetAlias", "lambda:UpdateAlias"], ["function:records-function"]],
        [["cloudwatch:DescribeAlarms"], ["*"]],
      ],
    );
  });

  it("gives leave to invoke the alias alone", async () => {
    const { resources, result } = await deploy(() => {
      const made = new SnapStartFunction("records", REQUIRED);
      made.allow("api", { principal: "apigateway.amazonaws.com", sourceArn: "arn:aws:execute-api:us-east-1:1:a/*" });
      return made;
    });
    const { function: name, qualifier, principal } = only(resources, "aws:lambda/permission:Permission").inputs;
    assert.deepEqual([name, qualifier, principal], ["records-function", "live", "apigateway.amazonaws.com"]);
    assert.deepEqual(result.invokePolicy.actions, ["lambda:InvokeFunction"]);
    assert.deepEqual(await valueOf(result.invokePolicy.resources), [await valueOf(result.alias.arn)]);
  });

  it("has alarms of the alias's errors and throttles, which tell the topics", async () => {
    const alarmTopicArns = ["arn:aws:sns:us-east-1:111111111111:alarms"];
    const alarms = ofType((await create({ alarmTopicArns })).resources, ALARM);
    assert.deepEqual(
      alarms.map(({ inputs }) => [inputs.metricName, inputs.dimensions, inputs.alarmActions]),
      ["Errors", "Throttles"].map((metric) => [
        metric,
        { FunctionName: "records-function", Resource: "records-function:live" },
        alarmTopicArns,
      ]),
    );
  });

  it("takes an archive, or the path of one", async () => {
    const archive = new pulumi.asset.FileArchive("docs");
    const given = only((await create({ code: archive })).resources, FUNCTION, "records-function").inputs.code;
    assert.deepEqual(given, archive);
    const path = only((await create()).resources, FUNCTION, "records-function").inputs.code;
    assert.ok(path instanceof pulumi.asset.FileArchive);
  });

  const REFUSED: [args: Partial<SnapStartFunctionArgs>, said: RegExp][] = [
    [
      { runtime: "nodejs24.x" },
      /runtime: received "nodejs24\.x"[\s\S]*documentation as of[\s\S]*no snapshots of Node\.js/,
    ],
    [{ runtime: "java8.al2" }, /there are no snapshots of java8/],
    [{ aliasName: "7" }, /aliasName: received "7"/],
    [{ memoryMegabytes: 64 }, /memoryMegabytes: received 64/],
    [{ policies: [{ actions: ["s3:*"], resources: ["arn:aws:s3:::a"] }] }, /policies\[0\]\.actions/],
  ];
  for (const [args, said] of REFUSED) {
    it(`refuses ${JSON.stringify(args)}`, () => assert.rejects(create(args), said));
  }

  const TRANSFORMED: [inputs: Record<string, unknown>, said: RegExp][] = [
    [{ ephemeralStorage: { size: 1024 } }, /at most 512 MB, not 1024/],
    [{ fileSystemConfig: { arn: "arn:aws:elasticfilesystem:a", localMountPath: "/mnt/a" } }, /EFS/],
  ];
  for (const [inputs, said] of TRANSFORMED) {
    it(`refuses a transform that adds ${Object.keys(inputs).join()}`, () =>
      assert.rejects(create({}, { transform: { function: inputs } }), said));
  }
});

describe("what SnapStart goes with", () => {
  it("is Java 11, Python 3.12 and .NET 8 or later", () => {
    const possible = ["java11", "java17", "java25", "python3.12", "python3.14", "python4.0", "dotnet8", "dotnet10"];
    const impossible = ["java8.al2", "python3.11", "dotnet6", "nodejs24.x", "ruby3.4", "provided.al2023", "", "java"];
    assert.deepEqual(
      possible.filter((runtime) => runtimeFault(runtime) !== undefined),
      [],
    );
    assert.deepEqual(
      impossible.filter((runtime) => runtimeFault(runtime) === undefined),
      [],
    );
  });

  it("is neither a container image, nor much storage, nor a file system", () => {
    assert.deepEqual(snapStartFaults({ runtime: "java21", ephemeralStorage: { size: 512 } }), []);
    assert.match(snapStartFaults({ packageType: "Image" }).join(), /container images/);
    assert.equal(
      snapStartFaults({ runtime: "ruby3.4", ephemeralStorage: { size: 513 }, fileSystemConfig: {} }).length,
      3,
    );
  });
});
