import * as assert from "node:assert/strict";
import getPort from "get-port";
import { appFolder } from "../../local/toolchain/apps";
import { run } from "../../local/toolchain/run";
import { assertDocumented } from "../support/schemathesis/schemathesis";

/** Of a mock, which knows no widgets and lets some strings through that are no names. */
const CHECKS = [
  ...["not_a_server_error", "status_code_conformance", "content_type_conformance", "response_headers_conformance"],
  ...["response_schema_conformance", "positive_data_acceptance"],
];

describe("the mock of widget-api", function () {
  this.timeout(300_000);

  it("answers each operation as it is documented, and refuses what is not", async () => {
    const port = await getPort();
    const abort = new AbortController();
    const lines: string[] = [];
    let ended: ReturnType<typeof run> | undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        const args = ["run", "mock", "--", "--port", String(port)];
        const onLine = (line: string): void => {
          lines.push(line);
          if (line.includes("Prism is listening")) resolve();
        };
        const cwd = appFolder("widget-api");
        ended = run({ command: "npm", args, cwd, variables: process.env, signal: abort.signal, onLine });
        void ended.then(() => reject(new Error(lines.join("\n"))), reject);
      });
      const url = `http://127.0.0.1:${port}`;
      await assertDocumented(url, ["--mode", "positive", "--checks", CHECKS.join()]);
      const status = async (path: string, headers: Record<string, string>) =>
        (await fetch(`${url}${path}`, { headers })).status;
      const authorization = "any";
      assert.equal(await status("/reports/color?color=Red", { authorization }), 200);
      assert.equal(await status("/reports/color?color=Red", { authorization, prefer: "code=400" }), 400);
      assert.equal(await status("/reports/color?color=Purple", { authorization }), 400);
      assert.equal(await status("/reports/color?color=Red", {}), 401);
    } finally {
      abort.abort();
      await ended?.catch(() => undefined);
    }
  });
});
