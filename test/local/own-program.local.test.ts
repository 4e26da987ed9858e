import * as assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { ROOT } from "../../local/local-run";

const PROGRAM = `
const aws = require("@pulumi/aws");
const roleArn = "arn:aws:iam::222222222222:role/team/deploy";
const other = new aws.Provider("other", { region: "eu-west-1", assumeRoles: [{ roleArn }] });
const attributes = [{ name: "id", type: "S" }];
const args = { hashKey: "id", attributes, billingMode: "PAY_PER_REQUEST" };
exports.table = new aws.dynamodb.Table("orders", args, { provider: other }).arn;
exports.queue = new aws.sqs.Queue("jobs").arn;
if (process.env.MORE) {
  new aws.redshift.Cluster("cluster", { clusterIdentifier: "c", nodeType: "ra3.large" });
  new aws.iam.Role("role", { assumeRolePolicy: "{}", managedPolicyArns: [] });
}
`;

describe("npm run local", () => {
  let folder = "";
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "aws-patterns-own-"));
    symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
    writeFileSync(join(folder, "Pulumi.yaml"), "name: own\nruntime: nodejs\n");
    writeFileSync(join(folder, "package.json"), JSON.stringify({ main: "index.js" }));
    writeFileSync(join(folder, "index.js"), PROGRAM);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** As npm starts it. */
  const local = (args: string[], env: Record<string, string> = {}) =>
    execa(
      process.execPath,
      ["-r", join(ROOT, "scripts/register.cjs"), join(ROOT, "local/command.ts"), "local", ...args],
      {
        cwd: ROOT,
        reject: false,
        env: { INIT_CWD: folder, ...env },
      },
    );

  it("deploys a program of one's own, to accounts that its providers name, and leaves its folder as it was", async () => {
    const commands =
      "pulumi config set aws:region us-east-1; pulumi up --yes --skip-preview; pulumi stack output --json";
    const { exitCode, stdout, stderr } = await local(["sh", "-c", commands]);
    assert.equal(exitCode, 0, stdout + stderr);
    assert.match(stdout, /"queue": "arn:aws:sqs:us-east-1:000000000000:jobs-/);
    assert.match(stdout, /"table": "arn:aws:dynamodb:eu-west-1:222222222222:table\/orders-/);
    // What was set is kept, and what encrypts nothing is not.
    assert.equal(readFileSync(join(folder, "Pulumi.local.yaml"), "utf8").trim(), "config:\n  aws:region: us-east-1");
    rmSync(join(folder, "Pulumi.local.yaml"));
    await local(["pulumi", "stack", "ls"]);
    assert.ok(!existsSync(join(folder, "Pulumi.local.yaml")));
  });

  it("names at once all that the local provider lacks, and makes nothing", async () => {
    const { exitCode, stdout, stderr } = await local(["pulumi", "up", "--yes"], { MORE: "yes" });
    assert.equal(exitCode, 1, stdout + stderr);
    assert.match(
      stderr,
      /lacks 2 of what the program uses: aws:iam\/role:Role\.managedPolicyArns, aws:redshift\/cluster:Cluster\./,
    );
    assert.doesNotMatch(stdout, /aws:\w+:\w+ \S+ created/);
    // A preview that pulumi lets pass is refused here.
    assert.equal((await local(["pulumi", "preview"], { MORE: "yes" })).exitCode, 1);
  });

  it("ends as the command does", async () => {
    assert.equal((await local(["sh", "-c", "exit 7"])).exitCode, 7);
    const missing = await local(["no-such-command"]);
    assert.equal(missing.exitCode, 1);
    assert.match(missing.stderr, /no-such-command could not be started .* Is it on PATH\?/);
  });

  it("refuses a stack whose secrets it cannot read", async () => {
    writeFileSync(join(folder, "Pulumi.prod.yaml"), "secretsprovider: awskms://alias/state\n");
    const { exitCode, stderr } = await local(["--stack", "prod", "pulumi", "preview"]);
    assert.equal(exitCode, 1);
    assert.match(stderr, /Pulumi\.prod\.yaml has secrets that only its own stack can read/);
  });

  it("keeps the cloud for another terminal, until Ctrl-C", async () => {
    const kept = local(["--keep", "true"]);
    let said = "";
    while (!said.includes("In another terminal")) said += String(((await once(kept.stderr, "data")) as [Buffer])[0]);
    const [, file = ""] = /\. (\S+\/environment)/.exec(said) ?? [];
    const { stdout } = await execa("bash", ["-c", `. ${file}; curl -s $AWS_ENDPOINT_URL/_ministack/health`]);
    assert.match(stdout, /\{/);
    kept.kill("SIGINT");
    // That is how a kept cloud is meant to end: the command's own exit code counts.
    assert.equal((await kept).exitCode, 0);
    assert.ok(!existsSync(file));
  });
});
