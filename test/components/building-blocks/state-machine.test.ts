import * as assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { type State, StateMachine, type StateMachineArgs, type StateMachineDefinition } from "../../../components";
import { deploy, only } from "../../support/mocks";
import { statementsOf } from "../../support/policies";

const PASS: StateMachineDefinition = { StartAt: "A", States: { A: { Type: "Pass", End: true } } };

const create = (args: Partial<StateMachineArgs> = {}) =>
  deploy(() => new StateMachine("orders", { description: "Orders", definition: PASS, policies: [], ...args }));

const withState = (state: object, more: object = {}): Partial<StateMachineArgs> => ({
  definition: { StartAt: "A", States: { A: state as State }, ...more },
});

describe("StateMachine", () => {
  it("has sensible defaults: a standard machine with traces, and errors logged without data for 30 days", async () => {
    const { resources } = await create();
    const { inputs } = only(resources, "aws:sfn/stateMachine:StateMachine");
    const logs = only(resources, "aws:cloudwatch/logGroup:LogGroup").inputs;
    assert.deepEqual(
      [inputs.type, inputs.tracingConfiguration, inputs.loggingConfiguration],
      [
        "STANDARD",
        { enabled: true },
        {
          level: "ERROR",
          includeExecutionData: false,
          logDestination:
            "arn:aws:logs:us-east-1:111111111111:log-group:/aws/vendedlogs/states/aws-patterns/test/orders:*",
        },
      ],
    );
    assert.deepEqual([logs.name, logs.retentionInDays], ["/aws/vendedlogs/states/aws-patterns/test/orders", 30]);
    assert.deepEqual(JSON.parse(String(inputs.definition)), { Comment: "Orders", ...PASS });
  });

  it("takes what is given over the defaults", async () => {
    const tags = { team: "edge" };
    const { resources } = await create({
      type: "EXPRESS",
      logLevel: "ALL",
      logExecutionData: true,
      logRetentionDays: 7,
      tags,
    });
    const { inputs } = only(resources, "aws:sfn/stateMachine:StateMachine");
    const { level, includeExecutionData } = inputs.loggingConfiguration as Record<string, unknown>;
    assert.deepEqual([inputs.type, level, includeExecutionData, inputs.tags], ["EXPRESS", "ALL", true, tags]);
    assert.equal(only(resources, "aws:cloudwatch/logGroup:LogGroup").inputs.retentionInDays, 7);
  });

  it("may do what is listed, besides logs and traces", async () => {
    const arn = "arn:aws:lambda:us-east-1:111111111111:function:charge";
    const { resources } = await create({ policies: [{ actions: ["lambda:InvokeFunction"], resources: [arn] }] });
    const { inputs } = only(resources, "aws:iam/rolePolicy:RolePolicy");
    const [own, ...others] = statementsOf(inputs.policy);
    assert.deepEqual([own?.Action, own?.Resource], [["lambda:InvokeFunction"], [arn]]);
    const services = others.flatMap(({ Action }) => [Action].flat()).map((action) => String(action).split(":")[0]);
    assert.deepEqual([...new Set(services)], ["logs", "xray"]);
    await assert.rejects(create({ policies: [{ actions: ["s3:*"], resources: [arn] }] }), /policies\[0\]\.actions/);
  });

  it("alarms for each way in which an execution fails", async () => {
    const topic = "arn:aws:sns:us-east-1:111111111111:alerts";
    const { resources } = await create({ alarmTopicArns: [topic] });
    const alarms = resources.filter(({ type }) => type === "aws:cloudwatch/metricAlarm:MetricAlarm");
    assert.deepEqual(
      alarms.map(({ inputs }) => [inputs.metricName, inputs.alarmActions]),
      [
        ["ExecutionsFailed", [topic]],
        ["ExecutionsTimedOut", [topic]],
      ],
    );
  });

  it("is made after its policy, without which AWS refuses its logs", async () => {
    const slow = ({ type }: { type: string }): boolean => type === "aws:iam/rolePolicy:RolePolicy";
    const { resources } = await deploy(
      () => new StateMachine("orders", { description: "Orders", definition: PASS, policies: [] }),
      { slow },
    );
    assert.ok(only(resources, "aws:sfn/stateMachine:StateMachine").after.includes("orders-policy"));
  });

  it("takes values that are known later", async () => {
    const Resource = pulumi.output("arn:aws:lambda:us-east-1:111111111111:function:charge");
    const { resources } = await create(withState({ Type: "Task", Resource, End: true }));
    const text = String(only(resources, "aws:sfn/stateMachine:StateMachine").inputs.definition);
    assert.match(text, /"Resource":"arn:aws:lambda:us-east-1:111111111111:function:charge"/);
  });

  const invoke = { Type: "Task", Resource: "arn:aws:states:::lambda:invoke", End: true };
  const wrong: [what: string, args: Partial<StateMachineArgs>, message: RegExp][] = [
    [
      "a type of state that there is not",
      withState({ Type: "Tsk", End: true }),
      /definition\.States\.A\.Type: received "Tsk"/,
    ],
    ["a transition to nowhere", withState({ Type: "Pass", Next: "B" }), /Missing .* target: B/],
    [
      "a state that nothing leads to",
      { definition: { StartAt: "A", States: { ...PASS.States, B: { Type: "Succeed" } } } },
      /State B is not reachable/,
    ],
    ["a state without an end", withState({ Type: "Pass" }), /A/],
    [
      "a path with a fault",
      withState({ ...invoke, Parameters: { "x.$": "$.a[?" } }),
      /definition\.States\.A\.Parameters\.x\.\$: received "\$\.a\[\?"/,
    ],
    [
      "an expression with a fault",
      withState({ Type: "Pass", Output: "{% $states.input.x + %}", End: true }, { QueryLanguage: "JSONata" }),
      /definition\.States\.A\.Output: received "\{% \$states\.input\.x \+ %\}"/,
    ],
    ["no definition", { definition: undefined as unknown as StateMachineDefinition }, /definition: received nothing/],
  ];
  for (const [what, args, message] of wrong) {
    it(`refuses ${what}, before anything is deployed`, async () => {
      await assert.rejects(create(args), message);
    });
  }

  it("takes JSONata where it is right", async () => {
    const Arguments = { FunctionName: "charge", Payload: "{% $states.input %}" };
    await create(
      withState({ ...invoke, Arguments, Output: "{% $states.result.Payload %}" }, { QueryLanguage: "JSONata" }),
    );
  });
});
