import * as assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv from "ajv";
import { load } from "js-yaml";
import { FORMATS } from "../../components/internal/formats";
import { forEditors } from "../../docs/stack-file-schema";
import { stackNames } from "../../stacks/stack-file";
import { ACCOUNTS, ARGS, entry, faultsIn, withArgs, withFleet } from "../support/configurations";

const ROOT = join(__dirname, "..", "..");

/** Said by editors in place of a pattern, and by no standard. */
const keywords = ["patternErrorMessage"];

// Not "strictTypes": a bound may stand beside the alternatives of which one is a list.
const validate = new Ajv({ keywords, strictTypes: false }).compile(
  JSON.parse(readFileSync(join(ROOT, "Pulumi.schema.json"), "utf8")) as object,
);

const fileWith = (accounts: unknown, patterns: unknown): unknown =>
  JSON.parse(JSON.stringify({ config: { "aws-patterns:accounts": accounts, "aws-patterns:patterns": patterns } }));

describe("the schema that editors check stack files with", () => {
  it("takes every stack file of the project, each of which names it", async () => {
    for (const stack of await stackNames()) {
      const text = readFileSync(join(ROOT, `Pulumi.${stack}.yaml`), "utf8");
      assert.ok(text.startsWith("# yaml-language-server: $schema=Pulumi.schema.json\n"), stack);
      assert.ok(validate(load(text)), `${stack}: ${JSON.stringify(validate.errors)}`);
    }
  });

  it("is not made of forms that nothing checks", () => {
    const schema = { type: "string", format: "emial" } as const;
    assert.throws(() => forEditors({ schema, formats: FORMATS }), /there is no format "emial"/);
  });

  it("takes settings of other projects and secrets", () => {
    assert.ok(validate({ config: { "aws:region": "us-east-1", "aws-patterns:accounts": { secure: "AAAA" } } }));
  });

  const wrong: [what: string, accounts: unknown, patterns: unknown][] = [
    ["an account id of 11 digits", { edge: { id: "11111111111" } }, entry()],
    ["an account id that is a number", { edge: { id: 111111111111 } }, entry()],
    ["an unknown key of an account", { edge: { id: "111111111111", regoin: "us-east-1" } }, entry()],
    ["an unknown pattern", ACCOUNTS, entry({ pattern: "wavelenght-dns" })],
    ["an unknown argument", ACCOUNTS, withArgs({ ttlSecond: 30 })],
    ["an argument of another pattern", ACCOUNTS, entry({ pattern: "cost-report" })],
    ["a missing argument", ACCOUNTS, entry({ args: { recordName: ARGS.recordName } })],
    ["a number in quotation marks", ACCOUNTS, withArgs({ ttlSeconds: "30" })],
    ["a number out of bounds", ACCOUNTS, withArgs({ ttlSeconds: 841 })],
    ["a number that is not whole", ACCOUNTS, withArgs({ ttlSeconds: 1.5 })],
    ["an unknown kind", ACCOUNTS, withArgs({ weights: { kind: "equl" } })],
    ["a name that is not in the list", ACCOUNTS, withFleet({ ports: [{ protocol: "upd", from: 1 }] })],
    ["a text of another form", ACCOUNTS, withFleet({ zones: [{ name: "us-east-1a" }] })],
    ["an empty list", ACCOUNTS, withFleet({ zones: [] })],
  ];
  for (const [what, accounts, patterns] of wrong) {
    it(`refuses ${what}, as the program does`, () => {
      assert.equal(validate(fileWith(accounts, patterns)), false);
      assert.ok(faultsIn(accounts, patterns).length > 0);
    });
  }
});
