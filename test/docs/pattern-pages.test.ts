/** What pages say of resources and permissions is what the stack file of their minimal example deploys. */
import * as assert from "node:assert/strict";
import { load } from "js-yaml";
import { PATTERNS } from "../../stacks/patterns";
import { deploy } from "../support/mocks";
import { countsOf, countsTold, permissionsGiven, permissionsTold } from "./claims";
import { blocks, read, rows, section } from "./markdown";

/** They have a test of their own, which knows the words that they use for resources. */
const WITH_OWN_TEST = ["cost-guardrails", "cost-report", "distributed-map", "inspector", "wavelength-dns"];

interface StackFile {
  config: { "aws-patterns:patterns": Record<string, { pattern: string; args?: unknown }> };
}

/** Instance and arguments of a page's minimal example. */
function exampleOf(page: string): [instance: string, args: unknown] {
  const [text = ""] = blocks(section(page, "Minimal example"), "yaml");
  const [[instance, { args }] = ["", {}]] = Object.entries((load(text) as StackFile).config["aws-patterns:patterns"]);
  return [instance, args ?? {}];
}

/** As pages name resources: by what follows the instance's name. */
const shortName = (instance: string) => (arn: string) =>
  arn.replace(new RegExp(`^arn:.*[:/](aws-patterns/test/)?${instance}-`), "").replace(/\/stream\/.*$/, "/stream");

describe("the page of a pattern", () => {
  for (const [name, pattern] of Object.entries(PATTERNS).filter(([name]) => !WITH_OWN_TEST.includes(name))) {
    const page = read(`docs/${name}.md`);
    const [instance, args] = exampleOf(page);
    const deployed = () => deploy(() => void pattern.deploy(instance, args as never, {}));

    it(`${name}: lists what the minimal example creates, and how many of each`, async () => {
      const { resources } = await deployed();
      const table = rows(section(page, "What it creates")).filter(([type]) => type?.startsWith("`aws."));
      assert.deepEqual(countsTold(table), countsOf(resources));
    });

    it(`${name}: says who may do what on which resource`, async () => {
      const { resources } = await deployed();
      const given = permissionsGiven(resources, new RegExp(`^${instance}-(.+)-role$`), shortName(instance));
      const ownLogs = /: (logs|xray):\w+ on (\*|.*-logs:log-stream:\*)$/;
      assert.deepEqual(
        permissionsTold(page),
        given.filter((line) => !ownLogs.test(line)),
      );
    });
  }
});
