import * as assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { load } from "js-yaml";
import { configurationOf, readStackFile, stackNames } from "../../local/local-stack";
import { parseConfiguration, type StackConfiguration } from "../../stacks/config";
import type { ConfigurationFault } from "../../stacks/faults";

const ARGS = {
  recordName: "media.example.com",
  hostedZone: { name: "example.com" },
  fleet: { zones: [{ name: "us-east-1-wl1-bos-wlz-1" }], ports: [{ protocol: "udp", from: 5004 }] },
};

function raw() {
  return {
    accounts: { edge: { id: "111111111111" } } as Record<string, unknown>,
    patterns: { media: { pattern: "wavelength-dns", account: "edge", args: structuredClone(ARGS) } } as Record<
      string,
      Record<string, unknown>
    >,
  };
}

function faults(accounts: unknown, patterns: unknown): ConfigurationFault[] {
  return parseConfiguration({ accounts, patterns }, "test").faults ?? [];
}

function valid(accounts: unknown, patterns: unknown): StackConfiguration {
  const { configuration, faults: found } = parseConfiguration({ accounts, patterns }, "test");
  assert.deepEqual(found ?? [], []);
  assert.ok(configuration);
  return configuration;
}

describe("the stack configuration", () => {
  it("fills in region, deployer role and tags", () => {
    const { accounts, patterns } = raw();
    assert.deepEqual(valid(accounts, patterns).accounts, [
      {
        name: "edge",
        id: "111111111111",
        region: "us-east-1",
        roleArn: "arn:aws:iam::111111111111:role/aws-patterns-deployer",
        tags: { "managed-by": "aws-patterns", environment: "test" },
      },
    ]);
  });

  it("lets an account say otherwise", () => {
    const { patterns } = raw();
    const edge = {
      id: "111111111111",
      region: "us-east-1",
      roleArn: "arn:aws:iam::111111111111:role/ci/deploy",
      externalId: "abc",
      tags: { environment: "lab", owner: "edge@example.com" },
    };
    const [account] = valid({ edge }, patterns).accounts;
    assert.deepEqual(account, { name: "edge", ...edge, tags: { "managed-by": "aws-patterns", ...edge.tags } });
  });

  it("needs fewer than ten lines for a new account", () => {
    const text = `config:
  aws-patterns:accounts:
    new: { id: "111111111111" }
  aws-patterns:patterns:
    media:
      pattern: wavelength-dns
      account: new
      args: ${JSON.stringify(ARGS)}
`;
    assert.ok(text.trimEnd().split("\n").length < 10);
    const { config } = load(text) as { config: Record<string, unknown> };
    valid(config["aws-patterns:accounts"], config["aws-patterns:patterns"]);
  });

  it("is valid in every stack file of the project, and each shows what it is for", async () => {
    assert.deepEqual(await stackNames(), ["dev", "local", "prod"]);
    const accounts = async (stack: string): Promise<number> =>
      new Set(configurationOf(stack, await readStackFile(stack)).accounts.map(({ id }) => id)).size;
    assert.equal(await accounts("dev"), 1);
    assert.ok((await accounts("prod")) >= 6);
    for (const stack of await stackNames()) {
      assert.ok(!readFileSync(join(__dirname, "..", "..", `Pulumi.${stack}.yaml`), "utf8").includes("encryptionsalt"));
    }
  });

  it("deploys a pattern into each of several accounts", () => {
    const { patterns } = raw();
    const accounts = { one: { id: "111111111111" }, two: { id: "222222222222" } };
    const { account: _account, ...entry } = patterns.media ?? {};
    const { deployments } = valid(accounts, { media: { ...entry, accounts: ["one", "two"] } });
    assert.deepEqual(
      deployments.map(({ name, account }) => [name, account.id]),
      [
        ["media-one", "111111111111"],
        ["media-two", "222222222222"],
      ],
    );
  });

  it("tells five different mistakes at once, each with its place, what is allowed and the fix", () => {
    const found = faults(
      { edge: { id: "11111111111", reigon: "us-east-1" }, other: { id: "222222222222" } },
      {
        media: {
          pattern: "wavelength-dns",
          account: "other",
          args: {
            ...ARGS,
            ttlSeconds: 0,
            repairSchedule: "cron(* * * * *)",
            fleet: {
              ...ARGS.fleet,
              vpc: { cidrBlock: "10.0.0.1/16" },
              zones: [{ name: "us-east-1-wl1-bos-wlz-1", cidrBlock: "10.0.0.0/24" }],
            },
          },
        },
      },
    );
    assert.deepEqual(
      found.map(({ path, received }) => [path, received]),
      [
        ["aws-patterns:accounts.edge.id", '"11111111111"'],
        ["aws-patterns:accounts.edge.reigon", '"us-east-1"'],
        ["aws-patterns:patterns.media.args.fleet.vpc.cidrBlock", '"10.0.0.1/16"'],
        ["aws-patterns:patterns.media.args.repairSchedule", '"cron(* * * * *)"'],
        ["aws-patterns:patterns.media.args.ttlSeconds", "0"],
      ],
    );
    assert.match(found[1]?.fix ?? "", /Did you mean "region"\?/);
    for (const { allowed, fix } of found) assert.ok(allowed.length > 5 && fix.length > 5);
  });

  const entry = (changes: Record<string, unknown>) => ({ media: { ...raw().patterns.media, ...changes } });
  const one = (found: ConfigurationFault[]): [string | undefined, string | undefined] => {
    assert.equal(found.length, 1, JSON.stringify(found));
    return [found[0]?.path, found[0]?.fix];
  };

  it("names the nearest pattern and account", () => {
    const { accounts } = raw();
    assert.deepEqual(one(faults(accounts, entry({ pattern: "wavelenght-dns" }))), [
      "aws-patterns:patterns.media.pattern",
      'Did you mean "wavelength-dns"?',
    ]);
    assert.deepEqual(one(faults(accounts, entry({ account: "egde" }))), [
      "aws-patterns:patterns.media.account",
      'Did you mean "edge"?',
    ]);
    assert.deepEqual(
      one(faults(accounts, entry({ pattern: "constructor" })))[0],
      "aws-patterns:patterns.media.pattern",
    );
  });

  it("wants either account or accounts", () => {
    const { accounts } = raw();
    assert.equal(one(faults(accounts, entry({ accounts: ["edge"] })))[0], "aws-patterns:patterns.media.account");
    assert.equal(one(faults(accounts, entry({ account: undefined })))[0], "aws-patterns:patterns.media.account");
  });

  it("refuses unknown keys of arguments with the nearest known one, however deep", () => {
    const { accounts } = raw();
    const args = { ...ARGS, fleet: { ...ARGS.fleet, ports: [{ protocol: "udp", form: 5004, from: 5004 }] } };
    assert.deepEqual(one(faults(accounts, entry({ args }))), [
      "aws-patterns:patterns.media.args.fleet.ports[0].form",
      'Did you mean "from"?',
    ]);
  });

  it("wants zones of the account's region", () => {
    const found = faults({ edge: { id: "111111111111", region: "us-west-2" } }, raw().patterns);
    assert.equal(one(found)[0], "aws-patterns:patterns.media.args.fleet.zones[0].name");
  });

  it("wants a role of the account, and every account once", () => {
    const { patterns } = raw();
    const roleArn = "arn:aws:iam::222222222222:role/deploy";
    assert.equal(
      one(faults({ edge: { id: "111111111111", roleArn } }, patterns))[0],
      "aws-patterns:accounts.edge.roleArn",
    );
    const twice = { edge: { id: "111111111111" }, copy: { id: "111111111111" } };
    assert.equal(one(faults(twice, patterns))[0], "aws-patterns:accounts.copy.id");
  });

  it("does not show values when they are secret", () => {
    const { faults: found = [] } = parseConfiguration(
      { accounts: { edge: { id: "hidden" } }, patterns: {}, secret: true },
      "test",
    );
    assert.ok(found.length > 0);
    assert.ok(!JSON.stringify(found).includes("hidden"));
  });

  const table: [string, Record<string, unknown>[], Record<string, unknown>[]][] = [
    ["id", [{ id: "012345678901" }], [{ id: 123456789012 }, { id: "1234" }, { id: "12345678901a" }]],
    ["region", [{ region: "us-east-1" }], [{ region: "us-east" }, { region: "useast1" }, { region: "moon-east-1" }]],
    [
      "roleArn",
      [{ roleArn: "arn:aws:iam::012345678901:role/a/b" }],
      [{ roleArn: "arn:aws:iam::012345678901:user/a" }, { roleArn: "role/a" }, { roleArn: "arn:aws:iam::1:role/a" }],
    ],
    ["externalId", [{ externalId: "a-b_c" }], [{ externalId: "x" }, { externalId: "a b" }]],
    [
      "tags.owner",
      [{ tags: { owner: "edge+dns@mail.example.com" } }],
      [
        { tags: { owner: "edge" } },
        { tags: { owner: "Edge <edge@example.com>" } },
        { tags: { owner: "edge@localhost" } },
      ],
    ],
  ];
  for (const [path, good, bad] of table) {
    it(`checks ${path} by its meaning`, () => {
      const account = (changes: Record<string, unknown>) => ({ edge: { id: "012345678901", ...changes } });
      for (const changes of good) valid(account(changes), raw().patterns);
      for (const changes of bad) {
        const found = faults(account(changes), {}).filter((fault) => fault.path.startsWith("aws-patterns:accounts"));
        assert.deepEqual(
          found.map((fault) => fault.path),
          [`aws-patterns:accounts.edge.${path}`],
          JSON.stringify(changes),
        );
      }
    });
  }
});

describe("a mutilated configuration", () => {
  /** Paths of everything inside a value. */
  function paths(value: unknown, prefix: (string | number)[] = []): (string | number)[][] {
    if (typeof value !== "object" || value === null) return [prefix];
    const entries = Object.entries(value).map(
      ([key, item]) => [Array.isArray(value) ? Number(key) : key, item] as const,
    );
    return [prefix, ...entries.flatMap(([key, item]) => paths(item, [...prefix, key]))];
  }

  /** Replaces, removes or renames what lies at a path. */
  function mutilate(root: unknown, path: (string | number)[], how: string, value: unknown, name: string): unknown {
    const [key, ...rest] = path;
    if (key === undefined) return value;
    if (typeof root !== "object" || root === null) return root;
    const copy = (Array.isArray(root) ? [...(root as unknown[])] : { ...root }) as Record<string | number, unknown>;
    if (rest.length > 0) copy[key] = mutilate(copy[key], rest, how, value, name);
    else if (how === "remove") delete copy[key];
    else if (how === "rename") {
      Object.defineProperty(copy, name, { value: copy[key], enumerable: true, configurable: true });
      delete copy[key];
    } else copy[key] = value;
    return copy;
  }

  const start = {
    accounts: { edge: { id: "111111111111", region: "us-east-1", tags: { owner: "edge@example.com" } } },
    patterns: {
      media: {
        pattern: "wavelength-dns",
        account: "edge",
        args: { ...ARGS, ttlSeconds: 30, weights: { kind: "tag", key: "w", defaultWeight: 1 } },
      },
    },
  };
  const mutation = fc.tuple(
    fc.constantFrom(...paths(start)),
    fc.constantFrom("replace", "remove", "rename"),
    fc.oneof(fc.jsonValue({ maxDepth: 6 }), fc.constantFrom(Number.MAX_VALUE, "__proto__", [], {}, undefined, 1e999)),
    fc.oneof(fc.string(), fc.constantFrom("__proto__", "constructor", "toString", "ttlSecond", "")),
  );

  it("always ends in located faults or a valid result, never in an exception (1,000 of them)", () => {
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 4 }), (mutations) => {
        const broken = mutations.reduce<unknown>(
          (value, [path, how, replacement, name]) => mutilate(value, path, how, replacement, name),
          start,
        );
        const { accounts, patterns } = (typeof broken === "object" && broken !== null ? broken : {}) as Record<
          string,
          unknown
        >;
        const { configuration, faults: found } = parseConfiguration({ accounts, patterns }, "test");
        assert.ok((configuration === undefined) !== (found === undefined));
        for (const { path, received, allowed, fix } of found ?? []) {
          assert.match(path, /^aws-patterns:(accounts|patterns)/);
          for (const text of [received, allowed, fix]) {
            assert.ok(
              text !== "" && !text.includes("[object Object]") && !/\bundefined\b/.test(text),
              `${path}: ${text}`,
            );
          }
        }
      }),
      { numRuns: 1000 },
    );
  });
});
