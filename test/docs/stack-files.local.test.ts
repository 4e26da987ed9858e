import * as assert from "node:assert/strict";
import { previewOf } from "../../local/preview";
import { stackFileOf } from "../../stacks/stack-file";
import { blocks, documents, read } from "./markdown";

// Those of the project itself are previewed by their command: test/stories/stories.local.test.ts.
describe("the stack files in the documents", () => {
  const examples = documents().flatMap((document) =>
    blocks(read(document), "yaml").map((text, i): [string, string] => [`${document}, ${i + 1}`, text]),
  );

  it("are there", () => {
    assert.ok(examples.length >= 7, `${examples.length} examples`);
  });

  for (const [place, text] of examples) {
    it(`${place}: goes to the Pulumi CLI as it is written, and its preview meets every rule`, async () => {
      const changes = await previewOf(stackFileOf("example", Buffer.from(text)));
      assert.ok((changes.create ?? 0) > 0, JSON.stringify(changes));
    });
  }
});
