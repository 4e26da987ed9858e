import { type LocalRun, startLocalRun } from "../../local/local-run";
import { LocalStack, onlyPatterns } from "../../local/local-stack";
import { prepareAccounts } from "../../local/play";
import { configurationOf, readStackFile } from "../../stacks/stack-file";
import { assertDocumented } from "../support/schemathesis/schemathesis";

const PATTERN = "widget-api";

describe("the API of widget-api", function () {
  this.timeout(600_000);
  let run: LocalRun;
  let stack: LocalStack;
  before(async () => {
    run = await startLocalRun(new AbortController().signal);
    const file = await readStackFile("local");
    await prepareAccounts(run, configurationOf(file.name, onlyPatterns(file.settings, [PATTERN])));
    stack = await LocalStack.create(run, file, [PATTERN]);
    await stack.up();
  });
  after(async () => {
    await stack?.destroy();
    await run?.stop();
  });

  it("answers as it is documented, never with a server error, and refuses what is not", async () => {
    const { apiId, stageName } = ((await stack.outputs())[PATTERN] ?? {}) as Record<string, string>;
    await assertDocumented(`${run.cloud.endpoint}/_aws/execute-api/${apiId}/${stageName}`);
  });
});
