import * as assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../../components/open-api/command";

const SKELETON = join(__dirname, "..", "..", "..", "apps", "widget-api", "api", "apiSkeleton.yaml");

describe("the command open-api", () => {
  let folder: string;
  const said: string[] = [];
  before(() => (folder = mkdtempSync(join(tmpdir(), "open-api-"))));
  after(() => rmSync(folder, { recursive: true }));

  it("writes a document in one, into a folder that it makes", async () => {
    const output = join(folder, "dist", "api.json");
    assert.equal(await run(["bundle", SKELETON, output], (text) => said.push(text)), 0);
    const { paths } = JSON.parse(readFileSync(output, "utf8")) as { paths: Record<string, object> };
    assert.deepEqual(Object.keys(paths["/widget/{widgetname}"] ?? {}), ["get", "delete"]);
    assert.match(said.at(-1) ?? "", /dist.api\.json: \d+ KB$/);
  });

  it("refuses a document with faults", async () => {
    const missing = join(folder, "none.yaml");
    await assert.rejects(
      run(["bundle", missing, join(folder, "x.json")], (text) => said.push(text)),
      /none\.yaml/,
    );
  });

  for (const given of [[], ["toString", "a", "b"], ["page", "a"], ["page", "a", "b", "c"]]) {
    it(`shows its use for "${given.join(" ")}"`, async () => {
      assert.equal(await run(given, (text) => said.push(text)), 2);
      assert.match(said.at(-1) ?? "", /^open-api page SKELETON OUTPUT/);
    });
  }
});
