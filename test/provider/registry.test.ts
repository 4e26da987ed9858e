import * as assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileOf } from "../../local/provider/lifecycle";
import { findFunction, findResource, RESOURCES } from "../../local/provider/registry";

const root = join(__dirname, "../..");

/** The names that a class or interface of `@pulumi/aws` declares. */
function declared(text: string, opening: RegExp): Set<string> {
  const start = opening.exec(text);
  assert.ok(start, `no ${opening.source}`);
  const body = text.slice(start.index, text.indexOf("\n}", start.index));
  return new Set([...body.matchAll(/^ {4}(?:readonly )?(\w+)\??:/gm)].map(([, name = ""]) => name));
}

describe("The provider's registry", () => {
  for (const [token, type] of RESOURCES) {
    const [, file = "", name = ""] = /^aws:([^:]+):(\w+)$/.exec(token) ?? [];

    it(`maps of ${token} only what @pulumi/aws has`, () => {
      const text = readFileSync(join(root, `node_modules/@pulumi/aws/${file}.d.ts`), "utf8");
      const inputs = declared(text, new RegExp(`export interface ${name}Args \\{`));
      const outputs = declared(text, new RegExp(`export declare class ${name} extends`));
      const mapped = [
        ...Object.keys(type.properties),
        ...(type.required ?? []),
        ...Object.keys(type.defaults ?? {}),
        ...(type.autoName === undefined ? [] : [type.autoName.property]),
      ];
      assert.deepEqual(
        mapped.filter((property) => !inputs.has(property)),
        [],
      );
      assert.deepEqual(
        (type.computed ?? []).filter((property) => !outputs.has(property)),
        [],
      );
      assert.deepEqual(
        (type.required ?? []).filter((property) => !(property in type.properties)),
        [],
      );
      assert.equal(type.taggable === true, outputs.has("tagsAll"), "types with tagsAll are taggable, others are not");
    });

    it(`names for ${token} a file that is there`, () => {
      assert.ok(existsSync(join(root, fileOf(type))), fileOf(type));
    });
  }

  it("finds a type through the components that own it", () => {
    const urn = "urn:pulumi:dev::patterns::patterns:index:Dns$aws:ec2/vpc:Vpc::network";
    assert.equal(findResource(urn).token, "aws:ec2/vpc:Vpc");
  });

  it("names the file to extend for a type or function that it does not have", () => {
    const urn = "urn:pulumi:dev::patterns::aws:ec2/transitGateway:TransitGateway::hub";
    assert.throws(
      () => findResource(urn),
      /aws:ec2\/transitGateway:TransitGateway.*local\/provider\/services\/ec2\.ts/,
    );
    assert.throws(() => findFunction("aws:ec2/getAmi:getAmi"), /getAmi.*local\/provider\/services\/ec2\.ts/);
  });
});
