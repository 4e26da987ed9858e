import * as assert from "node:assert/strict";
import { valid, faultsIn } from "../support/configurations";

const ACCOUNTS = { management: { id: "111111111111" } };

const GUARDRAIL = {
  name: "workloads",
  targets: ["ou-abcd-12345678"],
  protectedRoles: ["aws-patterns-deployer"],
};

function withArgs(args: object): Record<string, unknown> {
  return { costs: { pattern: "cost-guardrails", account: "management", args: { accountKind: "management", ...args } } };
}

const withGuardrail = (changes: object): Record<string, unknown> =>
  withArgs({ guardrails: [{ ...GUARDRAIL, ...changes }] });

/** Places and advice of what is wrong with an entry. */
function reported(patterns: unknown, accounts: unknown = ACCOUNTS): [path: string, received: string, fix: string][] {
  return faultsIn(accounts, patterns).map(({ path, received, fix }) => [
    path.replace("aws-patterns:patterns.costs.args.", ""),
    received,
    fix,
  ]);
}

describe("cost-guardrails in a stack file", () => {
  it("takes every setting", () => {
    const limits = { families: ["m7g"], sizes: ["large"], otherFamilies: ["m99g"] };
    valid(
      ACCOUNTS,
      withArgs({
        guardrails: [
          {
            ...GUARDRAIL,
            regions: ["us-east-1"],
            withoutUsEast1: true,
            globalActions: ["quicksight:*"],
            instances: limits,
            databases: limits,
            caches: limits,
            gravitonOnly: true,
            deniedServices: ["redshift"],
            denyLeaving: false,
          },
        ],
        otherPolicies: 3,
        budgets: [
          {
            name: "all",
            accountId: "222222222222",
            monthlyUsd: 100,
            actualPercents: [50],
            forecastPercents: [100],
            emails: ["costs@example.com"],
          },
        ],
        anomalies: {
          monitors: ["service", "linkedAccount"],
          existingMonitorArns: ["arn:aws:ce::111111111111:anomalymonitor/1"],
          subscriptions: [{ frequency: "weekly", impactUsd: 1, impactPercent: 1, emails: ["costs@example.com"] }],
        },
        costAllocationTags: ["owner"],
        emails: ["costs@example.com"],
      }),
    );
  });

  it("locates misspelt keys and values, and says which was meant", () => {
    const found = reported({
      costs: {
        pattern: "cost-guardrails",
        account: "management",
        args: {
          accountKind: "managment",
          guardrails: [{ ...GUARDRAIL, region: ["us-east-1"], instances: { familys: ["m7g"], sizes: ["large"] } }],
          budgets: [{ name: "all", monthlyUsd: "100" }],
        },
      },
    });
    assert.deepEqual(found.sort(), [
      ["accountKind", '"managment"', 'Did you mean "management"?'],
      ["budgets[0].monthlyUsd", '"100"', "Remove the quotation marks."],
      ["guardrails[0].instances.familys", '["m7g"]', 'Did you mean "families"?'],
      ["guardrails[0].region", '["us-east-1"]', 'Did you mean "regions"?'],
    ]);
  });

  it("locates what is wrong with values", () => {
    const found = reported(
      withArgs({
        guardrails: [
          { ...GUARDRAIL, regions: ["us-east-1", "eu-wst-1"], instances: { families: ["m7gg"] }, targets: ["ou-abcd"] },
        ],
        budgets: [{ name: "all", monthlyUsd: 0 }],
        emails: ["costs"],
      }),
    );
    assert.deepEqual(
      found.map(([path]) => path),
      [
        "guardrails[0].targets[0]",
        "guardrails[0].regions[1]",
        "budgets[0].monthlyUsd",
        "emails[0]",
        "guardrails[0].instances.families[0]",
      ],
    );
  });

  it("refuses to lock out the role that deploys", () => {
    assert.deepEqual(reported(withGuardrail({ protectedRoles: ["OrganizationAccountAccessRole"] })), [
      [
        "guardrails[0].protectedRoles",
        '["OrganizationAccountAccessRole"]',
        "Add aws-patterns-deployer: the guardrail would lock out the role that deploys, in every account that it is attached to.",
      ],
    ]);
    for (const protectedRoles of [["other", "aws-patterns-*"], ["aws-patterns-deploye?"]]) {
      assert.deepEqual(reported(withGuardrail({ protectedRoles })), []);
    }
    const roleArn = "arn:aws:iam::111111111111:role/platform/deploy";
    const accounts = { management: { id: "111111111111", roleArn } };
    const [[path = "", , fix = ""] = []] = reported(withGuardrail({}), accounts);
    assert.equal(path, "guardrails[0].protectedRoles");
    assert.match(fix, /^Add platform\/deploy:/);
    assert.equal(reported(withGuardrail({ protectedRoles: ["deploy"] }), accounts).length, 1);
    assert.deepEqual(reported(withGuardrail({ protectedRoles: ["platform/deploy"] }), accounts), []);
  });

  it("wants the account's region among those that may be used", () => {
    const accounts = { management: { id: "111111111111", region: "eu-central-1" } };
    assert.deepEqual(reported(withGuardrail({ regions: ["us-east-1", "eu-west-1"] }), accounts), [
      ["guardrails[0].regions", '["us-east-1","eu-west-1"]', "Add it, or deploy to a region that may be used."],
    ]);
    assert.deepEqual(reported(withGuardrail({ regions: ["us-east-1", "eu-central-1"] }), accounts), []);
    assert.deepEqual(
      reported(withGuardrail({ regions: ["eu-central-1"] }), accounts).map(([path]) => path),
      ["guardrails[0].regions"],
    );
    assert.deepEqual(reported(withGuardrail({ regions: ["eu-central-1"], withoutUsEast1: true }), accounts), []);
  });

  it("attaches to other accounts than the management account, which no policy affects", () => {
    assert.deepEqual(
      reported(withGuardrail({ targets: ["222222222222", "111111111111"] })).map(([path]) => path),
      ["guardrails[0].targets[1]"],
    );
  });

  it("checks what it can without a usable account", () => {
    const found = faultsIn(
      { management: { id: "1" } },
      withGuardrail({ regions: ["us-est-1"], protectedRoles: ["x"] }),
    );
    assert.deepEqual(
      found.map(({ path }) => path.replace("aws-patterns:", "")),
      ["accounts.management.id", "patterns.costs.args.guardrails[0].regions[0]"],
    );
  });
});
