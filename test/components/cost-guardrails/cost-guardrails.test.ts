import * as assert from "node:assert/strict";
import {
  CostGuardrails,
  type CostGuardrailsArgs,
  type Guardrail,
} from "../../../components/cost-guardrails/cost-guardrails";
import { policiesOf } from "../../../components/cost-guardrails/policies";
import { matchingActions } from "../../../components/internal/iam-data";
import { ACCOUNT, deploy, ofType, only, type Registered, valueOf } from "../../support/mocks";
import { statementsOf } from "../../support/policies";

const ATTACHMENT = "aws:organizations/policyAttachment:PolicyAttachment";
const BUDGET = "aws:budgets/budget:Budget";
const KEY = "aws:kms/key:Key";
const MONITOR = "aws:costexplorer/anomalyMonitor:AnomalyMonitor";
const POLICY = "aws:organizations/policy:Policy";
const SUBSCRIPTION = "aws:costexplorer/anomalySubscription:AnomalySubscription";
const TAG = "aws:costexplorer/costAllocationTag:CostAllocationTag";
const TOPIC = "aws:sns/topic:Topic";
const TOPIC_POLICY = "aws:sns/topicPolicy:TopicPolicy";

const TOPIC_ARN = `arn:aws:sns:us-east-1:${ACCOUNT}:costs-alerts-topic`;

const GUARDRAIL: Guardrail = {
  name: "workloads",
  targets: ["ou-abcd-12345678", "222222222222"],
  protectedRoles: ["aws-patterns-deployer"],
  regions: ["us-east-1"],
};

const create = (args: CostGuardrailsArgs) => deploy(() => new CostGuardrails("costs", args));

/** Names of what was made, without the component's, by type. */
function names(resources: readonly Registered[], type: string): string[] {
  return ofType(resources, type).map(({ name }) => name.replace("costs-", ""));
}

function budgetOf(resources: readonly Registered[], name: string): Record<string, unknown> {
  return only(resources, BUDGET, `-budget-${name}`).inputs;
}

const impact = (usd: string, percent: string): unknown => ({
  ands: [
    { dimension: { key: "ANOMALY_TOTAL_IMPACT_ABSOLUTE", matchOptions: ["GREATER_THAN_OR_EQUAL"], values: [usd] } },
    {
      dimension: { key: "ANOMALY_TOTAL_IMPACT_PERCENTAGE", matchOptions: ["GREATER_THAN_OR_EQUAL"], values: [percent] },
    },
  ],
});

describe("CostGuardrails", () => {
  describe("with a budget alone", () => {
    let resources: Registered[];
    let component: CostGuardrails;
    before(
      async () => ({ resources, result: component } = await create({ budgets: [{ name: "all", monthlyUsd: 1000 }] })),
    );

    it("makes the budget and a topic that is informed, and nothing else", async () => {
      const types = resources.map(({ type }) => type).filter((type) => type.startsWith("aws:"));
      assert.deepEqual(types.sort(), [BUDGET, KEY, TOPIC_POLICY, TOPIC].sort());
      assert.equal(await valueOf(component.alerts?.topic.arn ?? ""), TOPIC_ARN);
      assert.deepEqual(Object.keys(component.budgetNames), ["all"]);
      assert.equal(await valueOf(component.budgetNames.all ?? ""), "costs-budget-all");
      assert.deepEqual([component.policyIds, component.monitorArns], [{}, {}]);
    });

    it("tells of 80 and 100 percent spent, and of 100 percent forecast, of all that the account sees", () => {
      const { notifications, ...budget } = budgetOf(resources, "all");
      assert.deepEqual(budget, { budgetType: "COST", timeUnit: "MONTHLY", limitAmount: "1000", limitUnit: "USD" });
      const reported = {
        thresholdType: "PERCENTAGE",
        comparisonOperator: "GREATER_THAN",
        subscriberSnsTopicArns: [TOPIC_ARN],
      };
      assert.deepEqual(notifications, [
        { ...reported, notificationType: "ACTUAL", threshold: 80 },
        { ...reported, notificationType: "ACTUAL", threshold: 100 },
        { ...reported, notificationType: "FORECASTED", threshold: 100 },
      ]);
    });

    it("lets AWS Budgets and Cost Anomaly Detection publish for this account, and nobody without TLS", () => {
      const publisher = (Service: string) => ({
        Effect: "Allow",
        Principal: { Service },
        Action: ["sns:Publish"],
        Resource: [TOPIC_ARN],
        Condition: { StringEquals: { "aws:SourceAccount": ACCOUNT } },
      });
      const { inputs } = only(resources, TOPIC_POLICY);
      assert.equal(inputs.arn, TOPIC_ARN);
      assert.deepEqual(statementsOf(inputs.policy), [
        publisher("budgets.amazonaws.com"),
        publisher("costalerts.amazonaws.com"),
        {
          Effect: "Deny",
          Principal: "*",
          Action: ["sns:Publish"],
          Resource: [TOPIC_ARN],
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
      ]);
    });

    it("encrypts the topic with a key of its own, that the publishers may use for this account", () => {
      assert.deepEqual(only(resources, TOPIC).inputs, {
        kmsMasterKeyId: `arn:aws:kms:us-east-1:${ACCOUNT}:costs-alerts-key`,
      });
      const { policy, enableKeyRotation, description } = only(resources, KEY).inputs;
      assert.deepEqual([enableKeyRotation, description], [true, "costs-alerts: what AWS tells of costs"]);
      const [account, ...publishers] = statementsOf(policy);
      assert.deepEqual(account?.Principal, { AWS: `arn:aws:iam::${ACCOUNT}:root` });
      for (const action of account?.Action ?? []) assert.match(action, /^kms:[A-Z][A-Za-z]+$/);
      // Without it nobody could ever change the key's policy again.
      assert.ok(account?.Action.includes("kms:PutKeyPolicy"));
      assert.ok(!account.Action.some((action) => /crypt|GenerateDataKey|Grant/.test(action)));
      assert.deepEqual(
        publishers.map(({ Principal, Action, Condition }) => [Principal, Action, Condition]),
        ["budgets.amazonaws.com", "costalerts.amazonaws.com"].map((Service) => [
          { Service },
          ["kms:Decrypt", "kms:GenerateDataKey"],
          { StringEquals: { "aws:SourceAccount": ACCOUNT } },
        ]),
      );
    });
  });

  it("makes the topic's policy before anything that AWS tries the topic with", async () => {
    const { resources } = await deploy(
      () => new CostGuardrails("costs", { budgets: [{ name: "all", monthlyUsd: 1 }], anomalies: {} }),
      { slow: ({ type }) => type === TOPIC_POLICY },
    );
    for (const type of [BUDGET, SUBSCRIPTION])
      assert.ok(only(resources, type).after.includes("costs-alerts-policy"), type);
  });

  it("makes budgets for member accounts, with thresholds and recipients of their own", async () => {
    const { resources } = await create({
      accountKind: "management",
      emails: ["platform@example.com"],
      budgets: [
        { name: "organization", monthlyUsd: 12_345.67 },
        {
          name: "edge",
          accountId: "222222222222",
          monthlyUsd: 10,
          actualPercents: [50],
          forecastPercents: [90, 110],
          emails: ["edge@example.com", "finance@example.com"],
        },
        { name: "quiet", monthlyUsd: 1, forecastPercents: [], emails: [] },
      ],
    });
    const reported = (name: string) =>
      (budgetOf(resources, name).notifications as Record<string, unknown>[]).map(
        ({ notificationType, threshold, subscriberEmailAddresses }) => [
          notificationType,
          threshold,
          subscriberEmailAddresses,
        ],
      );
    const platform = ["platform@example.com"];
    assert.equal(budgetOf(resources, "organization").limitAmount, "12345.67");
    assert.equal(budgetOf(resources, "organization").costFilters, undefined);
    assert.deepEqual(reported("organization"), [
      ["ACTUAL", 80, platform],
      ["ACTUAL", 100, platform],
      ["FORECASTED", 100, platform],
    ]);
    assert.deepEqual(budgetOf(resources, "edge").costFilters, [{ name: "LinkedAccount", values: ["222222222222"] }]);
    const own = ["edge@example.com", "finance@example.com"];
    assert.deepEqual(reported("edge"), [
      ["ACTUAL", 50, own],
      ["FORECASTED", 90, own],
      ["FORECASTED", 110, own],
    ]);
    assert.deepEqual(reported("quiet"), [
      ["ACTUAL", 80, undefined],
      ["ACTUAL", 100, undefined],
    ]);
  });

  describe("anomalies", () => {
    it("are looked for by service, and reported immediately from 100 USD and 40 percent on, by default", async () => {
      const { resources, result } = await create({ anomalies: {} });
      assert.deepEqual(only(resources, MONITOR).inputs, { monitorType: "DIMENSIONAL", monitorDimension: "SERVICE" });
      const monitor = await valueOf(result.monitorArns.service ?? "");
      assert.deepEqual(only(resources, SUBSCRIPTION).inputs, {
        frequency: "IMMEDIATE",
        monitorArnLists: [monitor],
        subscribers: [{ type: "SNS", address: TOPIC_ARN }],
        thresholdExpression: impact("100", "40"),
      });
      assert.ok(result.alerts);
    });

    it("are looked for by account too in a management account", async () => {
      const { resources, result } = await create({ accountKind: "management", anomalies: {} });
      assert.deepEqual(
        ofType(resources, MONITOR).map(({ name, inputs }) => [name, inputs.monitorDimension]),
        [
          ["costs-services", "SERVICE"],
          ["costs-accounts", "LINKED_ACCOUNT"],
        ],
      );
      assert.equal((only(resources, SUBSCRIPTION).inputs.monitorArnLists as string[]).length, 2);
      assert.deepEqual(Object.keys(result.monitorArns), ["service", "linkedAccount"]);
    });

    it("are summed up by mail, without a topic where nothing is reported immediately", async () => {
      const { resources, result } = await create({
        emails: ["platform@example.com"],
        anomalies: {
          subscriptions: [
            { frequency: "daily", impactUsd: 20.5, impactPercent: 10 },
            { frequency: "weekly", emails: ["finance@example.com", "cto@example.com"] },
          ],
        },
      });
      assert.equal(result.alerts, undefined);
      assert.deepEqual(ofType(resources, TOPIC), []);
      const [daily, weekly] = ofType(resources, SUBSCRIPTION).map(({ inputs }) => inputs);
      assert.deepEqual(
        [daily?.frequency, daily?.subscribers, daily?.thresholdExpression],
        ["DAILY", [{ type: "EMAIL", address: "platform@example.com" }], impact("20.5", "10")],
      );
      assert.deepEqual(
        [weekly?.frequency, weekly?.subscribers],
        [
          "WEEKLY",
          [
            { type: "EMAIL", address: "finance@example.com" },
            { type: "EMAIL", address: "cto@example.com" },
          ],
        ],
      );
    });

    it("are reported by monitors that are there already", async () => {
      const existing = `arn:aws:ce::${ACCOUNT}:anomalymonitor/1`;
      const { resources } = await create({ anomalies: { monitors: [], existingMonitorArns: [existing] } });
      assert.deepEqual(ofType(resources, MONITOR), []);
      assert.deepEqual(only(resources, SUBSCRIPTION).inputs.monitorArnLists, [existing]);
      const both = await create({ anomalies: { existingMonitorArns: [existing] } });
      assert.equal((only(both.resources, SUBSCRIPTION).inputs.monitorArnLists as string[]).length, 2);
    });
  });

  it("activates the tags by which costs are distinguished", async () => {
    const { resources } = await create({ costAllocationTags: ["owner", "aws:createdBy"] });
    assert.deepEqual(
      ofType(resources, TAG).map(({ name, inputs }) => [name, inputs]),
      [
        ["costs-tag-owner", { tagKey: "owner", status: "Active" }],
        ["costs-tag-aws:createdBy", { tagKey: "aws:createdBy", status: "Active" }],
      ],
    );
    assert.equal(resources.filter(({ type }) => type.startsWith("aws:")).length, 2);
  });

  describe("guardrails", () => {
    it("are service control policies, attached to each of their targets", async () => {
      const sandboxes = { ...GUARDRAIL, name: "sandboxes", targets: ["r-abcd"], gravitonOnly: true };
      const { resources, result } = await create({ accountKind: "management", guardrails: [GUARDRAIL, sandboxes] });
      assert.deepEqual(names(resources, POLICY), ["workloads-all", "sandboxes-all"]);
      for (const guardrail of [GUARDRAIL, sandboxes]) {
        const { inputs } = only(resources, POLICY, `-${guardrail.name}-all`);
        assert.equal(inputs.type, "SERVICE_CONTROL_POLICY");
        assert.equal(inputs.content, policiesOf(guardrail).policies[0]?.content);
        assert.match(String(inputs.description), new RegExp(guardrail.name));
      }
      assert.deepEqual(
        ofType(resources, ATTACHMENT).map(({ name, inputs }) => [
          name.replace("costs-", ""),
          inputs.policyId,
          inputs.targetId,
        ]),
        [
          ["workloads-all-on-ou-abcd-12345678", "costs-workloads-all-id", "ou-abcd-12345678"],
          ["workloads-all-on-222222222222", "costs-workloads-all-id", "222222222222"],
          ["sandboxes-all-on-r-abcd", "costs-sandboxes-all-id", "r-abcd"],
        ],
      );
      assert.deepEqual(Object.keys(result.policyIds), ["workloads-all", "sandboxes-all"]);
      assert.equal(await valueOf(result.policyIds["workloads-all"] ?? ""), "costs-workloads-all-id");
    });

    it("are attached to the unit that an ARN ends in", async () => {
      const targets = ["arn:aws:organizations::111111111111:ou/o-abcd123456/ou-abcd-12345678"];
      const { resources } = await create({ accountKind: "management", guardrails: [{ ...GUARDRAIL, targets }] });
      const [attachment] = ofType(resources, ATTACHMENT);
      assert.deepEqual(
        [attachment?.name, attachment?.inputs.targetId],
        ["costs-workloads-all-on-ou-abcd-12345678", "ou-abcd-12345678"],
      );
    });

    it("are attached to units that are named by their path, each looked up where it lies", async () => {
      const targets = ["/", "/Workloads", "/Workloads/Web"];
      const { resources } = await create({ accountKind: "management", guardrails: [{ ...GUARDRAIL, targets }] });
      assert.deepEqual(
        ofType(resources, ATTACHMENT).map(({ name, inputs }) => [name.replace("costs-", ""), inputs.targetId]),
        [
          ["workloads-all-on-/", "r-abcd"],
          ["workloads-all-on-/Workloads", "ou-of-r-abcd-Workloads"],
          ["workloads-all-on-/Workloads/Web", "ou-of-ou-of-r-abcd-Workloads-Web"],
        ],
      );
    });

    it("are several policies where one would be too large, each attached", async () => {
      const deniedServices = matchingActions("ec2:*").slice(0, 500);
      const { resources } = await create({ accountKind: "management", guardrails: [{ ...GUARDRAIL, deniedServices }] });
      const parts = names(resources, POLICY);
      assert.deepEqual(parts.slice(0, 2), ["workloads-roles", "workloads-regions"]);
      assert.ok(parts.length >= 4 && parts.slice(2).every((part) => /^workloads-services-[01]+$/.test(part)));
      for (const { inputs } of ofType(resources, POLICY)) assert.ok(String(inputs.content).length <= 10_240);
      assert.equal(ofType(resources, ATTACHMENT).length, 2 * parts.length);
    });
  });
});
