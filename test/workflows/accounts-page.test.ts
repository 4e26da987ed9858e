import * as assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import { parseConfiguration } from "../../stacks/config";
import { DEFAULTS } from "../../stacks/defaults";
import { ROLES, wholePolicy } from "../../stacks/roles";

const page = readFileSync(join(__dirname, "..", "..", "docs", "accounts.md"), "utf8");

const blocks = (language: string): string[] =>
  [...page.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)]
    .filter(([, name]) => name === language)
    .map(([, , text = ""]) => text);

describe("docs/accounts.md", () => {
  it("shows stack files without fault, with the deployments that it says", () => {
    const names = blocks("yaml").map((text) => {
      const { config } = load(text) as { config: Record<string, unknown> };
      const raw = { accounts: config["aws-patterns:accounts"], patterns: config["aws-patterns:patterns"] };
      const { configuration, faults } = parseConfiguration(raw, "payments");
      assert.equal(faults, undefined);
      return configuration?.deployments.map(({ name }) => name);
    });
    assert.deepEqual(names, [["media"], ["media-edge-one", "media-edge-two"]]);
  });

  it("shows policies that are JSON, of the version that IAM's condition keys need", () => {
    const policies = blocks("json").map((text) => JSON.parse(text) as { Version: string; Statement: unknown[] });
    assert.equal(policies.length, 5);
    for (const { Version, Statement } of policies) {
      assert.equal(Version, "2012-10-17");
      assert.ok(Statement.length > 0);
    }
  });

  for (const file of ["deployer", "deployer-web", "preview"].map((name) => `stacks/roles/${name}.json`)) {
    it(`shows ${file} and says where it is`, () => {
      const text = readFileSync(join(__dirname, "..", "..", file), "utf8");
      assert.ok(blocks("json").includes(text), `copy ${file} into it`);
      assert.ok(page.includes(`](../${file})`));
    });
  }

  it("explains each statement of the deployer's policy beside the list of actions", () => {
    const others = wholePolicy(ROLES.deployer).Statement.filter(({ Sid = "" }) => !/^Deploy(Web)?$/.test(Sid));
    assert.ok(others.length > 0);
    for (const { Sid } of others) assert.ok(page.includes(`| \`${Sid}\` `), Sid);
  });

  it("names the defaults that stacks have", () => {
    assert.ok(page.includes(`| \`arn:aws:iam::<id>:role/${DEFAULTS.roleName}\``));
    assert.match(page, new RegExp(`\\| \`region\` +\\| \`${DEFAULTS.region}\``));
    assert.ok(page.includes(`\`managed-by: ${DEFAULTS.tags["managed-by"]}\``));
  });

  it("names every variable that the workflows read", () => {
    for (const name of ["preview.yml", "deploy-stack.yml"]) {
      const workflow = readFileSync(join(__dirname, "..", "..", ".github", "workflows", name), "utf8");
      const used = [...workflow.matchAll(/\bvars\.(\w+)/g)].map(([, variable = ""]) => variable);
      assert.ok(used.length > 0);
      for (const variable of used) assert.ok(page.includes(`\`${variable}\``), variable);
      assert.ok(!workflow.includes("secrets."), `${name} reads a stored secret`);
    }
  });
});
