/** What `@pulumi/aws` declares of a type. */
import * as assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const texts = new Map<string, string>();

/** The members of a type's class or of the interface of its arguments, each with its documentation on one line. */
export function declared({ token }: { token: string }, opening: "Args" | "class"): Map<string, string> {
  const [, file = "", name = ""] = /^aws:([^:]+):(\w+)$/.exec(token) ?? [];
  const path = join(__dirname, `../../node_modules/@pulumi/aws/${file}.d.ts`);
  const text = texts.get(path) ?? readFileSync(path, "utf8");
  texts.set(path, text);
  const start = text.indexOf(opening === "Args" ? `export interface ${name}Args {` : `export declare class ${name} `);
  assert.ok(start >= 0, `${path} does not declare ${name}`);
  const body = text.slice(start, text.indexOf("\n}", start));
  const members = body.matchAll(/(?:\/\*\*((?:(?!\*\/)[^])*)\*\/\s+)?^ {4}(?:readonly )?(\w+)\??:/gm);
  return new Map(
    [...members].map(([, documentation = "", member = ""]) => [member, documentation.replace(/\s*\n\s*\* ?/g, " ")]),
  );
}
