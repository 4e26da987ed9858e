import * as assert from "node:assert/strict";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LocalWorkspace, type Stack } from "@pulumi/pulumi/automation";
import { EC2Client, ModifyAvailabilityZoneGroupCommand } from "@aws-sdk/client-ec2";
import { GetFunctionCommand, InvokeCommand, LambdaClient, ListFunctionsCommand } from "@aws-sdk/client-lambda";
import { CreateHostedZoneCommand, ListResourceRecordSetsCommand, Route53Client } from "@aws-sdk/client-route-53";
import { execa } from "execa";
import { strFromU8, unzipSync, zipSync } from "fflate";
import { bootstrapAccountId, rootCredentials } from "../local/cloud";
import { type LocalRun, ROOT, startLocalRun, workspaceOptions } from "../local/local-run";
import { eventually } from "../local/stories/story";
import { packLibrary, removePacked } from "./support/packed-library";

const PROGRAM = `import { WavelengthDns } from "aws-patterns";

const media = new WavelengthDns("media", {
  recordName: "media.example.com",
  hostedZone: { name: "example.com" },
  fleet: { zones: [{ name: "us-east-1-wl1-bos-wlz-1" }], ports: [{ protocol: "udp", from: 5004 }] },
  ttlSeconds: 1,
  drainMarginSeconds: 0,
  gatherSeconds: 1,
});
export const recordName = media.recordName;
`;

const compilerOptions = { strict: true, outDir: "bin", target: "es2022", types: ["node"] };

/** As `pulumi new typescript` makes it. */
const COMMON_JS: Readonly<Record<string, string>> = {
  "Pulumi.yaml": "name: consumer\nruntime: nodejs\n",
  "package.json": JSON.stringify({ name: "consumer", main: "index.ts", private: true }),
  "tsconfig.json": JSON.stringify({
    compilerOptions: { ...compilerOptions, module: "commonjs", moduleResolution: "node" },
    files: ["index.ts"],
  }),
  "index.ts": PROGRAM,
};

/** Compiled to ES modules, with a component whose handlers are in the package, and a handler of its own. */
const MODULES: Readonly<Record<string, string>> = {
  "Pulumi.yaml": "name: modules\nruntime: { name: nodejs, options: { typescript: false } }\n",
  "package.json": JSON.stringify({ name: "modules", main: "bin/index.js", type: "module", private: true }),
  "tsconfig.json": JSON.stringify({ compilerOptions: { ...compilerOptions, module: "nodenext" }, include: ["*.ts"] }),
  "index.ts": `import { CallbackLambda, EventPipes } from "aws-patterns";
import type { greet } from "./greet.js";

type Parameter<N extends 0 | 1> = Parameters<typeof greet>[N];

new EventPipes("shop", {});
export const name = new CallbackLambda("greeter", {
  description: "Greets people who are signed in",
  policies: [],
  callback: async (event: Parameter<0>, context: Parameter<1>) => {
    const { greet } = await import("./greet.js");
    return greet(event, context);
  },
}).function.name;
`,
  "greet.ts": `import { withSignedInUser } from "aws-patterns/signed-in-user";

export const greet = withSignedInUser({ settingsParameter: "/greeter" }, async ({ user }) => ({
  statusCode: 200,
  body: user.name,
}));
`,
};

const OWN: Readonly<Record<string, string>> = {
  "Pulumi.yaml": "name: own\nruntime: { name: nodejs, options: { typescript: false } }\n",
  "package.json": JSON.stringify({ name: "own", main: "index.js", private: true }),
  "Pulumi.local.yaml": "config:\n  aws:region: us-east-1\n",
  "index.js": `const { WorkQueue } = require("aws-patterns");
exports.url = new WorkQueue("orders-work", { purpose: "orders", visibilityTimeoutSeconds: 60 }).queue.url;
`,
};

/** What npm has installed: packages, as `npm ls --all` lists them, and bytes in files. */
async function installed(project: string): Promise<{ packages: number; megabytes: number }> {
  const { stdout } = await execa("npm", ["ls", "--all", "--parseable"], { cwd: project });
  const folder = join(project, "node_modules");
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const sizes = await Promise.all(files.map(({ parentPath, name }) => stat(join(parentPath, name))));
  const bytes = sizes.reduce((sum, { size }) => sum + size, 0);
  return { packages: new Set(stdout.split("\n")).size, megabytes: bytes / 1_000_000 };
}

describe("aws-patterns as a library", () => {
  let run: LocalRun;
  let project: string;
  let modules: string;
  let zoneId: string;
  const stacks: Stack[] = [];

  before(async () => {
    run = await startLocalRun(new AbortController().signal);
    project = await mkdtemp(join(tmpdir(), "aws-patterns-consumer-"));
    modules = join(project, "modules");
    await mkdir(modules);
    for (const [name, text] of Object.entries(COMMON_JS)) await writeFile(join(project, name), text);
    for (const [name, text] of Object.entries(MODULES)) await writeFile(join(modules, name), text);
    await prepare();
  });

  after(async () => {
    await run?.stop();
    if (project !== undefined) await rm(project, { recursive: true, force: true });
  });

  function client() {
    return { region: "us-east-1", endpoint: run.cloud.endpoint, credentials: rootCredentials(bootstrapAccountId) };
  }

  async function prepare(): Promise<void> {
    const ec2 = new EC2Client(client());
    await ec2.send(new ModifyAvailabilityZoneGroupCommand({ GroupName: "us-east-1-wl1", OptInStatus: "opted-in" }));
    const { HostedZone } = await new Route53Client(client()).send(
      new CreateHostedZoneCommand({ Name: "example.com", CallerReference: "library-test" }),
    );
    zoneId = HostedZone?.Id ?? "";
  }

  async function install(...packages: string[]): Promise<void> {
    await execa("npm", ["install", "--prefer-offline", "--no-audit", "--no-fund", ...packages], { cwd: project });
  }

  async function createStack(stackName: string, workDir: string): Promise<Stack> {
    const stack = await LocalWorkspace.createStack({ stackName, workDir }, await workspaceOptions(run));
    stacks.push(stack);
    await stack.setConfig("aws:region", { value: "us-east-1" });
    return stack;
  }

  /** The files of each function's archive. */
  async function archives(): Promise<Map<string, Record<string, Uint8Array>>> {
    const lambda = new LambdaClient(client());
    const { Functions = [] } = await lambda.send(new ListFunctionsCommand({}));
    const found = new Map<string, Record<string, Uint8Array>>();
    for (const { FunctionName = "" } of Functions) {
      const { Code } = await lambda.send(new GetFunctionCommand({ FunctionName }));
      found.set(FunctionName, unzipSync(new Uint8Array(await (await fetch(Code?.Location ?? "")).arrayBuffer())));
    }
    return found;
  }

  it("adds 6 packages and 15 MB at most to an empty Pulumi project", async () => {
    const { devDependencies } = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8")) as {
      devDependencies: Record<string, string>;
    };
    const own = ["@pulumi/pulumi", "@pulumi/aws", "@types/node", "ts-node"];
    await install("typescript@5", ...own.map((name) => `${name}@${devDependencies[name]}`));
    const before = await installed(project);
    const packed = await packLibrary();
    await cp(packed.tarball, join(project, "aws-patterns.tgz"));
    await removePacked(packed);
    await install("./aws-patterns.tgz");
    const { packages, megabytes } = await installed(project);
    assert.ok(packages - before.packages <= 6, `${packages - before.packages} packages`);
    assert.ok(megabytes - before.megabytes <= 15, `${megabytes - before.megabytes} MB`);
  });

  it("gives programs its types, in CommonJS and in ES modules", async () => {
    await execa("npx", ["tsc", "--noEmit"], { cwd: project });
    await execa("npx", ["tsc", "--skipLibCheck"], { cwd: modules });
    await writeFile(join(project, "index.ts"), PROGRAM.replace("recordName: ", "recordname: "));
    const refused = await execa("npx", ["tsc", "--noEmit", "--skipLibCheck"], { cwd: project, reject: false });
    assert.match(refused.stdout, /'recordname' does not exist in type|Did you mean to write 'recordName'/);
    await writeFile(join(project, "index.ts"), PROGRAM);
  });

  it("has a command that needs no other package", async () => {
    const { stdout } = await execa("npx", ["map-progress", "--help"], { cwd: project });
    assert.match(stdout, /map-progress \[--redrive\] EXECUTION_ARN/);
  });

  it("brings the local cloud for programs of one's own, with no package but Pulumi's", async () => {
    const folder = join(project, "own");
    await mkdir(folder);
    for (const [name, text] of Object.entries(OWN)) await writeFile(join(folder, name), text);
    const commands = "pulumi up --yes --skip-preview >&2 && pulumi stack output url && exit 7";
    const command = ["aws-patterns", "local", "--", "sh", "-c", commands];
    const { exitCode, stdout, stderr } = await execa("npx", command, { cwd: folder, reject: false });
    assert.equal(exitCode, 7, stderr);
    assert.match(stdout, /^http:\/\/\S+\/orders-work-/, stderr);
  });

  it("deploys a WavelengthDns from a ten-line program, with the handlers of the package", async () => {
    const { outputs } = await (await createStack("library", project)).up();
    assert.equal(outputs.recordName?.value, "media.example.com");
    const functions = await archives();
    assert.equal(functions.size, 3);
    for (const [name, files] of functions) {
      assert.deepEqual(Object.keys(files).sort(), ["handler.js", "index.js"]);
      const size = zipSync(files, { level: 6 }).byteLength;
      assert.ok(size <= 300_000, `${name}: ${size} bytes zipped`);
      const unused = strFromU8(files["handler.js"] ?? new Uint8Array()).includes("AcceptAddressTransfer");
      assert.ok(!unused, `${name} has an EC2 operation that nobody uses`);
    }
  });

  it("registers the instance that it launched", async () => {
    const route53 = new Route53Client(client());
    const observe = async (): Promise<number> => {
      const { ResourceRecordSets = [] } = await route53.send(
        new ListResourceRecordSetsCommand({ HostedZoneId: zoneId }),
      );
      return ResourceRecordSets.filter(({ Type }) => Type === "A").length;
    };
    await eventually("one A record", run.signal, observe, (count) => count === 1, 30);
  });

  it("says in an ES module's preview that handlers of one's own need esbuild, and bundles them with it", async () => {
    const stack = await createStack("modules", modules);
    await assert.rejects(stack.preview(), /CallbackLambda "greeter": .*npm install --save-dev esbuild/);
    await install("--save-dev", "esbuild");
    const { outputs } = await stack.up();
    const { FunctionError, Payload } = await new LambdaClient(client()).send(
      new InvokeCommand({ FunctionName: String(outputs.name?.value), Payload: "{}" }),
    );
    assert.equal(FunctionError, "Unhandled");
    assert.match(strFromU8(Payload ?? new Uint8Array()), /No event of a function URL/);
  });

  it("destroys everything again", async () => {
    for (const stack of stacks) await stack.destroy();
    assert.deepEqual([...(await archives()).keys()], []);
  });
});
