import * as assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FileArchive } from "@pulumi/pulumi/asset";
import { execa } from "execa";
import { unzipSync } from "fflate";
import { serverArchive } from "../../../components/nextjs-site/archives";
import { readBuild } from "../../../components/nextjs-site/build";
import { madeApplication } from "./made-build";

const MEGABYTE = 2 ** 20;

describe("run.sh of a Next.js server", () => {
  let folder = "";
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "aws-patterns-run-"));
    const read = readBuild(madeApplication(), { sourceMaps: false });
    assert.ok("build" in read);
    const archive = serverArchive("shop", read.build) as FileArchive;
    const files = unzipSync(readFileSync(await archive.path));
    writeFileSync(join(folder, "run.sh"), files["run.sh"] ?? "");
    chmodSync(join(folder, "run.sh"), 0o755);
    mkdirSync(join(folder, ".next"));
    symlinkSync(join(folder, "cache"), join(folder, ".next", "cache"));
    const print = "console.log(require('v8').getHeapStatistics().heap_size_limit, process.cwd())";
    writeFileSync(join(folder, "server.js"), print);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** The most that the heap of the server may have, in megabytes. */
  const limit = async (env: Record<string, string>): Promise<number> => {
    const { stdout } = await execa(join(folder, "run.sh"), [], { env: { LAMBDA_TASK_ROOT: folder, ...env } });
    const [bytes, cwd] = stdout.split(" ");
    assert.equal(cwd, folder);
    return Number(bytes) / MEGABYTE;
  };

  it("gives the server nine tenths of the function's memory, and three young spaces", async () => {
    // V8 rounds a twentieth to the next power of two.
    assert.equal(await limit({ AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "1024" }), 921 + 3 * 64);
    assert.equal(await limit({ AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "128" }), 115 + 3 * 8);
  });

  it("lets the application's own options win", async () => {
    const NODE_OPTIONS = "--max-old-space-size=300 --max-semi-space-size=16";
    assert.equal(await limit({ AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "1024", NODE_OPTIONS }), 300 + 3 * 16);
  });
});
