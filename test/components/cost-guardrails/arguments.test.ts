import * as assert from "node:assert/strict";
import { ArgumentsError } from "../../../components/internal/argument-checks";
import type { Fault } from "../../../components/internal/faults";
import { arnLike } from "../../../components/internal/arn-pattern";
import {
  CostGuardrails,
  type CostBudget,
  type CostGuardrailsArgs,
  type Guardrail,
} from "../../../components/cost-guardrails/cost-guardrails";
import { checkCostGuardrails } from "../../../components/cost-guardrails/checks";
import { neededBecause } from "../../../components/cost-guardrails/service-rules";
import { partitionOf } from "../../../components/internal/partitions";
import { isGraviton, knownFamilies, knownSizes } from "../../../components/cost-guardrails/types";
import { iamServices, matchingActions } from "../../../components/internal/iam-data";
import { attempt } from "../../support/mocks";

const GUARDRAIL: Guardrail = {
  name: "workloads",
  targets: ["ou-abcd-12345678"],
  protectedRoles: ["aws-patterns-deployer"],
};
const BUDGET: CostBudget = { name: "all", monthlyUsd: 1000 };

function errors(args: CostGuardrailsArgs): readonly Fault[] {
  const found = checkCostGuardrails(args).found();
  for (const { allowed, fix } of found) assert.ok(allowed !== "" && fix !== "");
  return found;
}

const wrong = (args: CostGuardrailsArgs): string[] => errors(args).map(({ path }) => path);

/** What is wrong with one guardrail in a management account, without its place. */
function wrongGuardrail(changes: Partial<Guardrail>, ...others: Guardrail[]): string[] {
  return wrong({ accountKind: "management", guardrails: [{ ...GUARDRAIL, ...changes }, ...others] }).map((path) =>
    path.replace("guardrails[0].", ""),
  );
}

/** The only error of a guardrail. */
function guardrailError(changes: Partial<Guardrail>): Fault {
  const [error, ...more] = errors({ accountKind: "management", guardrails: [{ ...GUARDRAIL, ...changes }] });
  assert.ok(error);
  assert.deepEqual(more, []);
  return error;
}

const wrongBudget = (
  changes: Partial<CostBudget>,
  accountKind: CostGuardrailsArgs["accountKind"] = "management",
): string[] =>
  wrong({ accountKind, budgets: [{ ...BUDGET, ...changes }] }).map((path) => path.replace("budgets[0].", ""));

describe("the arguments of CostGuardrails", () => {
  it("ask for something", () => {
    assert.deepEqual(wrong({}), ["guardrails"]);
    assert.deepEqual(wrong({ guardrails: [], budgets: [], costAllocationTags: [], emails: ["a@example.com"] }), [
      "guardrails",
    ]);
    for (const args of [{ budgets: [BUDGET] }, { anomalies: {} }, { costAllocationTags: ["owner"] }]) {
      assert.deepEqual(wrong(args), []);
    }
  });

  it("have service control policies in a management account only", () => {
    assert.deepEqual(wrong({ accountKind: "management", guardrails: [GUARDRAIL] }), []);
    for (const accountKind of ["standalone", "member"] as const) {
      assert.deepEqual(wrong({ accountKind, guardrails: [GUARDRAIL] }), ["guardrails"]);
    }
    assert.deepEqual(wrong({ guardrails: [GUARDRAIL] }), ["guardrails"]);
  });

  it("give guardrails and budgets names that resource names can be made from, each its own", () => {
    for (const name of ["", "Workloads", "2workloads", "work_loads", "workloads-", "a".repeat(21)]) {
      assert.deepEqual(wrongGuardrail({ name }), ["name"], name);
    }
    assert.deepEqual(wrongGuardrail({ name: "a".repeat(20) }), []);
    assert.deepEqual(wrongGuardrail({}, GUARDRAIL), ["guardrails[1].name"]);
    assert.deepEqual(wrongBudget({ name: "a".repeat(31) }), ["name"]);
    assert.deepEqual(wrong({ budgets: [BUDGET, BUDGET] }), ["budgets[1].name"]);
  });

  it("attach to units, accounts and roots, each once", () => {
    const good = ["r-abcd", "ou-abcd-12345678", `ou-${"a".repeat(32)}-${"b".repeat(32)}`, "012345678901"];
    good.push("/", "/Workloads", "/Workloads/Web apps/Shop & Co.");
    good.push("arn:aws:organizations::111111111111:ou/o-abcd123456/ou-abcd-12345679");
    assert.deepEqual(wrongGuardrail({ targets: good }), []);
    for (const target of [
      "",
      "r-abc",
      "R-abcd",
      "ou-abcd-1234567",
      "ou-abcd",
      "12345678901",
      "1234567890123",
      "root",
      "o-abcd123456",
      "Workloads",
      "/Workloads/",
      "//Web",
      "/a/b/c/d/e/f",
    ]) {
      assert.deepEqual(wrongGuardrail({ targets: ["r-abcd", target] }), ["targets[1]"], target);
    }
    assert.deepEqual(wrongGuardrail({ targets: [] }), ["targets"]);
    const arn = "arn:aws:organizations::111111111111:ou/o-abcd123456/ou-abcd-12345678";
    assert.deepEqual(wrongGuardrail({ targets: ["ou-abcd-12345678", arn] }), ["targets[1]"]);
    assert.deepEqual(wrongGuardrail({ targets: ["r-abcd", "012345678901", "r-abcd"] }), ["targets[2]"]);
  });

  it("protect roles by name, never all of them", () => {
    const good = [
      "aws-patterns-deployer",
      "aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_Admin_*",
      "a?min",
      "x=y,z@w",
    ];
    assert.deepEqual(wrongGuardrail({ protectedRoles: good }), []);
    for (const name of ["*", "?*", "*/*", "", "a b", "/deployer", "arn:aws:iam::111111111111:role/x"]) {
      assert.deepEqual(wrongGuardrail({ protectedRoles: [name] }), ["protectedRoles[0]"], name);
    }
    // What would protect nobody: the ARN's parts in front of the name, and what is no role.
    for (const [name, fix] of [
      ["role/deployer", /^Write deployer: /],
      ["arn:aws:iam::111111111111:role/setup/network-admin", /^Write setup\/network-admin: /],
      ["arn:aws:sts::111111111111:assumed-role/deployer/session", /^That is a session\. .* write deployer/],
      ["assumed-role/deployer/session", /^That is a session\. .* write deployer/],
      ["user/anna", /^Only roles can be protected/],
      ["arn:aws:iam::111111111111:user/anna", /^Only roles can be protected/],
      ["federated-user/anna", /^Only roles can be protected/],
    ] as const) {
      const error = guardrailError({ protectedRoles: [name] });
      assert.equal(error.path, "guardrails[0].protectedRoles[0]");
      assert.match(error.fix, fix);
    }
    assert.deepEqual(wrongGuardrail({ protectedRoles: [] }), ["protectedRoles"]);
    assert.deepEqual(wrongGuardrail({ protectedRoles: ["a", "a"] }), ["protectedRoles[1]"]);
  });

  it("name regions that exist, each once, of one partition", () => {
    assert.deepEqual(wrongGuardrail({ regions: ["us-east-1", "eu-west-1", "ap-southeast-7"] }), []);
    assert.deepEqual(wrongGuardrail({ regions: ["us-east-1", "us-east-1"] }), ["regions[1]"]);
    assert.deepEqual(wrongGuardrail({ regions: [] }), ["regions"]);
    assert.deepEqual(wrongGuardrail({ regions: ["us-east-1", "cn-north-1"] }), ["regions"]);
    assert.deepEqual(wrongGuardrail({ regions: ["us-gov-west-1"] }), []);
    const error = guardrailError({ regions: ["us-east-1", "eu-wst-1"] });
    assert.deepEqual(
      [error.path, error.received, error.fix],
      ["guardrails[0].regions[1]", "eu-wst-1", 'Did you mean "eu-west-1"?'],
    );
  });

  it("leave out us-east-1 only knowingly", () => {
    const error = guardrailError({ regions: ["eu-west-1"] });
    assert.equal(error.path, "guardrails[0].regions");
    assert.match(error.fix, /withoutUsEast1: true/);
    assert.deepEqual(wrongGuardrail({ regions: ["eu-west-1"], withoutUsEast1: true }), []);
    assert.deepEqual(wrongGuardrail({ regions: ["cn-north-1"] }), []);
  });

  it("exempt actions from the limit to regions, where there is one", () => {
    assert.deepEqual(
      wrongGuardrail({ regions: ["us-east-1"], globalActions: ["quicksight:*", "bedrock:InvokeModel*"] }),
      [],
    );
    assert.deepEqual(wrongGuardrail({ globalActions: ["quicksight:*"] }), ["globalActions"]);
    for (const action of ["quicksight", "*", "*:*", "Quicksight:*", "s3:Get Object"]) {
      assert.deepEqual(
        wrongGuardrail({ regions: ["us-east-1"], globalActions: [action] }),
        ["globalActions[0]"],
        action,
      );
    }
  });

  it("name families and sizes that exist, with the nearest for those that do not", () => {
    for (const service of ["instances", "databases", "caches"] as const) {
      assert.deepEqual(wrongGuardrail({ [service]: { families: ["m7g", "t4g"], sizes: ["large", "2xlarge"] } }), []);
      assert.deepEqual(wrongGuardrail({ [service]: { families: [] } }), [`${service}.families`]);
      assert.deepEqual(wrongGuardrail({ [service]: { sizes: ["large", "large"] } }), [`${service}.sizes[1]`]);
      assert.deepEqual(wrongGuardrail({ [service]: {} }), [service]);
      assert.deepEqual(wrongGuardrail({ [service]: { families: ["m7g"], otherFamilies: ["m99g"] } }), []);
      assert.deepEqual(wrongGuardrail({ [service]: { sizes: ["large"], otherFamilies: ["m99g"] } }), [
        `${service}.otherFamilies`,
      ]);
      assert.deepEqual(wrongGuardrail({ [service]: { families: ["m7g"], otherFamilies: ["M99.large"] } }), [
        `${service}.otherFamilies[0]`,
      ]);
    }
    const family = guardrailError({ instances: { families: ["m7g", "c6gg"] } });
    assert.equal(family.path, "guardrails[0].instances.families[1]");
    assert.match(family.fix, /^Did you mean "c6g"\? What is newer .* otherFamilies\.$/);
    assert.match(guardrailError({ instances: { sizes: ["xxlarge"] } }).fix, /^Did you mean "\w*xlarge"\?$/);
    assert.deepEqual(wrongGuardrail({ databases: { families: ["x2g"] } }), []);
    assert.deepEqual(wrongGuardrail({ instances: { families: ["x2g"] } }), ["instances.families[0]"]);
    assert.deepEqual(wrongGuardrail({ databases: { families: ["db.m7g"] } }), ["databases.families[0]"]);
  });

  it("have no families of other processors beside Graviton only", () => {
    assert.deepEqual(wrongGuardrail({ gravitonOnly: true, instances: { families: ["m7g", "m7i", "t3"] } }), [
      "instances.families[1]",
      "instances.families[2]",
    ]);
    assert.deepEqual(wrongGuardrail({ gravitonOnly: true, caches: { otherFamilies: ["m99g", "m99i"] } }), [
      "caches.otherFamilies[1]",
    ]);
    assert.deepEqual(wrongGuardrail({ gravitonOnly: true, databases: { sizes: ["large"] }, caches: {} }), []);
    assert.match(guardrailError({ gravitonOnly: true, instances: { families: ["t3"] } }).allowed, /Graviton/);
  });

  it("deny services and actions that there are, with the nearest for those that are not", () => {
    for (const [name, fix] of [
      ["nosuchservice", /^Use one of the names/],
      ["redshfit", 'Did you mean "redshift"?'],
      ["Redshift", 'Did you mean "redshift"?'],
      ["stepfunctions", 'Did you mean "states" (AWS Step Functions)?'],
      ["eventbridge", 'Did you mean "events" (Amazon EventBridge)?'],
      ["emr", 'Did you mean "elasticmapreduce"?'],
      ["constructor", /./],
      ["ec2:CreateNatGatway", 'Did you mean "ec2:CreateNatGateway"?'],
      ["ecc2:CreateNatGateway", 'Did you mean "ec2"?'],
      ["ec2:Nothing*", /^No action of ec2 fits/],
      ["*", /^Name the services one by one/],
      ["s*", /^Name the services one by one/],
    ] as const) {
      const error = guardrailError({ deniedServices: ["kendra", name] });
      assert.deepEqual([error.path, error.received], ["guardrails[0].deniedServices[1]", name]);
      assert.match(error.allowed, /Service Authorization Reference of 20\d\d-\d\d-\d\d/);
      if (typeof fix === "string") assert.equal(error.fix, fix);
      else assert.match(error.fix, fix);
    }
  });

  it("deny nothing without which nobody could sign in, take a role or put an account right", () => {
    for (const name of [
      "account",
      "iam",
      "identitystore",
      "organizations",
      "signin",
      "sso",
      "sso-directory",
      "sso-oauth",
      "sts",
      "support",
    ]) {
      for (const form of [name, `${name}:*`, `${name}:?*`]) {
        const error = guardrailError({ deniedServices: [form] });
        assert.deepEqual([error.path, error.received], ["guardrails[0].deniedServices[0]", form]);
        assert.match(error.fix, /could .*\. Deny single actions of it, or remove it\.$/);
      }
    }
    for (const action of ["sts:AssumeRole", "sts:Assume*", "sts:assumerolewith*", "sts:T*"]) {
      assert.deepEqual(wrongGuardrail({ deniedServices: [action] }), ["deniedServices[0]"], action);
    }
    assert.deepEqual(
      wrongGuardrail({
        deniedServices: ["iam:CreateUser", "iam:CreateAccessKey", "sts:GetFederationToken", "sso:Create*"],
      }),
      [],
    );
  });

  it("tell 200 equal errors as one", () => {
    const error = guardrailError({ deniedServices: Array.from({ length: 200 }, (_, i) => `nosuchservice${i}`) });
    assert.equal(error.path, "guardrails[0].deniedServices[0-199]");
    assert.match(JSON.stringify(error.received), /^\["nosuchservice0",.*"and 195 more"\]$/);
    const guardrails = Array.from({ length: 200 }, (_, i) => ({
      ...GUARDRAIL,
      name: `g${i}`,
      targets: [String(100000000000 + i)],
      regions: ["eu-west-1"],
    }));
    assert.deepEqual(wrong({ accountKind: "management", guardrails }), ["guardrails[0-199].regions"]);
    assert.throws(
      () => checkCostGuardrails({ accountKind: "management", guardrails }).finish("C"),
      (thrown) => thrown instanceof Error && thrown.message.length < 600,
    );
  });

  it("let inference profiles through by their geography, where regions are limited", () => {
    const regions = ["us-east-1"];
    assert.deepEqual(wrongGuardrail({ regions, inferenceProfiles: ["us", "global", "application"] }), []);
    assert.deepEqual(wrongGuardrail({ regions, inferenceProfiles: ["us", "us"] }), ["inferenceProfiles[1]"]);
    assert.deepEqual(wrongGuardrail({ inferenceProfiles: ["us"] }), ["inferenceProfiles"]);
    const error = guardrailError({ regions, inferenceProfiles: ["apacc" as "apac"] });
    assert.deepEqual([error.received, error.fix], ["apacc", 'Did you mean "apac"?']);
  });

  it("know the names of closed lists, also where nobody checks types", () => {
    const unknown = <T>(name: string): T => name as T;
    const of = (args: CostGuardrailsArgs) => errors(args).map(({ path, fix }) => [path, fix]);
    assert.deepEqual(of({ accountKind: unknown("managment"), budgets: [BUDGET] }), [
      ["accountKind", 'Did you mean "management"?'],
    ]);
    assert.deepEqual(of({ accountKind: "management", anomalies: { monitors: [unknown("services")] } }), [
      ["anomalies.monitors[0]", 'Did you mean "service"?'],
    ]);
    assert.deepEqual(
      of({ anomalies: { subscriptions: [{ frequency: unknown("dayly"), emails: ["a@example.com"] }] } }),
      [["anomalies.subscriptions[0].frequency", 'Did you mean "daily"?']],
    );
    for (const arn of ["", "all", "arn:aws:ce::111111111111:anomalysubscription/1", "arn:aws:sns:us-east-1:1:topic"]) {
      assert.deepEqual(wrong({ anomalies: { monitors: [], existingMonitorArns: [arn] } }), [
        "anomalies.existingMonitorArns[0]",
      ]);
    }
  });

  it("name families and sizes that the service has, and that fit each other", () => {
    const cases: [Partial<Guardrail>, string[]][] = [
      [{ caches: { families: ["m7g", "p5"] } }, ["caches.families[1]"]],
      [{ caches: { sizes: ["nano"] } }, ["caches.sizes[0]"]],
      [{ databases: { families: ["r7g", "hpc7g"] } }, ["databases.families[1]"]],
      [{ databases: { sizes: ["nano", "large"] } }, ["databases.sizes[0]"]],
      [{ instances: { families: ["m7g", "t4g"], sizes: ["48xlarge", "metal"] } }, ["instances.families[1]"]],
      [{ instances: { families: ["m7g"], otherFamilies: ["m99g"], sizes: ["large"] } }, []],
    ];
    for (const [limits, places] of cases) assert.deepEqual(wrongGuardrail(limits), places);
  });

  it("deny services by their prefix, and single actions", () => {
    assert.deepEqual(
      wrongGuardrail({ deniedServices: ["redshift", "ec2:CreateNatGateway", "emr-serverless", "s3:*"] }),
      [],
    );
    for (const name of ["*", "Redshift", "redshift:", "ec2:*:x", "amazon redshift", ""]) {
      assert.deepEqual(wrongGuardrail({ deniedServices: [name] }), ["deniedServices[0]"], name);
    }
    assert.deepEqual(wrongGuardrail({ deniedServices: ["redshift", "redshift"] }), ["deniedServices[1]"]);
    assert.deepEqual(wrongGuardrail({ deniedServices: [] }), []);
  });

  it("fit into AWS's limit for a policy wherever they cannot be split", () => {
    const error = guardrailError({
      regions: ["us-east-1"],
      globalActions: matchingActions("ec2:*").slice(0, 600),
    });
    assert.equal(error.path, "guardrails[0].regions");
    assert.ok(Number(error.received) > 10_240);
    assert.match(error.allowed, /at most 10240 characters/);
    assert.match(error.fix, /cannot be split/);
    const roles = guardrailError({ protectedRoles: Array.from({ length: 600 }, (_, i) => `deployer-number-${i}`) });
    assert.equal(roles.path, "guardrails[0].protectedRoles");
    assert.match(roles.fix, /use wildcards/);
  });

  it("attach at most 10 policies to a target, others' among them", () => {
    const guardrails = (count: number): Guardrail[] =>
      Array.from({ length: count }, (_, i) => ({
        ...GUARDRAIL,
        name: `g${i}`,
        targets: ["r-abcd", "ou-abcd-12345678"],
      }));
    const at = (count: number, otherPolicies?: number) =>
      wrong({
        accountKind: "management",
        guardrails: guardrails(count),
        ...(otherPolicies === undefined ? {} : { otherPolicies }),
      });
    assert.deepEqual(at(9), []);
    // Once for each target, where it is passed.
    assert.deepEqual(at(11), ["guardrails[9].targets[0]", "guardrails[9].targets[1]"]);
    assert.deepEqual(at(10, 0), []);
    assert.deepEqual(at(5, 6), ["guardrails[4].targets[0]", "guardrails[4].targets[1]"]);
    for (const otherPolicies of [-1, 10, 1.5]) assert.deepEqual(at(1, otherPolicies), ["otherPolicies"]);
    const services = iamServices().filter((name) => neededBecause(name) === undefined);
    const deniedServices = services.flatMap((name) => matchingActions(`${name}:*`)).slice(0, 6_000);
    const [error] = errors({ accountKind: "management", guardrails: [{ ...GUARDRAIL, deniedServices }] });
    assert.equal(error?.path, "guardrails[0].targets[0]");
    assert.match(error.allowed, /at most 10 policies on a target, AWS's limit; here are \d+, 1 others among them/);
  });

  it("have budgets with amounts and thresholds", () => {
    for (const monthlyUsd of [0.01, 1, 1e9]) assert.deepEqual(wrongBudget({ monthlyUsd }), []);
    for (const monthlyUsd of [0, -1, NaN, Infinity, 1e9 + 1])
      assert.deepEqual(wrongBudget({ monthlyUsd }), ["monthlyUsd"]);
    assert.deepEqual(wrongBudget({ actualPercents: [0.5, 1000], forecastPercents: [] }), []);
    for (const percent of [0, -5, NaN, 1001]) {
      assert.deepEqual(wrongBudget({ actualPercents: [80, percent] }), ["actualPercents[1]"]);
      assert.deepEqual(wrongBudget({ forecastPercents: [percent] }), ["forecastPercents[0]"]);
    }
    assert.deepEqual(wrongBudget({ actualPercents: [80, 80] }), ["actualPercents[1]"]);
    assert.deepEqual(wrongBudget({ actualPercents: [], forecastPercents: [] }), ["actualPercents"]);
    const ten = Array.from({ length: 10 }, (_, i) => 10 * (i + 1));
    assert.deepEqual(wrongBudget({ actualPercents: ten, forecastPercents: [] }), []);
    assert.deepEqual(wrongBudget({ actualPercents: ten }), ["actualPercents"]);
  });

  it("have budgets of member accounts in a management account only", () => {
    assert.deepEqual(wrongBudget({ accountId: "012345678901" }), []);
    for (const accountId of ["12345678901", "edge", "", "ou-abcd-12345678"]) {
      assert.deepEqual(wrongBudget({ accountId }), ["accountId"]);
    }
    assert.deepEqual(wrongBudget({ accountId: "012345678901" }, "standalone"), ["accountId"]);
    assert.deepEqual(wrongBudget({ accountId: "012345678901" }, "member"), ["accountId"]);
  });

  it("have e-mail addresses, each once and at most 10", () => {
    const ten = Array.from({ length: 10 }, (_, i) => `person${i}@example.com`);
    assert.deepEqual(wrongBudget({ emails: ten }), []);
    assert.deepEqual(wrongBudget({ emails: [...ten, "more@example.com"] }), ["emails"]);
    assert.deepEqual(wrongBudget({ emails: ["Platform <platform@example.com>"] }), ["emails[0]"]);
    assert.deepEqual(wrong({ budgets: [BUDGET], emails: ["a@example.com", "b", "a@example.com"] }), [
      "emails[1]",
      "emails[2]",
    ]);
    assert.deepEqual(wrong({ budgets: [BUDGET], emails: [] }), []);
  });

  it("detect anomalies by a monitor at least, and tell somebody", () => {
    assert.deepEqual(wrong({ anomalies: { monitors: [] } }), ["anomalies.monitors"]);
    assert.deepEqual(
      wrong({ anomalies: { monitors: [], existingMonitorArns: ["arn:aws:ce::1:anomalymonitor/1"] } }),
      [],
    );
    for (const arn of ["", "arn:aws:ce::1:anomalysubscription/1", "1"]) {
      assert.deepEqual(wrong({ anomalies: { existingMonitorArns: [arn] } }), ["anomalies.existingMonitorArns[0]"], arn);
    }
    assert.deepEqual(wrong({ anomalies: { monitors: ["service", "service"] } }), ["anomalies.monitors[1]"]);
    assert.deepEqual(wrong({ anomalies: { monitors: ["linkedAccount"] } }), ["anomalies.monitors[0]"]);
    assert.deepEqual(wrong({ accountKind: "management", anomalies: { monitors: ["linkedAccount"] } }), []);
    assert.deepEqual(wrong({ anomalies: { subscriptions: [] } }), ["anomalies.subscriptions"]);
  });

  it("subscribe to anomalies once by each frequency: immediately to the topic, summaries by mail", () => {
    const subscribed = (subscription: object, emails?: string[]): string[] =>
      wrong({
        anomalies: { subscriptions: [{ frequency: "daily", ...subscription }] },
        ...(emails === undefined ? {} : { emails }),
      }).map((path) => path.replace("anomalies.subscriptions[0].", ""));
    assert.deepEqual(subscribed({}), ["emails"]);
    assert.deepEqual(subscribed({}, ["a@example.com"]), []);
    assert.deepEqual(subscribed({ emails: ["a@example.com"] }), []);
    assert.deepEqual(subscribed({ emails: [] }, ["a@example.com"]), ["emails"]);
    assert.deepEqual(subscribed({ emails: ["a"] }), ["emails[0]"]);
    assert.deepEqual(subscribed({ frequency: "immediate", emails: ["a@example.com"] }), ["emails"]);
    for (const amount of [0, -1, NaN]) {
      assert.deepEqual(subscribed({ frequency: "immediate", impactUsd: amount }), ["impactUsd"]);
      assert.deepEqual(subscribed({ frequency: "immediate", impactPercent: amount }), ["impactPercent"]);
    }
    assert.deepEqual(
      wrong({ anomalies: { subscriptions: [{ frequency: "immediate" }, { frequency: "immediate" }] } }),
      ["anomalies.subscriptions[1].frequency"],
    );
  });

  it("activate tags where the account pays", () => {
    assert.deepEqual(wrong({ costAllocationTags: ["owner", "aws:createdBy", "a/b:c"] }), []);
    assert.deepEqual(wrong({ costAllocationTags: ["owner", "", "a;b", "a".repeat(129)] }), [
      "costAllocationTags[1]",
      "costAllocationTags[2]",
      "costAllocationTags[3]",
    ]);
    assert.deepEqual(wrong({ costAllocationTags: ["owner", "owner"] }), ["costAllocationTags[1]"]);
    assert.deepEqual(wrong({ accountKind: "member", costAllocationTags: ["owner"] }), ["costAllocationTags"]);
    const many = Array.from({ length: 501 }, (_, i) => `tag-${i}`);
    assert.deepEqual(wrong({ costAllocationTags: many }), ["costAllocationTags"]);
    assert.deepEqual(wrong({ costAllocationTags: many.slice(1) }), []);
  });

  it("are refused all together, before anything is registered", async () => {
    const { error, resources } = await attempt(
      () =>
        new CostGuardrails("My costs", {
          guardrails: [{ ...GUARDRAIL, regions: ["moon-east-1", "us-east-1"], instances: { families: ["m7"] } }],
          budgets: [{ ...BUDGET, monthlyUsd: -1 }],
          anomalies: { subscriptions: [{ frequency: "weekly" }] },
          emails: ["nobody"],
        }),
    );
    assert.deepEqual(resources, []);
    assert.ok(error instanceof ArgumentsError);
    assert.deepEqual(
      error.errors.map(({ path }) => path),
      [
        "guardrails[0].regions[0]",
        "budgets[0].monthlyUsd",
        "emails[0]",
        "guardrails",
        "guardrails[0].instances.families[0]",
        "name",
      ],
    );
    const [first, ...lines] = error.message.split("\n");
    assert.equal(first, 'CostGuardrails "My costs": 6 wrong arguments');
    for (const line of lines) assert.match(line, /; allowed: .+\. .+[.?]$/);
  });
});

describe("what is known of AWS's types and regions", () => {
  it("has regions, families and sizes of EC2, and families that only RDS has", () => {
    for (const region of ["us-east-1", "ap-southeast-7", "eusc-de-east-1"])
      assert.ok(partitionOf(region) !== undefined);
    for (const family of ["m7g", "p5en", "mac2-m2pro", "u7in-32tb"])
      assert.ok(knownFamilies("instances").includes(family));
    assert.deepEqual(
      knownFamilies("databases").filter((family) => !knownFamilies("caches").includes(family)),
      ["x2g"],
    );
    for (const size of ["nano", "2xlarge", "metal-24xl"]) assert.ok(knownSizes().includes(size));
  });

  it("tells Graviton by the name of a family", () => {
    const graviton = knownFamilies("databases").filter(isGraviton);
    for (const family of [
      "a1",
      "t4g",
      "m6g",
      "c6gn",
      "im4gn",
      "is4gen",
      "g5g",
      "hpc7g",
      "x2gd",
      "x2g",
      "i8ge",
      "r8gb",
    ]) {
      assert.ok(graviton.includes(family), family);
    }
    for (const family of graviton) assert.match(family, /^a1$|^(c|m|r|x|t|g|i|im|is|hpc)\d+g/);
  });
});

describe("arnLike", () => {
  it("compares an ARN with a pattern part by part", () => {
    const role = "arn:aws:iam::111111111111:role/path/deployer";
    for (const pattern of [
      role,
      "arn:*:iam::*:role/path/deployer",
      "arn:aws:iam::*:role/*/deploye?",
      "arn:*:*:*:*:*",
    ]) {
      assert.ok(arnLike(pattern, role), pattern);
    }
    for (const pattern of [
      "arn:*:iam::*:role/deployer",
      "arn:*:role/path/deployer",
      "arn:aws:iam::*:role/path/deploye",
      "*",
    ]) {
      assert.ok(!arnLike(pattern, role), pattern);
    }
    assert.ok(arnLike("arn:aws:logs:*:*:log-group:*", "arn:aws:logs:us-east-1:111111111111:log-group:a:b"));
    assert.ok(!arnLike("arn:aws:iam::*:role/a.b", "arn:aws:iam::111111111111:role/axb"));
  });
});
