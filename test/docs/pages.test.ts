import * as assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import * as ts from "typescript";
import { argumentsTable, pagePath, PAGES } from "../../docs/generate-args";
import { WavelengthDns } from "../../components/wavelength-dns";
import { parseConfiguration } from "../../stacks/config";
import { PATTERNS } from "../../stacks/patterns";
import { deploy, ofType } from "../support/mocks";

const ROOT = join(__dirname, "..", "..");

const HEADINGS = [
  "What it is for",
  "Diagram",
  "Minimal example",
  "Arguments",
  "What it creates",
  "Permissions",
  "Cost",
  "What happens when X fails",
  "How to operate it",
  "Differences from the seed, and why",
  "Limits",
];

function blocks(text: string, language: string): string[] {
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, "gm"))].map(([, body = ""]) => body);
}

/** Rows of a table without its padding, which prettier chooses. */
function squeezed(text: string): string {
  return text.replaceAll(/ *\| */g, "|").replaceAll(/-+/g, "-");
}

describe("the page of every pattern", () => {
  for (const pattern of Object.keys(PATTERNS)) {
    const text = readFileSync(pagePath(pattern), "utf8");

    it(`${pattern}: has the headings that all pages have`, () => {
      assert.deepEqual(
        [...text.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading),
        HEADINGS,
      );
    });

    it(`${pattern}: has an arguments table that is up to date, each argument with its meaning`, () => {
      assert.ok(pattern in PAGES);
      assert.ok(squeezed(text).includes(squeezed(argumentsTable(pattern))), "run docs/generate-args.ts");
    });

    it(`${pattern}: has a stack file example without fault`, () => {
      const [example = ""] = blocks(text, "yaml");
      const { config } = load(example) as { config: Record<string, unknown> };
      const raw = { accounts: config["aws-patterns:accounts"], patterns: config["aws-patterns:patterns"] };
      assert.equal(parseConfiguration(raw, "page").faults, undefined);
    });

    it(`${pattern}: has a program example that compiles`, () => {
      const [example = ""] = blocks(text, "ts");
      const file = join(ROOT, "docs", "example.ts");
      const source = example.replace('"aws-patterns/components"', '"../components"');
      const { options } = ts.parseJsonConfigFileContent(
        ts.readConfigFile(join(ROOT, "tsconfig.json"), ts.sys.readFile).config,
        ts.sys,
        ROOT,
      );
      const host = ts.createCompilerHost(options);
      const read = host.getSourceFile.bind(host);
      host.getSourceFile = (name, target) =>
        name === file ? ts.createSourceFile(name, source, target) : read(name, target);
      const program = ts.createProgram([file], { ...options, noEmit: true }, host);
      const messages = ts
        .getPreEmitDiagnostics(program, program.getSourceFile(file))
        .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
      assert.deepEqual(messages, []);
    });
  }

  it("wavelength-dns: lists every action that a role may do, and no other", async () => {
    const { resources } = await deploy(
      () =>
        new WavelengthDns("media", {
          recordName: "media.example.com",
          hostedZone: { name: "example.com" },
          fleet: { zones: [{ name: "us-east-1-wl1-bos-wlz-1" }], ports: [] },
        }),
    );
    const real = ofType(resources, "aws:iam/rolePolicy:RolePolicy").flatMap(({ inputs }) =>
      (JSON.parse(String(inputs.policy)) as { Statement: { Action: string[] }[] }).Statement.flatMap(
        ({ Action }) => Action,
      ),
    );
    const section =
      readFileSync(pagePath("wavelength-dns"), "utf8").split("## Permissions")[1]?.split("\n## ")[0] ?? "";
    const told = [...section.matchAll(/`([a-z0-9]+:[A-Za-z]+)`/g)].map(([, action]) => action);
    assert.deepEqual([...new Set(told)].sort(), [...new Set(real)].sort());
  });
});

describe("links in the documents", () => {
  it("lead to files that exist", () => {
    const pages = [
      "README.md",
      ...readdirSync(join(ROOT, "docs"))
        .filter((name) => name.endsWith(".md"))
        .map((name) => join("docs", name)),
    ];
    for (const page of pages) {
      const text = readFileSync(join(ROOT, page), "utf8");
      for (const [, target = ""] of text.matchAll(/\]\((?!https?:)([^)#]+)[^)]*\)/g)) {
        assert.doesNotThrow(() => readFileSync(join(ROOT, page, "..", target)), `${page} links to ${target}`);
      }
    }
  });
});
