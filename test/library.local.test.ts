import * as assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LocalWorkspace, type Stack } from "@pulumi/pulumi/automation";
import { EC2Client, ModifyAvailabilityZoneGroupCommand } from "@aws-sdk/client-ec2";
import { GetFunctionCommand, LambdaClient, ListFunctionsCommand } from "@aws-sdk/client-lambda";
import { CreateHostedZoneCommand, ListResourceRecordSetsCommand, Route53Client } from "@aws-sdk/client-route-53";
import { execa } from "execa";
import { strFromU8, unzipSync, zipSync } from "fflate";
import { bootstrapAccountId, rootCredentials } from "../local/cloud";
import { type LocalRun, ROOT, startLocalRun, workspaceOptions } from "../local/local-run";
import { eventually } from "../local/stories/story";

const PROGRAM = `import { WavelengthDns } from "aws-patterns/components";

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

/** As `pulumi new typescript` makes it. */
const FILES: Readonly<Record<string, string>> = {
  "Pulumi.yaml": "name: consumer\nruntime: nodejs\n",
  "package.json": JSON.stringify({ name: "consumer", main: "index.ts", private: true }),
  "tsconfig.json": JSON.stringify({
    compilerOptions: {
      strict: true,
      outDir: "bin",
      target: "es2020",
      module: "commonjs",
      moduleResolution: "node",
      forceConsistentCasingInFileNames: true,
      skipLibCheck: true,
      types: ["node"],
    },
    files: ["index.ts"],
  }),
  "index.ts": PROGRAM,
};

describe("aws-patterns as a library", () => {
  let run: LocalRun;
  let project: string;
  let zoneId: string;
  let stack: Stack | undefined;

  before(async () => {
    run = await startLocalRun(new AbortController().signal);
    project = await mkdtemp(join(tmpdir(), "aws-patterns-consumer-"));
    for (const [name, text] of Object.entries(FILES)) await writeFile(join(project, name), text);
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

  it("is packed with compiled code and types only", async () => {
    const { stdout } = await execa("npm", ["pack", "--json", "--pack-destination", project], { cwd: ROOT });
    const [{ filename, files }] = JSON.parse(stdout.slice(stdout.indexOf("["))) as [
      { filename: string; files: { path: string }[] },
    ];
    await mkdir(join(project, "packed"), { recursive: true });
    await execa("mv", [join(project, filename), join(project, "aws-patterns.tgz")]);
    const unexpected = files
      .map(({ path }) => path)
      .filter((path) => !/^(dist\/.*\.(js|d\.ts)|package\.json|README\.md|LICENSE)$/.test(path));
    assert.deepEqual(unexpected, []);
  });

  it("installs into an empty Pulumi project and gives it types", async () => {
    const wanted = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8")) as {
      devDependencies: Record<string, string>;
    };
    const versions = ["@pulumi/pulumi", "@pulumi/aws", "@types/node", "ts-node"].map(
      (name) => `${name}@${wanted.devDependencies[name]}`,
    );
    await execa(
      "npm",
      ["install", "--prefer-offline", "--no-audit", "--no-fund", "./aws-patterns.tgz", "typescript@5", ...versions],
      {
        cwd: project,
      },
    );
    await execa("npx", ["tsc", "--noEmit"], { cwd: project });
    const wrong = PROGRAM.replace("recordName: ", "recordname: ");
    await writeFile(join(project, "index.ts"), wrong);
    const refused = await execa("npx", ["tsc", "--noEmit"], { cwd: project, reject: false });
    assert.match(refused.stdout, /'recordname' does not exist in type|Did you mean to write 'recordName'/);
    await writeFile(join(project, "index.ts"), PROGRAM);
  });

  it("deploys a WavelengthDns from a ten-line program, its Lambda bundled from the installed package", async () => {
    stack = await LocalWorkspace.createStack({ stackName: "library", workDir: project }, await workspaceOptions(run));
    await stack.setConfig("aws:region", { value: "us-east-1" });
    const { outputs } = await stack.up();
    assert.equal(outputs.recordName?.value, "media.example.com");
    const lambda = new LambdaClient(client());
    const { Functions = [] } = await lambda.send(new ListFunctionsCommand({}));
    assert.equal(Functions.length, 3);
    for (const { FunctionName } of Functions) {
      const { Code } = await lambda.send(new GetFunctionCommand({ FunctionName }));
      const archive = new Uint8Array(await (await fetch(Code?.Location ?? "")).arrayBuffer());
      const files = unzipSync(archive);
      assert.deepEqual(Object.keys(files).sort(), ["handler.js", "index.js"]);
      const size = zipSync(files, { level: 6 }).byteLength;
      assert.ok(size <= 300_000, `${FunctionName}: ${size} bytes zipped`);
      const unused = strFromU8(files["handler.js"] ?? new Uint8Array()).includes("AcceptAddressTransfer");
      assert.ok(!unused, `${FunctionName} has an EC2 operation that nobody uses`);
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

  it("destroys everything again", async () => {
    await stack?.destroy();
    const { Functions = [] } = await new LambdaClient(client()).send(new ListFunctionsCommand({}));
    assert.deepEqual(Functions, []);
  });
});
