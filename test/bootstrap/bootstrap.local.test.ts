/** The bootstrap of docs/accounts.md, deployed by the real engine: its commands, and who gets in by what it makes. */
import * as assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { AttachRolePolicyCommand, CreateRoleCommand, IAMClient, ListRolesCommand } from "@aws-sdk/client-iam";
import { ListAliasesCommand, KMSClient } from "@aws-sdk/client-kms";
import { DeleteObjectsCommand, ListBucketsCommand, ListObjectVersionsCommand, S3Client } from "@aws-sdk/client-s3";
import { AssumeRoleCommand, AssumeRoleWithWebIdentityCommand, type Credentials, STSClient } from "@aws-sdk/client-sts";
import { execa } from "execa";
import { rootCredentials } from "../../local/cloud";
import { type LocalRun, ROOT, startLocalRun } from "../../local/local-run";

const [HOME, EDGE, DEV] = ["210000000002", "210000000003", "111111111111"];
const OTHERS = [DEV, EDGE, ...["1", "4", "5", "6"].map((digit) => `21000000000${digit}`)];
const REPOSITORY = "repo:example/infrastructure";
const ISSUER = "https://token.actions.githubusercontent.com";

type Outputs = Readonly<{ backendUrl: string; secretsProvider: string; previewRole: string }> & {
  readonly deployRoles: Readonly<Record<string, string>>;
};

/** As GitHub signs it, but for the signature. */
function token(sub: string, aud = "sts.amazonaws.com"): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "RS256", typ: "JWT" })}.${part({ iss: ISSUER, aud, sub })}.signature`;
}

describe("the bootstrap of accounts", function () {
  this.timeout(600_000);
  let run: LocalRun;
  let outputs: Outputs;
  before(async () => {
    run = await startLocalRun(new AbortController().signal);
    for (const account of OTHERS) {
      const iam = new IAMClient(as(account));
      const RoleName = "OrganizationAccountAccessRole";
      const trust = { Effect: "Allow", Principal: { AWS: `arn:aws:iam::${HOME}:root` }, Action: "sts:AssumeRole" };
      const AssumeRolePolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [trust] });
      await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
      const PolicyArn = "arn:aws:iam::aws:policy/AdministratorAccess";
      await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
    }
  });
  after(() => run?.stop());

  function as(account: string, credentials?: Credentials) {
    const { AccessKeyId = "", SecretAccessKey = "", SessionToken = "" } = credentials ?? {};
    const session = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
    const { endpoint } = run.cloud;
    return { endpoint, region: "us-east-1", credentials: credentials ? session : rootCredentials(account) };
  }

  /** A project in a folder of the run's own: Pulumi writes beside its file. */
  async function project(name: string, program: string, stackFile: readonly [name: string, text: string]) {
    const folder = join(run.folder, name);
    await mkdir(folder, { recursive: true });
    const text = await readFile(join(program, "Pulumi.yaml"), "utf8");
    await writeFile(join(folder, "Pulumi.yaml"), `${text}\nmain: ${relative(folder, program)}\n`);
    await writeFile(join(folder, stackFile[0]), stackFile[1]);
    return folder;
  }

  /** Runs the CLI, as the home account's root or as a workflow. */
  async function pulumi(cwd: string, args: string[], backend?: string, credentials?: Credentials) {
    const { accessKeyId, secretAccessKey, ...session } = as(HOME, credentials).credentials;
    const token = "sessionToken" in session ? { AWS_SESSION_TOKEN: session.sessionToken } : {};
    const keys = { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, ...token };
    const place = backend === undefined ? {} : { PULUMI_BACKEND_URL: backend };
    const env = { ...run.environment, ...keys, ...place };
    const done = await execa("pulumi", [...args, "--non-interactive"], { cwd, env, all: true, reject: false });
    return { failed: done.failed, text: done.all, stdout: done.stdout };
  }

  async function succeeds(...call: Parameters<typeof pulumi>): Promise<string> {
    const { failed, text, stdout } = await pulumi(...call);
    assert.ok(!failed, `pulumi ${call[1].join(" ")}: ${text}`);
    return stdout;
  }

  const workflow = async (RoleArn: string, ...claims: Parameters<typeof token>): Promise<Credentials> => {
    const sts = new STSClient(as(HOME));
    const request = { RoleArn, RoleSessionName: "workflow", WebIdentityToken: token(...claims) };
    const { Credentials: given } = await sts.send(new AssumeRoleWithWebIdentityCommand(request));
    assert.ok(given);
    return given;
  };

  let folder: string;
  it("deploys to every account of the stacks, and again without a change", async () => {
    const file = await readFile(join(ROOT, "bootstrap", "Pulumi.main.yaml"), "utf8");
    folder = await project("bootstrap", join(ROOT, "bootstrap"), ["Pulumi.main.yaml", file]);
    await succeeds(folder, ["stack", "init", "main"]);
    await succeeds(folder, ["up", "--yes", "--skip-preview"]);
    await succeeds(folder, ["preview", "--expect-no-changes"]);
    outputs = JSON.parse(await succeeds(folder, ["stack", "output", "--json"])) as Outputs;
    assert.deepEqual(Object.keys(outputs.deployRoles), ["dev", "prod"]);
  });
});
