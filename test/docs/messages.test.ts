import * as assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as ts from "typescript";
import { codes, read, ROOT, rows, section } from "./markdown";

/** What ends a command with a message for people: the callee, and which of its calls. */
const SPEAKERS: Readonly<Record<string, RegExp>> = {
  ToolchainError: /./,
  PlainError: /./,
  StackFileError: /^There is no stack/,
  fail: /./,
  Error: /^The local cloud's emulator|^the local provider|has no story|^the credentials belong|still not: /,
};

/** The files of the local cloud, and of the stack files that it reads, that speak to people. */
function sources(): string[] {
  const inFolder = (folder: string): string[] =>
    readdirSync(join(ROOT, folder))
      .filter((name) => /\.(ts|mjs)$/.test(name))
      .map((name) => join(folder, name));
  const local = ["local", "local/toolchain", "local/provider", "local/stories"].flatMap(inFolder);
  return [...local, "stacks/stack-file.ts"];
}

/** The texts that an expression may be, with … for what is known at run time only. */
function texts(node: ts.Expression, source: ts.SourceFile): string[] {
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (ts.isTemplateExpression(node)) {
    return [node.head.text + node.templateSpans.map(({ literal }) => `…${literal.text}`).join("")];
  }
  if (ts.isConditionalExpression(node)) return [...texts(node.whenTrue, source), ...texts(node.whenFalse, source)];
  if (ts.isBinaryExpression(node)) {
    return texts(node.left, source).flatMap((left) => texts(node.right, source).map((right) => left + right));
  }
  if (!ts.isIdentifier(node)) return [];
  const found: string[] = [];
  const look = (child: ts.Node): void => {
    if (ts.isVariableDeclaration(child) && child.name.getText() === node.text && child.initializer !== undefined) {
      found.push(...texts(child.initializer, source));
    }
    child.forEachChild(look);
  };
  look(source);
  return found;
}

/** Every message in a file, by what it begins with. */
function messagesIn(path: string): string[] {
  const source = ts.createSourceFile(path, readFileSync(join(ROOT, path), "utf8"), ts.ScriptTarget.ES2022, true);
  const found: string[] = [];
  const look = (node: ts.Node): void => {
    if (ts.isNewExpression(node) || ts.isCallExpression(node)) {
      const wanted = SPEAKERS[node.expression.getText()];
      const [first] = node.arguments ?? [];
      if (wanted !== undefined && first !== undefined) {
        found.push(...texts(first, source).filter((text) => wanted.test(text)));
      }
    }
    // A check failure is a message too: the engine shows it.
    if (ts.isPropertyAssignment(node) && node.name.getText() === "reason") {
      found.push(...texts(node.initializer, source).filter((text) => text.startsWith("the local provider")));
    }
    node.forEachChild(look);
  };
  look(source);
  return found;
}

/** Whether a pattern of the page (with … for anything) is how a message reads, or how it begins. */
function isTold(pattern: string, message: string): boolean {
  const expression = pattern
    .split("…")
    .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"))
    .join(".*");
  return new RegExp(`^${expression}`, "s").test(message);
}

describe("the troubleshooting table of docs/local-cloud.md", () => {
  const reported = rows(section(read("docs/local-cloud.md"), "When something fails")).flatMap(([message = ""]) =>
    codes(message),
  );
  const messages = [...new Set(sources().flatMap(messagesIn))];

  it("has every message that ends a command", () => {
    assert.ok(messages.length > 20);
    const missing = messages.filter((message) => !reported.some((pattern) => isTold(pattern, message)));
    assert.deepEqual(missing, []);
  });

  it("has no message that does not exist", () => {
    // Made of parts, by stacks/, local/violations.ts and local/provider/own-programs.ts.
    const known = [
      ...[...messages, "Pulumi.….yaml: … fault…", "Pulumi.…:…: ….", "… violations on … resources: …"],
      "The local provider lacks … of what the program uses: ….",
    ];
    assert.deepEqual(
      reported.filter((pattern) => !known.some((message) => isTold(pattern, message))),
      [],
    );
  });
});
