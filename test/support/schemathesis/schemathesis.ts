/** Requests made from the sample's document, and its answers held against it: https://schemathesis.readthedocs.io */
import * as assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { OpenApiDocument } from "../../../components/open-api/document";
import { rootCredentials } from "../../../local/cloud";
import { ROOT } from "../../../local/local-run";
import { cacheFolder } from "../../../local/toolchain";
import { ensurePython } from "../../../local/toolchain/python";

/** Asserts that all that is tried at the address of a widget API passes all checks, or those of the options. */
export async function assertDocumented(url: string, options: readonly string[] = []): Promise<void> {
  const context = { cache: cacheFolder(process.env), variables: process.env, onProgress: () => undefined };
  const python = await ensurePython(context, join(__dirname, "requirements.txt"));
  const { accessKeyId, secretAccessKey } = rootCredentials("100000000001");
  const signing = { CALLER_KEY: accessKeyId, CALLER_SECRET: secretAccessKey };
  const env = { ...process.env, ...signing, PYTHONPATH: __dirname, SCHEMATHESIS_HOOKS: "hooks" };
  const folder = mkdtempSync(join(tmpdir(), "schemathesis-"));
  try {
    const document = join(folder, "api.json");
    writeFileSync(document, await new OpenApiDocument(join(ROOT, "apps/widget-api/api/apiSkeleton.yaml")).bundle());
    const given = ["--url", url, "--max-examples", "40", "--seed", "1", ...options];
    const args = ["--config-file", join(__dirname, "schemathesis.toml"), "run", document, ...given];
    const execution = { cwd: folder, env, maxBuffer: 1 << 26 };
    const { stdout } = await promisify(execFile)(join(dirname(python), "schemathesis"), args, execution).catch(
      (error: { stdout?: string }) => assert.fail(error.stdout ?? String(error)),
    );
    assert.match(stdout, /Selected: 5\/5[^]* (\d+) generated, \1 passed/);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
