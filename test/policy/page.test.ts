import * as assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { load } from "js-yaml";
import { COMPONENT_EXEMPTIONS } from "../../policy/exemptions";
import { RULES_PAGE, rulesPage } from "../../policy/generate-docs";
import { messageOf } from "../../policy/message";
import { REMEDIATION_IDS, RULE_IDS, RULES } from "../../policy/rules";
import { checkSchema } from "../../components/internal/schema-check";
import { GUARDRAILS } from "../../policy/settings";
import { blocks, documents, read, rows, section, squeezed } from "../docs/markdown";
import { subject } from "./subjects";

describe("the page of the guardrails' rules", () => {
  const text = readFileSync(RULES_PAGE, "utf8");

  it("is what the rules say", () => {
    assert.equal(squeezed(text), squeezed(rulesPage()), "run policy/generate-docs.ts");
  });

  it("lists every rule, remediation and exemption", () => {
    const first = (heading: string) => rows(section(text, heading)).map(([cell = ""]) => cell.replaceAll("`", ""));
    assert.deepEqual(first("Rules"), RULE_IDS);
    assert.deepEqual(first("Remediations"), REMEDIATION_IDS);
    assert.deepEqual(
      first("Exemptions of components"),
      COMPONENT_EXEMPTIONS.map(({ component }) => component),
    );
  });

  it("is not the only one to tell of exemptions: each is on a pattern's page, with its reason", () => {
    const pages = documents()
      .filter((document) => !document.endsWith("guardrails.md"))
      .map((document) => read(document).replaceAll(/\s+/g, " ").toLowerCase());
    for (const { rule, reason } of COMPONENT_EXEMPTIONS) {
      const words = reason.toLowerCase().replace(/\.$/, "");
      assert.ok(
        pages.some((page) => page.includes(`\`${rule}\``) && page.includes(words)),
        rule,
      );
    }
  });

  it("shows settings that are right", () => {
    for (const example of blocks(text, "yaml")) {
      const { config } = load(example) as { config: Record<string, unknown> };
      assert.deepEqual(checkSchema(GUARDRAILS, config["aws-patterns:guardrails"]).faults, []);
    }
  });

  it("shows a message as it is", () => {
    const rule = RULES.find(({ id }) => id === "lambda-arm64");
    assert.ok(rule);
    const lambda = subject("aws:lambda/function:Function", {}, { name: "media-thumbnail-function" });
    const message = messageOf(rule, lambda, { property: "architectures", value: ["x86_64"] });
    assert.ok(text.replaceAll(/\s+/g, " ").includes(message), message);
  });
});
