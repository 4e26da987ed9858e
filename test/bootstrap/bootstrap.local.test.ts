/** The bootstrap of docs/accounts.md, deployed by the real engine: its commands, and who gets in by what it makes. */
import * as assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { AttachRolePolicyCommand, CreateRoleCommand, IAMClient, ListRolesCommand } from "@aws-sdk/client-iam";
import { ListAliasesCommand, KMSClient } from "@aws-sdk/client-kms";
import { DeleteObjectsCommand, ListBucketsCommand, ListObjectVersionsCommand, S3Client } from "@aws-sdk/client-s3";
import { AssumeRoleCommand, AssumeRoleWithWebIdentityCommand, type Credentials, STSClient } from "@aws-sdk/client-sts";
import { execa } from "execa";
import { dump, load } from "js-yaml";
import { rootCredentials } from "../../local/cloud";
import { type LocalRun, ROOT, startLocalRun } from "../../local/local-run";
import { withPreviewRoles } from "../../stacks/preview-roles";

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
    const [, main = ""] = /^main: (.*)$/m.exec(text) ?? [];
    const others = text.replace(/^main: .*$/m, "");
    await writeFile(join(folder, "Pulumi.yaml"), `${others}\nmain: ${join(relative(folder, program), main)}\n`);
    await writeFile(join(folder, stackFile[0]), stackFile[1]);
    return folder;
  }

  /** Runs the CLI, as the home account's root or as a workflow. */
  async function pulumi(cwd: string, args: string[], backend?: string, credentials?: Credentials) {
    const { accessKeyId, secretAccessKey } = as(HOME, credentials).credentials;
    const env = {
      ...run.environment,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      ...(credentials === undefined ? {} : { AWS_SESSION_TOKEN: credentials.SessionToken ?? "" }),
      ...(backend === undefined ? {} : { PULUMI_BACKEND_URL: backend }),
    };
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

  const assume = (RoleArn: string, credentials: Credentials, ExternalId?: string) =>
    new STSClient(as(HOME, credentials)).send(new AssumeRoleCommand({ RoleArn, RoleSessionName: "it", ExternalId }));
  const deployer = (account: string): string => `arn:aws:iam::${account}:role/aws-patterns-deployer`;
  const previewer = (account: string): string => `arn:aws:iam::${account}:role/aws-patterns-preview`;
  const denied = { name: "AccessDenied" };

  it("gives each workflow its role, and no other subject, repository or audience", async () => {
    const { dev = "", prod = "" } = outputs.deployRoles;
    await workflow(dev, `${REPOSITORY}:environment:dev`);
    await workflow(prod, `${REPOSITORY}:environment:prod`);
    await workflow(outputs.previewRole, `${REPOSITORY}:pull_request`);
    for (const subject of [":environment:dev", ":environment:prod2", ":pull_request", ":ref:refs/heads/main"]) {
      await assert.rejects(workflow(prod, `${REPOSITORY}${subject}`), denied, subject);
    }
    await assert.rejects(workflow(outputs.previewRole, `${REPOSITORY}:environment:dev`), denied);
    await assert.rejects(workflow(dev, "repo:example/fork:environment:dev"), denied);
    const other = { name: "InvalidIdentityTokenException", message: /audience/ };
    await assert.rejects(workflow(dev, `${REPOSITORY}:environment:dev`, "https://github.com/example"), other);
  });

  it("lets a workflow assume the roles of its stack's accounts, and no others", async () => {
    const dev = await workflow(outputs.deployRoles.dev ?? "", `${REPOSITORY}:environment:dev`);
    const prod = await workflow(outputs.deployRoles.prod ?? "", `${REPOSITORY}:environment:prod`);
    const preview = await workflow(outputs.previewRole, `${REPOSITORY}:pull_request`);
    await assume(deployer(DEV), dev);
    await assume(deployer(EDGE), prod, "edge-deployments");
    await assume(deployer(HOME), prod);
    await assume(previewer(EDGE), preview, "edge-deployments");
    const refused: [string, Credentials, string?][] = [
      [deployer(EDGE), prod],
      [deployer(EDGE), prod, "another"],
      [deployer(DEV), prod],
      [deployer(HOME), dev],
      [previewer(DEV), dev],
      [deployer(DEV), preview],
      [`arn:aws:iam::${DEV}:role/OrganizationAccountAccessRole`, dev],
    ];
    for (const [role, ...session] of refused) await assert.rejects(assume(role, ...session), denied, role);
    // An administrator of the home account is not trusted by that alone.
    const root = new STSClient(as(HOME)).send(new AssumeRoleCommand({ RoleArn: deployer(DEV), RoleSessionName: "it" }));
    await assert.rejects(root, denied);
  });

  /** What the emulator's one address asks of Pulumi beside what stacks have. */
  const backend = (): string =>
    `${outputs.backendUrl}&endpoint=${encodeURIComponent(run.cloud.endpoint)}&s3ForcePathStyle=true`;

  it("moves its own state into the bucket, by the commands of the page", async () => {
    await succeeds(folder, ["stack", "export", "--file", "main.json"]);
    await succeeds(folder, ["stack", "init", "main", "--secrets-provider", outputs.secretsProvider], backend());
    await succeeds(folder, ["stack", "import", "--file", "main.json"], backend());
    await succeeds(folder, ["preview", "--expect-no-changes"], backend());
  });

  it("lets the workflow of a stack deploy it, and that of pull requests preview it", async () => {
    const { config } = load(await readFile(join(ROOT, "Pulumi.dev.yaml"), "utf8")) as {
      config: Record<string, Record<string, unknown>>;
    };
    const costs = config["aws-patterns:patterns"]?.costs as { args: object };
    // Billing knows tags a day after they are first used.
    costs.args = { ...costs.args, costAllocationTags: [] };
    const file = dump({ config: { ...config, "aws-patterns:patterns": { costs } } });
    const stack = await project("dev", ROOT, ["Pulumi.dev.yaml", file]);
    await succeeds(stack, ["stack", "init", "dev", "--secrets-provider", outputs.secretsProvider], backend());
    const deploying = await workflow(outputs.deployRoles.dev ?? "", `${REPOSITORY}:environment:dev`);
    await succeeds(stack, ["up", "--yes", "--skip-preview"], backend(), deploying);
    await succeeds(stack, ["preview", "--expect-no-changes"], backend(), deploying);

    const prod = await workflow(outputs.deployRoles.prod ?? "", `${REPOSITORY}:environment:prod`);
    const { failed, text } = await pulumi(stack, ["refresh", "--yes", "--skip-preview"], backend(), prod);
    assert.ok(failed && /AccessDenied|not authorized/.test(text ?? ""), text);

    const previewing = await workflow(outputs.previewRole, `${REPOSITORY}:pull_request`);
    const path = join(stack, "Pulumi.dev.yaml");
    const own = await readFile(path, "utf8");
    await writeFile(path, withPreviewRoles(own, "dev"));
    await succeeds(stack, ["preview"], backend(), previewing);
    const changed = await pulumi(stack, ["up", "--yes", "--skip-preview"], backend(), previewing);
    assert.ok(changed.failed && /AccessDenied|not authorized/.test(changed.text ?? ""), changed.text);
    await writeFile(path, own);
    await succeeds(stack, ["destroy", "--yes", "--skip-preview"], backend(), deploying);
  });

  it("leaves nothing when it is destroyed", async () => {
    const s3 = new S3Client({ ...as(HOME), forcePathStyle: true });
    const Bucket = "example-pulumi-state";
    const { failed, text } = await pulumi(folder, ["destroy", "--yes", "--skip-preview"]);
    assert.ok(failed && /BucketNotEmpty|not empty/.test(text ?? ""), text);
    const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
    const Objects = [...Versions, ...DeleteMarkers].map(({ Key, VersionId }) => ({ Key, VersionId }));
    await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    await succeeds(folder, ["destroy", "--yes", "--skip-preview"]);
    assert.deepEqual((await s3.send(new ListBucketsCommand({}))).Buckets ?? [], []);
    const aliases = (await new KMSClient(as(HOME)).send(new ListAliasesCommand({}))).Aliases ?? [];
    assert.deepEqual(
      aliases.filter(({ AliasName }) => AliasName === "alias/pulumi"),
      [],
    );
    for (const account of [HOME, ...OTHERS]) {
      const { Roles = [] } = await new IAMClient(as(account)).send(new ListRolesCommand({}));
      const left = Roles.map(({ RoleName = "" }) => RoleName).filter((name) => /^(aws-patterns|github)-/.test(name));
      assert.deepEqual(left, [], account);
    }
  });
});
