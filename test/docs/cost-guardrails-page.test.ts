/** What the page of cost-guardrails says is what the component does. */
import * as assert from "node:assert/strict";
import { CostGuardrails, type CostGuardrailsArgs } from "../../components/cost-guardrails/cost-guardrails";
import {
  MAXIMUM_POLICIES_ON_TARGET,
  MAXIMUM_POLICY_CHARACTERS,
  policiesOf,
} from "../../components/cost-guardrails/policies";
import { deploy, only, type Registered } from "../support/mocks";
import { statementsOf } from "../support/policies";
import { countsOf, countsTold } from "./claims";
import { blocks, codes, read, rows, section } from "./markdown";

const page = read("docs/cost-guardrails.md");

/** The page's minimal example; another test compiles it. */
const EXAMPLE: CostGuardrailsArgs = {
  accountKind: "management",
  guardrails: [
    {
      name: "workloads",
      targets: ["ou-abcd-12345678"],
      protectedRoles: ["aws-patterns-deployer", "OrganizationAccountAccessRole"],
      regions: ["us-east-1", "eu-west-1"],
      gravitonOnly: true,
    },
  ],
  budgets: [{ name: "all", monthlyUsd: 1000 }],
  anomalies: {},
  costAllocationTags: ["owner"],
  emails: ["platform@example.com"],
};

/** USD a GB-second of Lambda in us-east-1, first tier: https://aws.amazon.com/lambda/pricing/ */
const X86 = 0.0000166667;
const ARM64 = 0.0000133334;

describe("the page of cost-guardrails", () => {
  let resources: Registered[];
  before(async () => ({ resources } = await deploy(() => new CostGuardrails("costs", EXAMPLE))));

  it("shows the example that is counted here", () => {
    const [example = ""] = blocks(section(page, "Minimal example"), "ts");
    const shown = example.replaceAll(/\s|,(?=\s*[}\])])/g, "").replaceAll(/(\w+):/g, '"$1":');
    assert.ok(shown.includes(`newCostGuardrails("costs",${JSON.stringify(EXAMPLE)})`));
  });

  it("lists what the example creates, and how many of each", () => {
    const table = rows(section(page, "What it creates"));
    assert.deepEqual(countsTold(table), countsOf(resources));
  });

  it("tells who may publish and use the key, and nobody else", () => {
    const services = (type: string, property: string, resource: string) =>
      statementsOf(only(resources, type).inputs[property]).flatMap(({ Effect, Principal, Action, Condition }) => {
        const { Service } = Principal as { Service?: string };
        if (Effect === "Deny" || Service === undefined) return [];
        assert.deepEqual(Condition, { StringEquals: { "aws:SourceAccount": "111111111111" } });
        return Action.map((action) => `${Service} ${action} ${resource}`);
      });
    const real = [
      ...services("aws:sns/topicPolicy:TopicPolicy", "policy", "topic"),
      ...services("aws:kms/key:Key", "policy", "key"),
    ];
    const reported = rows(section(page, "Permissions"))
      .filter(([, , , condition]) => condition === "on behalf of this account")
      .flatMap(([who = "", actions = "", resource = ""]) =>
        codes(actions).map((action) => `${codes(who)[0]} ${action} ${resource}`),
      );
    assert.deepEqual(reported.sort(), real.sort());
  });

  it("names every statement that a guardrail can have, by the setting that it comes from", () => {
    const limits = { families: ["m7g"], sizes: ["large"] };
    const { policies } = policiesOf({
      name: "all",
      targets: [],
      protectedRoles: ["deployer"],
      regions: ["us-east-1"],
      inferenceProfiles: ["us"],
      instances: limits,
      databases: limits,
      caches: limits,
      deniedServices: ["redshift"],
    });
    const real = policies.flatMap(({ content }) =>
      (JSON.parse(content) as { Statement: { Sid: string }[] }).Statement.map(({ Sid }) => Sid),
    );
    const table = rows(section(page, "Permissions")).filter(([sids = ""]) => /^`[A-Z]/.test(sids));
    assert.deepEqual(table.flatMap(([sids = ""]) => codes(sids)).sort(), real.sort());
    for (const [, , , setting = ""] of table) {
      const names = codes(section(page, "Arguments"));
      assert.ok(names.includes(`guardrails[].${codes(setting)[0]}`), setting);
    }
  });

  it("names AWS's limits", () => {
    const text = page.replaceAll(/\s+/g, " ");
    const characters = MAXIMUM_POLICY_CHARACTERS.toLocaleString("en");
    assert.ok(text.includes(`At most ${MAXIMUM_POLICIES_ON_TARGET} policies on a target and ${characters} characters`));
    assert.ok(text.includes(`fits into AWS's ${characters} characters`));
  });

  it("reckons what arm64 saves by the prices that it names", () => {
    const text = section(page, "Cost");
    assert.ok(text.includes(String(X86.toFixed(10))) && text.includes(String(ARM64.toFixed(10))));
    assert.equal(Math.round(100 * (1 - ARM64 / X86)), 20);
    assert.match(text, /20 percent less/);
    const number = (cell = ""): number => Number(cell.replaceAll(",", ""));
    const savings = rows(text).filter((cells) => cells.length === 5);
    assert.equal(savings.length, 3);
    for (const [seconds, example = "", x86, arm64, saved] of savings) {
      const [, millions, milliseconds, megabytes] =
        /^(\d+) million runs of (\d+) ms with ([\d,]+) MB$/.exec(example) ?? [];
      assert.equal(number(millions) * 1e6 * (number(milliseconds) / 1e3) * (number(megabytes) / 1024), number(seconds));
      const cents = (price: number): number => Number((number(seconds) * price).toFixed(2));
      assert.deepEqual([number(x86), number(arm64), number(saved)], [cents(X86), cents(ARM64), cents(X86 - ARM64)]);
    }
  });
});
