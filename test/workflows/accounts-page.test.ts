import * as assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import { SETTINGS } from "../../bootstrap/settings";
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

  it("says where the policies of the accounts' roles are, and which keys the bootstrap has", () => {
    for (const name of ["deployer", "deployer-web", "preview"]) {
      assert.ok(page.includes(`](../stacks/roles/${name}.json)`), name);
    }
    for (const key of Object.keys(SETTINGS.shape)) assert.match(page, new RegExp(`^\\| \`${key}\` `, "m"));
  });

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
      for (const variable of used) {
        assert.ok(page.includes(`\`${variable}\``), variable);
        assert.match(page, new RegExp(`gh variable set ${variable} `));
      }
      assert.ok(!workflow.includes("secrets."), `${name} reads a stored secret`);
    }
  });
});
