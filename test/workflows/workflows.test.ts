import * as assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { execa } from "execa";
import { load } from "js-yaml";
import { cacheFolder } from "../../local/toolchain";
import { PULUMI_VERSION } from "../../local/toolchain/versions";
import { CONFIGURATION_FILE } from "../../policy/write-configuration";
import { parseConfiguration } from "../../stacks/config";
import { ensureActionlint } from "./actionlint";
import { faultsOf, type Job, parse, type Step } from "./faults";

const root = join(__dirname, "..", "..");
const folder = join(root, ".github", "workflows");
const files = readdirSync(folder)
  .filter((file) => /\.ya?ml$/.test(file))
  .map((file) => join(folder, file));

const read = (name: string): ReturnType<typeof parse> => parse(readFileSync(join(folder, name), "utf8"));

function jobOf(file: string, name: string): Job {
  const job = read(file).jobs[name];
  assert.ok(job, `${file} has no job ${name}`);
  return job;
}

function stepOf(job: Job, wanted: (step: Step) => boolean): Step {
  const found = job.steps?.filter(wanted) ?? [];
  assert.equal(found.length, 1);
  return found[0] ?? {};
}

const using =
  (action: string) =>
  ({ uses }: Step): boolean =>
    uses?.startsWith(`${action}@`) ?? false;

/** The stacks that are deployed to AWS: all but the local cloud's. */
const stacks = readdirSync(root)
  .flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? [])
  .filter((stack) => stack !== "local")
  .sort();

const context = { cache: cacheFolder(process.env), variables: process.env, onProgress: (): void => undefined };

describe("a workflow's rules", () => {
  const good = [
    "on: { push: {} }",
    "permissions: { contents: read }",
    "jobs:",
    "  a:",
    "    timeout-minutes: 5",
    "    steps:",
    `      - uses: actions/checkout@${"0a".repeat(20)} # v6.0.2`,
    '      - run: echo "$REF"',
    "        env: { REF: '${{ github.ref }}' }",
  ].join("\n");

  it("hold for one that keeps them", () => {
    assert.deepEqual(faultsOf(good), []);
  });

  it("find each way of breaking them", () => {
    const broken: [string | RegExp, string, RegExp][] = [
      [/@\w+ # v6.0.2/, "@v6 # v6.0.2", /not pinned/],
      [" # v6.0.2", "", /not pinned/],
      [" # v6.0.2", " # main", /not pinned/],
      [/- (uses: \S+) # v6.0.2/, "- { $1 }", /not each on a line/],
      ["permissions: { contents: read }", "", /a: no permissions/],
      ["permissions: { contents: read }", "permissions: write-all", /a: permissions write-all/],
      ["    timeout-minutes: 5\n", "", /a: no timeout-minutes/],
      ['echo "$REF"', "echo ${{ github.event.pull_request.title }}", /a: an expression inside a script/],
      ["push", "pull_request_target", /pull_request_target/],
    ];
    for (const [from, to, fault] of broken) {
      const text = good.replace(from, to);
      assert.notEqual(text, good);
      assert.match(faultsOf(text).join("\n"), fault);
    }
  });
});

describe("the workflows", () => {
  it("are there, and keep the rules", () => {
    assert.ok(files.length >= 2);
    for (const file of files) assert.deepEqual(faultsOf(readFileSync(file, "utf8")), [], file);
  });

  it("have no findings of actionlint", async function () {
    this.timeout(300_000);
    const actionlint = await ensureActionlint(context);
    // Without shellcheck and pyflakes, which some machines have and others do not.
    const result = await execa(actionlint, ["-no-color", "-shellcheck=", "-pyflakes=", ...files], {
      cwd: root,
      all: true,
      reject: false,
    });
    assert.equal(result.all, "");
    assert.equal(result.exitCode, 0);
  });

  it("say to install Go where actionlint cannot be built", async () => {
    const cache = mkdtempSync(join(tmpdir(), "aws-patterns-actionlint-"));
    try {
      const bare = { ...context, cache, variables: { PATH: "" } };
      await assert.rejects(ensureActionlint(bare), /no Go on PATH to build actionlint with\. Install Go/);
    } finally {
      rmSync(cache, { recursive: true, force: true });
    }
  });

  it("give each job the permissions that it needs, and no more", () => {
    assert.deepEqual(read("preview.yml").permissions, { contents: "read" });
    assert.equal(jobOf("preview.yml", "test").permissions, undefined);
    const oidc = { contents: "read", "id-token": "write" };
    assert.deepEqual(jobOf("preview.yml", "preview").permissions, { ...oidc, "pull-requests": "write" });
    assert.deepEqual(jobOf("deploy.yml", "deploy").permissions, oidc);
  });

  it("cover every stack that is not local, and let none end another's run", () => {
    for (const job of [jobOf("preview.yml", "preview"), jobOf("deploy.yml", "deploy")]) {
      assert.deepEqual([...(job.strategy?.matrix["stack"] ?? [])].sort(), stacks);
      assert.equal(job.strategy?.["fail-fast"], false);
    }
  });

  it("run the Pulumi version that the local cloud runs", () => {
    for (const job of [jobOf("preview.yml", "preview"), jobOf("deploy.yml", "deploy")]) {
      const { with: inputs } = stepOf(job, using("pulumi/actions"));
      assert.equal(inputs?.["pulumi-version"], PULUMI_VERSION);
      assert.equal(inputs?.["stack-name"], "${{ matrix.stack }}");
    }
  });
});

describe("both workflows that reach AWS", () => {
  for (const [file, job] of [
    ["preview.yml", "preview"],
    ["deploy.yml", "deploy"],
  ] as const) {
    it(`${file} holds its stack to the policy pack, with what the stack's file says of it`, () => {
      const steps = jobOf(file, job).steps ?? [];
      const pulumi = steps.findIndex(using("pulumi/actions"));
      const written = steps.findIndex(({ run }) => run === 'npm run guardrails -- "$STACK"');
      assert.ok(written >= 0 && written < pulumi);
      const { policyPacks, policyPackConfigs } = steps[pulumi]?.with ?? {};
      assert.deepEqual([policyPacks, policyPackConfigs], ["policy", relative(root, CONFIGURATION_FILE)]);
      assert.ok(existsSync(join(root, String(policyPacks), "PulumiPolicy.yaml")));
    });
  }
});

describe("the preview workflow", () => {
  const job = jobOf("preview.yml", "preview");

  it("tests every pull request, and previews those from this repository", () => {
    assert.deepEqual(read("preview.yml").on, { pull_request: { branches: ["main"] } });
    stepOf(jobOf("preview.yml", "test"), ({ run }) => run === "npm test");
    assert.equal(jobOf("preview.yml", "test").if, undefined);
    assert.equal(job.if, "github.event.pull_request.head.repo.full_name == github.repository");
  });

  it("edits one comment for each stack", () => {
    const { with: inputs } = stepOf(job, using("pulumi/actions"));
    assert.equal(inputs?.["command"], "preview");
    assert.equal(inputs?.["comment-on-pr"], true);
    assert.equal(inputs?.["edit-pr-comment"], true);
  });

  it("assumes the preview role of every account, never its deployer", async () => {
    const step = stepOf(job, ({ name }) => name?.includes("preview role") ?? false);
    const workspace = mkdtempSync(join(tmpdir(), "aws-patterns-preview-"));
    try {
      symlinkSync(join(root, "node_modules"), join(workspace, "node_modules"));
      for (const stack of stacks) {
        const name = `Pulumi.${stack}.yaml`;
        const text = readFileSync(join(root, name), "utf8");
        writeFileSync(join(workspace, name), text);
        await execa("bash", ["-e", "-c", step.run ?? ""], { cwd: workspace, env: { STACK: stack } });
        const before = accountsOf(text, stack);
        const after = accountsOf(readFileSync(join(workspace, name), "utf8"), stack);
        const roles = before.map((account) => ({
          ...account,
          roleArn: `arn:aws:iam::${account.id}:role/aws-patterns-preview`,
        }));
        assert.deepEqual(after, roles);
      }
    } finally {
      rmSync(workspace, { recursive: true, force: true });
    }
  });
});

/** The accounts of a stack file, which must be without fault. */
function accountsOf(text: string, stack: string) {
  const { config } = load(text) as { config: Record<string, unknown> };
  const raw = { accounts: config["aws-patterns:accounts"], patterns: config["aws-patterns:patterns"] };
  const { configuration, faults } = parseConfiguration(raw, stack);
  assert.equal(faults, undefined);
  return configuration?.accounts ?? [];
}

describe("the deploy workflow", () => {
  const job = jobOf("deploy.yml", "deploy");

  it("deploys each stack after a merge, in the stack's environment, one run at a time", () => {
    assert.deepEqual(read("deploy.yml").on, { push: { branches: ["main"] } });
    assert.equal(job.environment, "${{ matrix.stack }}");
    assert.deepEqual(job.concurrency, { group: "deploy-${{ matrix.stack }}", "cancel-in-progress": false });
    assert.equal(stepOf(job, using("pulumi/actions")).with?.["command"], "up");
  });

  it("ends before the hour that its credentials last", () => {
    assert.ok((job["timeout-minutes"] ?? Infinity) < 60);
    const { with: inputs } = stepOf(job, using("aws-actions/configure-aws-credentials"));
    assert.equal(inputs?.["role-to-assume"], "${{ vars.AWS_DEPLOY_ROLE }}");
    assert.equal(inputs?.["role-duration-seconds"], undefined);
  });
});
