/** The sample API against its document, by schemathesis: https://schemathesis.readthedocs.io */
import * as assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { OpenApiDocument } from "../../components/open-api/document";
import { rootCredentials } from "../../local/cloud";
import { type LocalRun, ROOT, startLocalRun } from "../../local/local-run";
import { LocalStack, onlyPatterns } from "../../local/local-stack";
import { prepareAccounts } from "../../local/play";
import { cacheFolder } from "../../local/toolchain";
import { ensurePython } from "../../local/toolchain/python";
import { configurationOf, readStackFile } from "../../stacks/stack-file";

const SUPPORT = join(ROOT, "test", "support", "schemathesis");
const PATTERN = "widget-api";

/** What no API of API Gateway keeps to, or no schema can say. */
const EXCLUDED = [
  // API Gateway gives one answer to what is not signed and to what is not there, and knows no 405.
  ...["ignored_auth", "missing_required_header", "unsupported_method"],
  // A token of no page, and the version of another time, are as the schema has them, and are refused all the same.
  "positive_data_acceptance",
];

describe("the API of widget-api", function () {
  this.timeout(600_000);
  let run: LocalRun;
  let stack: LocalStack;
  let folder: string;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "schemathesis-"));
    run = await startLocalRun(new AbortController().signal);
    const file = await readStackFile("local");
    await prepareAccounts(run, configurationOf(file.name, onlyPatterns(file.settings, [PATTERN])));
    stack = await LocalStack.create(run, file, [PATTERN]);
    await stack.up();
  });
  after(async () => {
    await stack?.destroy();
    await run?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it("answers as it is documented, never with a server error, and refuses what is not", async () => {
    const { apiId, stageName } = ((await stack.outputs())[PATTERN] ?? {}) as Record<string, string>;
    const document = join(folder, "api.json");
    writeFileSync(document, await new OpenApiDocument(join(ROOT, "apps/widget-api/api/apiSkeleton.yaml")).bundle());
    const context = { cache: cacheFolder(process.env), variables: process.env, onProgress: () => undefined };
    const python = await ensurePython(context, join(SUPPORT, "requirements.txt"));
    const { accessKeyId, secretAccessKey } = rootCredentials("100000000001");
    const url = `${run.cloud.endpoint}/_aws/execute-api/${apiId}/${stageName}`;
    const args = [
      "run",
      document,
      "--url",
      url,
      "--max-examples",
      "40",
      "--seed",
      "1",
      "--exclude-checks",
      EXCLUDED.join(),
    ];
    const env = {
      ...process.env,
      ...{ CALLER_KEY: accessKeyId, CALLER_SECRET: secretAccessKey, PYTHONPATH: SUPPORT, SCHEMATHESIS_HOOKS: "hooks" },
    };
    const { stdout } = await promisify(execFile)(join(dirname(python), "schemathesis"), args, {
      cwd: folder,
      env,
      maxBuffer: 1 << 26,
    }).catch((error: { stdout?: string }) => assert.fail(error.stdout ?? String(error)));
    assert.match(stdout, /Selected: 5\/5[^]* (\d+) generated, \1 passed/);
  });
});
