import * as assert from "node:assert/strict";
import { join } from "node:path";
import * as ts from "typescript";
import { blocks, documents, read, ROOT } from "./markdown";

/** Where the examples of a document would lie, so that their imports can be found. */
const FOLDERS: Readonly<Record<string, string>> = { "docs/local-cloud.md": "local/provider/services" };

/** The TypeScript examples that are whole files, by their paths. */
function examples(): Map<string, string> {
  const found = documents().flatMap((document) =>
    blocks(read(document), "ts")
      .filter((text) => text.startsWith("import "))
      .map((text, i): [string, string] => [
        join(ROOT, FOLDERS[document] ?? "docs", `${document.replaceAll("/", "-")}-${i}.ts`),
        text.replace('"aws-patterns"', '"../components"'),
      ]),
  );
  return new Map(found);
}

describe("the examples in the documents", () => {
  it("compile", () => {
    const sources = examples();
    assert.ok(sources.size >= 3);
    const { config } = ts.readConfigFile(join(ROOT, "tsconfig.json"), ts.sys.readFile) as { config: unknown };
    const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
    const host = ts.createCompilerHost(options);
    const readFile = host.getSourceFile.bind(host);
    host.getSourceFile = (name, target) => {
      const source = sources.get(name);
      return source === undefined ? readFile(name, target) : ts.createSourceFile(name, source, target);
    };
    const program = ts.createProgram([...sources.keys()], { ...options, noEmit: true }, host);
    const faults = [...sources.keys()].flatMap((path) =>
      ts
        .getPreEmitDiagnostics(program, program.getSourceFile(path))
        .map(({ messageText }) => `${path}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`),
    );
    assert.deepEqual(faults, []);
  }).timeout(120_000);
});
