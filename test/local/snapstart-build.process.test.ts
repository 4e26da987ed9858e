import * as assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { buildService, SERVICE } from "../../local/stories/snapstart/build";
import { maven } from "../../local/toolchain/lambda-java";

/** The build itself runs the tests of the hooks. */
describe("the build of apps/snapstart-java", function () {
  this.timeout(300_000);

  it("gives what Lambda gets, and refuses an id that is made before the snapshot, where there is a JDK with Maven", async () => {
    const lacking = await buildService(new AbortController().signal);
    if (lacking !== undefined) return console.log(`    not tried, as ${lacking}`);
    assert.ok(existsSync(join(SERVICE, "target", "function", "lib", "records.jar")));
    const sources = ["-Dsources=src/refused/java", "-Doutput=target/refused", "process-classes"];
    await assert.rejects(maven(SERVICE, process.env, sources), /LambdaUsingUUID[\s\S]*AWS_LAMBDA_SNAP_START_BUG/);
  });
});
