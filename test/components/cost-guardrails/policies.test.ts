import * as assert from "node:assert/strict";
import * as fc from "fast-check";
import type { Guardrail } from "../../../components/cost-guardrails/cost-guardrails";
import { GLOBAL_ACTIONS } from "../../../components/cost-guardrails/global-actions";
import {
  type GuardrailPolicy,
  MAXIMUM_POLICIES_ON_TARGET,
  MAXIMUM_POLICY_CHARACTERS,
  policiesOf,
} from "../../../components/cost-guardrails/policies";
import { REGIONS } from "../../../components/internal/partitions";
import { knownFamilies, knownSizes } from "../../../components/cost-guardrails/types";
import { denialsOf, type ScpRequest } from "../../support/scp";

const MINIMAL: Guardrail = {
  name: "workloads",
  targets: ["ou-abcd-12345678"],
  protectedRoles: ["aws-patterns-deployer"],
};

/** So small that a few dozen denied actions need several policies, and so large that every other part fits. */
const SMALL = 4_000;

const action = fc
  .tuple(
    fc.constantFrom("redshift", "sagemaker", "ec2", "rds", "emr-serverless"),
    fc.stringMatching(/^[A-Z][a-z]{3,12}[A-Z][a-z]{3,12}$/),
  )
  .map(([service, name]) => `${service}:${name}`);

const list = (...values: readonly string[]) =>
  fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 12 });

const lists = {
  regions: list(...REGIONS),
  families: list(...knownFamilies("instances")),
  sizes: list(...knownSizes()),
  dbFamilies: list(...knownFamilies("databases")),
  deniedServices: fc.uniqueArray(action, { maxLength: 160 }),
};
type Lists = { [Key in keyof typeof lists]: string[] };

/** Lists that may be left out. */
const settings = fc.record(lists, { requiredKeys: ["deniedServices"] });

function guardrailOf({ regions, families, sizes, dbFamilies, deniedServices = [] }: Partial<Lists>): Guardrail {
  const instances = {
    ...(families === undefined ? {} : { families }),
    ...(sizes === undefined ? {} : { sizes }),
  };
  return {
    ...MINIMAL,
    deniedServices,
    ...(regions === undefined ? {} : { regions }),
    ...(Object.keys(instances).length === 0 ? {} : { instances }),
    ...(dbFamilies === undefined ? {} : { databases: { families: dbFamilies } }),
  };
}

function split(guardrail: Guardrail, limit: number): GuardrailPolicy[] {
  const { policies, oversize } = policiesOf(guardrail, limit);
  assert.deepEqual(oversize, []);
  return policies;
}

/** Policies that were there before and are not there any more as they were. */
function rewritten(before: readonly GuardrailPolicy[], after: readonly GuardrailPolicy[]): string[] {
  return before
    .filter(({ part, content }) => !after.some((other) => other.part === part && other.content === content))
    .map(({ part }) => part);
}

/** Requests of every kind that a policy may deny. */
function requests({ deniedServices = [], regions = [], families = [] }: Partial<Lists>): ScpRequest[] {
  const principal = "arn:aws:iam::333333333333:role/developer";
  const instance = "arn:aws:ec2:us-east-1:333333333333:instance/*";
  const types = [...families.map((family) => `${family}.large`), "m7g.large", "p5.48xlarge"];
  return ["us-east-1", "eu-central-1", ...regions].flatMap((region) => [
    ...[...deniedServices, "redshift:Other", "iam:CreateRole", "lambda:Invoke", "organizations:LeaveOrganization"].map(
      (name) => ({ action: name, principal, region }),
    ),
    ...types.map((type) => ({
      action: "ec2:RunInstances",
      resource: instance,
      principal,
      region,
      context: { "ec2:InstanceType": type },
    })),
    ...types.map((type) => ({
      action: "rds:CreateDBInstance",
      principal,
      region,
      context: { "rds:DatabaseClass": `db.${type}` },
    })),
  ]);
}

describe("the policies that a guardrail becomes", () => {
  it("are one, of minified JSON, while it fits", () => {
    const [policy, ...more] = split({ ...MINIMAL, regions: ["us-east-1", "eu-west-1"] }, MAXIMUM_POLICY_CHARACTERS);
    assert.deepEqual(more, []);
    assert.equal(policy?.part, "all");
    assert.equal(policy?.content, JSON.stringify(JSON.parse(policy?.content ?? "")));
  });

  it("say what is meant", () => {
    const guardrail: Guardrail = {
      ...MINIMAL,
      protectedRoles: ["setup", "aws-patterns-deployer"],
      regions: ["us-east-1", "eu-west-1"],
      globalActions: ["quicksight:*"],
      instances: { families: ["t4g", "m7g"], sizes: ["large"] },
      databases: { families: ["r7g"] },
      caches: { sizes: ["micro"] },
      deniedServices: ["redshift", "ec2:CreateNatGateway"],
    };
    const [policy] = split(guardrail, MAXIMUM_POLICY_CHARACTERS);
    const { Version, Statement } = JSON.parse(policy?.content ?? "") as {
      Version: string;
      Statement: Record<string, unknown>[];
    };
    assert.equal(Version, "2012-10-17");
    const ArnNotLike = {
      "aws:PrincipalArn": ["arn:*:iam::*:role/aws-patterns-deployer", "arn:*:iam::*:role/setup"],
    };
    const summary = Object.fromEntries(
      Statement.map(({ Sid, Effect, Resource, Condition, ...actions }) => {
        assert.equal(Effect, "Deny");
        return [Sid, { ...actions, Resource, Condition }];
      }),
    );
    const instance = "arn:*:ec2:*:*:instance/*";
    const reported = (Action: unknown, key: string, patterns: string[]) => ({
      Action,
      Resource: "*",
      Condition: { Null: { [key]: "false" }, StringNotLike: { [key]: patterns }, ArnNotLike },
    });
    const launched = (patterns: string[]) => ({
      Action: ["ec2:CreateFleet", "ec2:RunInstances"],
      Resource: instance,
      Condition: { StringNotLike: { "ec2:InstanceType": patterns }, ArnNotLike },
    });
    const { ProtectedRoles, DatabasesFamilies, CachesSizes, ...others } = summary;
    assert.deepEqual(others, {
      Leaving: { Action: ["organizations:LeaveOrganization"], Resource: "*", Condition: undefined },
      Regions: {
        NotAction: [...GLOBAL_ACTIONS, "quicksight:*"].sort(),
        Resource: "*",
        Condition: { StringNotEquals: { "aws:RequestedRegion": ["eu-west-1", "us-east-1"] }, ArnNotLike },
      },
      InstancesFamilies: launched(["m7g.*", "t4g.*"]),
      InstancesFamiliesChanged: reported(["ec2:ModifyInstanceAttribute"], "ec2:Attribute/InstanceType", [
        "m7g.*",
        "t4g.*",
      ]),
      InstancesSizes: launched(["*.large"]),
      InstancesSizesChanged: reported(["ec2:ModifyInstanceAttribute"], "ec2:Attribute/InstanceType", ["*.large"]),
      SpotRequests: {
        Action: ["ec2:RequestSpotFleet", "ec2:RequestSpotInstances"],
        Resource: "*",
        Condition: { ArnNotLike },
      },
      Services: { Action: ["ec2:CreateNatGateway", "redshift:*"], Resource: "*", Condition: { ArnNotLike } },
    });
    assert.deepEqual(ProtectedRoles?.Resource, ArnNotLike["aws:PrincipalArn"]);
    assert.deepEqual(ProtectedRoles.Condition, { ArnNotLike });
    const dbActions = DatabasesFamilies?.Action as string[];
    assert.deepEqual(DatabasesFamilies, reported(dbActions, "rds:DatabaseClass", ["db.r7g.*", "db.serverless"]));
    const cacheActions = CachesSizes?.Action as string[];
    assert.deepEqual(CachesSizes, reported(cacheActions, "elasticache:CacheNodeType", ["*.micro"]));
    for (const name of [...dbActions, ...cacheActions])
      assert.match(name, /^(rds|elasticache):(Create|Modify|Restore)\w+$/);
  });

  it("are one with all of AWS's regions, Graviton only and 100 denied actions, and few with 1,000", () => {
    const all: Guardrail = { ...MINIMAL, regions: [...REGIONS], gravitonOnly: true };
    const names = [...new Set(fc.sample(action, { numRuns: 1_000, seed: 1 }))];
    assert.equal(split({ ...all, deniedServices: names.slice(0, 100) }, MAXIMUM_POLICY_CHARACTERS).length, 1);
    const parts = split({ ...all, deniedServices: names }, MAXIMUM_POLICY_CHARACTERS).map(({ part }) => part);
    assert.deepEqual(parts.slice(0, 5), ["roles", "regions", "instances", "databases", "caches"]);
    assert.deepEqual(parts.slice(5), ["services-00", "services-01", "services-10", "services-11"]);
    assert.ok(parts.length < MAXIMUM_POLICIES_ON_TARGET);
  });

  it("keep within the limit, whatever is denied", () => {
    fc.assert(
      fc.property(settings, (given) => {
        for (const { content } of split(guardrailOf(given), SMALL)) assert.ok(content.length <= SMALL);
      }),
    );
  });

  it("depend on nothing but what is set, not on its order", () => {
    const twoOrders = settings.chain((given) =>
      fc.record({
        given: fc.constant(given),
        shuffled: fc.record(
          Object.fromEntries(
            Object.entries(given).map(([key, values]) => [
              key,
              fc.shuffledSubarray(values, { minLength: values.length, maxLength: values.length }),
            ]),
          ),
        ),
      }),
    );
    fc.assert(
      fc.property(twoOrders, ({ given, shuffled }) => {
        assert.deepEqual(split(guardrailOf(shuffled), SMALL), split(guardrailOf(given), SMALL));
      }),
    );
  });

  it("deny together exactly what they would deny as one", () => {
    let splits = 0;
    fc.assert(
      fc.property(settings, (given) => {
        const whole = split(guardrailOf(given), Infinity);
        const parts = split(guardrailOf(given), SMALL);
        assert.equal(whole.length, 1);
        if (parts.length > 1) splits += 1;
        const contents = (policies: readonly GuardrailPolicy[]) => policies.map(({ content }) => content);
        for (const request of requests(given)) {
          assert.deepEqual(denialsOf(contents(parts), request).sort(), denialsOf(contents(whole), request).sort());
        }
      }),
      // A seed, so that splits are among them every time.
      { numRuns: 20, seed: 5 },
    );
    assert.ok(splits > 5, `${splits} were split`);
  }).timeout(20_000);

  it("change in one place at most when one region, family, size or denied action is added or removed", () => {
    const oneMore = settings.chain((given) => {
      const keys = Object.keys(given) as (keyof Lists)[];
      return fc.record({
        given: fc.constant(given),
        key: fc.constantFrom(...keys),
        more: fc.record({
          regions: fc.constantFrom(...REGIONS),
          families: fc.constantFrom(...knownFamilies("instances")),
          sizes: fc.constantFrom(...knownSizes()),
          dbFamilies: fc.constantFrom(...knownFamilies("databases")),
          deniedServices: action,
        }),
      });
    });
    fc.assert(
      fc.property(oneMore, ({ given, key, more }) => {
        const before = split(guardrailOf(given), SMALL);
        const after = split(guardrailOf({ ...given, [key]: [...(given[key] ?? []), more[key]] }), SMALL);
        assert.ok(rewritten(before, after).length <= 1, `${rewritten(before, after).join(", ")} for ${key}`);
        // Removing it may make one fit again that was cut; then its parts go, and the others stay.
        const gone = rewritten(after, before);
        const [first = ""] = rewritten(before, after);
        assert.ok(gone.length <= 1 || gone.every((part) => first === "all" || part.startsWith(first)), gone.join(", "));
      }),
      { numRuns: 500 },
    );
  }).timeout(30_000);

  it("change in one place when the one more action makes a policy too large", () => {
    const names = fc.sample(action, { numRuns: 400, seed: 7 });
    const unique = [...new Set(names)];
    let largest = 0;
    for (let count = 1; count < unique.length; count += 1) {
      const [before, after] = [count, count + 1].map((length) =>
        split(guardrailOf({ regions: ["us-east-1"], deniedServices: unique.slice(0, length) }), SMALL),
      );
      assert.ok(before !== undefined && after !== undefined);
      assert.equal(rewritten(before, after).length, 1);
      largest = Math.max(largest, after.length);
    }
    assert.ok(largest >= 6, `${largest} policies`);
  });

  it("tell what cannot be split, by its setting", () => {
    const many = Array.from({ length: 600 }, (_, i) => `quicksight:Action${i}`);
    const cases: [Partial<Guardrail>, string[]][] = [
      [{ regions: ["us-east-1"], globalActions: many }, ["regions"]],
      [{ instances: { otherFamilies: many.map((_, i) => `newfamily${i}g`), families: ["m7g"] } }, ["instances"]],
      [{ protectedRoles: many.map((_, i) => `role-${i}`) }, ["protectedRoles"]],
      [
        { protectedRoles: many.map((_, i) => `role-${i}`), deniedServices: ["redshift"] },
        ["protectedRoles", "deniedServices"],
      ],
    ];
    for (const [changes, properties] of cases) {
      const { oversize } = policiesOf({ ...MINIMAL, ...changes });
      assert.deepEqual(
        oversize.map(({ property }) => property),
        properties,
      );
      for (const { characters } of oversize) assert.ok(characters > MAXIMUM_POLICY_CHARACTERS);
    }
  });
});
