import * as assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateQueueCommand, ListQueuesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { bootstrapAccount, bootstrapAccountId, rootCredentials, startCloud } from "../../local/cloud";
import { emulatorPython, startTestCloud, until, type TestCloud } from "../support/cloud";
import { createFunction, createRole } from "../support/functions";
import { given } from "../support/network";

const root = join(__dirname, "..", "..");

/** How many Lambda workers run from below a folder. */
function workersIn(folder: string): number {
  const processes = execFileSync("ps", ["-eo", "args"], { encoding: "utf8" });
  return processes.split("\n").filter((line) => line.includes(`${folder}/`) && line.includes("_worker")).length;
}

async function answers(endpoint: string): Promise<boolean> {
  try {
    await fetch(`${endpoint}/_ministack/health`);
    return true;
  } catch {
    return false;
  }
}

/** Give a function a process that lives on between calls. */
async function startWorker(endpoint: string): Promise<void> {
  const settings = { endpoint, region: "us-east-1", maxAttempts: 1, credentials: rootCredentials("777777777777") };
  const role = await createRole(settings, "worker", "lambda.amazonaws.com", []);
  await createFunction(settings, "worker", role, "setInterval(() => {}, 1000); exports.handler = async () => 1;");
  await new LambdaClient(settings).send(new InvokeCommand({ FunctionName: "worker" }));
}

describe("startCloud", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "aws-patterns-start-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("gives an endpoint and what a child needs to use it", async () => {
    const lines: string[] = [];
    const cloud = await startCloud({
      python: await emulatorPython(),
      stateDirectory: folder,
      onProgress: (line) => lines.push(line),
    });
    try {
      assert.match(cloud.endpoint, /^http:\/\/127\.0\.0\.1:\d+$/);
      assert.deepEqual(lines, [`emulator ready at ${cloud.endpoint}`]);
      const script = `const { STSClient, GetCallerIdentityCommand } = require("@aws-sdk/client-sts");
        new STSClient({}).send(new GetCallerIdentityCommand({})).then((r) => console.log(r.Account));`;
      const env = { PATH: process.env["PATH"], ...cloud.environment };
      const account = execFileSync("node", ["-e", script], {
        env,
        encoding: "utf8",
        cwd: __dirname,
        stdio: ["ignore", "pipe", "ignore"],
      });
      assert.equal(account.trim(), bootstrapAccountId);
    } finally {
      await cloud.stop();
    }
  });

  it("leaves no process and no file behind when stopped, Lambda workers included", async () => {
    const cloud = await startCloud({ python: await emulatorPython(), stateDirectory: folder });
    await startWorker(cloud.endpoint);
    assert.equal(workersIn(folder), 1);
    await cloud.stop();
    await cloud.stop();
    assert.equal(await answers(cloud.endpoint), false);
    assert.equal(workersIn(folder), 0);
    assert.deepEqual(readdirSync(folder), []);
  });

  it("ends with its parent even when that is killed, and takes the workers and files along", async () => {
    const script = `
      const { startCloud } = require(${JSON.stringify(join(root, "local", "cloud"))});
      const options = { python: ${JSON.stringify(await emulatorPython())}, stateDirectory: ${JSON.stringify(folder)} };
      startCloud(options).then((cloud) => console.log(cloud.endpoint));
      setInterval(() => {}, 1000);`;
    const parent = spawn("node", ["-r", "./scripts/register.cjs", "-e", script], {
      cwd: root,
      stdio: ["ignore", "pipe", "ignore"],
    });
    try {
      const endpoint = await new Promise<string>((done) =>
        parent.stdout.once("data", (data) => done(String(data).trim())),
      );
      await startWorker(endpoint);
      assert.equal(workersIn(folder), 1);
      parent.kill("SIGKILL");
      await until("the emulator to end", async () => !(await answers(endpoint)));
      await until("the worker to end", () => Promise.resolve(workersIn(folder) === 0));
      await until("the files to go", () => Promise.resolve(readdirSync(folder).length === 0));
    } finally {
      parent.kill("SIGKILL");
    }
  });

  it("runs clouds side by side that know nothing of each other", async () => {
    const options = { python: await emulatorPython(), stateDirectory: folder };
    const [first, second] = await Promise.all([startCloud(options), startCloud(options)]);
    try {
      assert.notEqual(first.endpoint, second.endpoint);
      const client = (endpoint: string) =>
        new SQSClient({
          endpoint,
          region: "us-east-1",
          credentials: rootCredentials("111111111111"),
        });
      await client(first.endpoint).send(new CreateQueueCommand({ QueueName: "mine" }));
      const { QueueUrls } = await client(second.endpoint).send(new ListQueuesCommand({}));
      assert.deepEqual(QueueUrls ?? [], []);
      await first.stop();
      assert.equal(await answers(second.endpoint), true);
    } finally {
      await Promise.all([first.stop(), second.stop()]);
    }
    assert.deepEqual(readdirSync(folder), []);
  });

  it("says in one line what is wrong, shows the end of the log, and cleans up", async () => {
    await assert.rejects(startCloud({ python: "/nowhere/python", stateDirectory: folder }), {
      message: "The local cloud's emulator cannot start: spawn /nowhere/python ENOENT",
    });
    const broken = join(folder, "broken");
    writeFileSync(broken, "#!/bin/sh\necho no module named ministack >&2\nexit 3\n", { mode: 0o755 });
    await assert.rejects(startCloud({ python: broken, stateDirectory: folder }), {
      message: "The local cloud's emulator ended before it was ready (exit code 3).\nno module named ministack",
    });
    assert.deepEqual(readdirSync(folder), ["broken"]);
  });

  it("chooses another port when somebody takes the one it chose", async () => {
    const squatter = createServer().listen(0, "127.0.0.1");
    await once(squatter, "listening");
    const address = squatter.address();
    const taken = typeof address === "object" && address ? address.port : 0;
    // The first attempt is made to use the taken port, the next ones use theirs.
    const python = join(folder, "python");
    writeFileSync(
      python,
      `#!/bin/sh\nif [ ! -e "${folder}/once" ]; then touch "${folder}/once"; export GATEWAY_PORT=${taken}; fi\nexec "${await emulatorPython()}" "$@"\n`,
      { mode: 0o755 },
    );
    const lines: string[] = [];
    try {
      const cloud = await startCloud({ python, stateDirectory: folder, onProgress: (line) => lines.push(line) });
      await cloud.stop();
      assert.equal(lines.length, 2);
      assert.match(given(lines[0], "first line"), /^port \d+ was taken meanwhile, choosing another$/);
    } finally {
      squatter.close();
    }
  });
});

describe("bootstrapAccount", () => {
  let cloud: TestCloud;
  before(async () => {
    cloud = await startTestCloud();
  });
  after(() => cloud.stop());

  it("makes a role that the bootstrap account assumes to work in that account", async () => {
    const arn = await bootstrapAccount(cloud, "123456789012");
    assert.equal(arn, "arn:aws:iam::123456789012:role/aws-patterns-deployer");
    assert.equal(await bootstrapAccount(cloud, "123456789012"), arn);
    const sts = new STSClient(cloud.as(bootstrapAccountId));
    const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn: arn, RoleSessionName: "test" }));
    const credentials = {
      accessKeyId: given(Credentials?.AccessKeyId, "AccessKeyId"),
      secretAccessKey: given(Credentials?.SecretAccessKey, "SecretAccessKey"),
      sessionToken: given(Credentials?.SessionToken, "SessionToken"),
    };
    const settings = { ...cloud.as(bootstrapAccountId), credentials };
    const identity = await new STSClient(settings).send(new GetCallerIdentityCommand({}));
    assert.equal(identity.Account, "123456789012");
    const queue = await new SQSClient(settings).send(new CreateQueueCommand({ QueueName: "deployed" }));
    assert.match(given(queue.QueueUrl, "QueueUrl"), /\/123456789012\/deployed$/);
  });

  it("lets no other account in", async () => {
    const RoleArn = await bootstrapAccount(cloud, "123456789013");
    const stranger = new STSClient(cloud.as("999999999999"));
    await assert.rejects(stranger.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: "test" })), {
      name: "AccessDenied",
    });
  });

  it("refuses what is no account id", async () => {
    await assert.rejects(bootstrapAccount(cloud, "12345"), /"12345" is no account id: it has 12 digits\./);
  });
});
