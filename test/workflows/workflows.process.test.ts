import * as assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, relative } from "node:path";
import { execa } from "execa";
import { load } from "js-yaml";
import { cacheFolder } from "../../local/toolchain";
import { PULUMI_VERSION } from "../../local/toolchain/versions";
import { CONFIGURATION_FILE } from "../../policy/write-configuration";
import { parseConfiguration } from "../../stacks/config";
import { withPreviewRoles } from "../../stacks/preview-roles";
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
    "        with: { persist-credentials: false }",
    '      - run: echo "$REF"',
    "        env: { REF: '${{ github.ref }}' }",
    "  b:",
    "    uses: ./.github/workflows/deploy-stack.yml",
  ].join("\n");

  it("hold for one that keeps them", () => {
    assert.deepEqual(faultsOf(good), []);
  });

  it("find each way of breaking them", () => {
    const broken: [string | RegExp, string, RegExp][] = [
      [/@\w+ # v6.0.2/, "@v6 # v6.0.2", /not pinned/],
      [" # v6.0.2", "", /not pinned/],
      [" # v6.0.2", " # main", /not pinned/],
      [/- (uses: \S+) # v6.0.2\n +with: .*/, "- { $1, with: { persist-credentials: false } }", /not each on a line/],
      ["permissions: { contents: read }", "", /a: no permissions/],
      ["permissions: { contents: read }", "permissions: write-all", /a: permissions write-all/],
      ["    timeout-minutes: 5\n", "", /a: no timeout-minutes/],
      ['echo "$REF"', "echo ${{ github.event.pull_request.title }}", /a: an expression inside a script/],
      ["push", "pull_request_target", /pull_request_target/],
      ["        with: { persist-credentials: false }\n", "", /a: the checkout leaves its token/],
      [
        "permissions: { contents: read }",
        "permissions: { contents: write }",
        /permissions contents: given to every job/,
      ],
      ["./.github/workflows/deploy-stack.yml", "./elsewhere.yml", /not pinned/],
      ["./.github/workflows/deploy-stack.yml", "a/b/.github/workflows/c.yml@main", /not pinned/],
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
    const contents = { contents: "read" };
    const oidc = { ...contents, "id-token": "write" };
    const given = files.flatMap((file) => {
      const { permissions, jobs } = parse(readFileSync(file, "utf8"));
      assert.deepEqual(permissions, contents, file);
      return Object.entries(jobs).flatMap(([name, job]) =>
        job.permissions === undefined ? [] : [[`${basename(file)} ${name}`, job.permissions] as const],
      );
    });
    assert.deepEqual(Object.fromEntries(given), {
      "codeql.yml analyze": { ...contents, "security-events": "write", actions: "read" },
      "deploy-stack.yml deploy": oidc,
      "deploy.yml dev": oidc,
      "deploy.yml prod": oidc,
      "preview.yml preview": { ...oidc, "pull-requests": "write" },
      "release.yml publish": { ...oidc, attestations: "write" },
      "release.yml release": { contents: "write" },
    });
  });

  it("cover every stack that is not local, and let none end another's run", () => {
    const preview = jobOf("preview.yml", "preview");
    const [dev, prod] = [jobOf("deploy.yml", "dev"), jobOf("deploy.yml", "prod")];
    assert.deepEqual([...(preview.strategy?.matrix["stack"] ?? [])].sort(), stacks);
    assert.deepEqual([dev.with?.["stack"], ...(prod.strategy?.matrix["stack"] ?? [])].sort(), stacks);
    for (const job of [preview, prod]) assert.equal(job.strategy?.["fail-fast"], false);
  });

  it("run the Pulumi version that the local cloud runs", () => {
    for (const [job, stack] of [
      [jobOf("preview.yml", "preview"), "${{ matrix.stack }}"],
      [jobOf("deploy-stack.yml", "deploy"), "${{ inputs.stack }}"],
    ] as const) {
      const { with: inputs } = stepOf(job, using("pulumi/actions"));
      assert.equal(inputs?.["pulumi-version"], PULUMI_VERSION);
      assert.equal(inputs?.["stack-name"], stack);
    }
  });
});

describe("both workflows that reach AWS", () => {
  for (const [file, job] of [
    ["preview.yml", "preview"],
    ["deploy-stack.yml", "deploy"],
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

  it("keeps the plugins that the lock file asks for; a deployment takes nothing from a cache", () => {
    const { with: inputs } = stepOf(job, using("actions/cache"));
    assert.equal(inputs?.["path"], "~/.pulumi/plugins");
    assert.match(String(inputs?.["key"]), /hashFiles\('package-lock\.json'\)/);
    const deploys = jobOf("deploy-stack.yml", "deploy").steps ?? [];
    assert.ok(!deploys.some((step) => using("actions/cache")(step) || step.with?.["cache"] !== undefined));
  });

  it("edits one comment for each stack", () => {
    const { with: inputs } = stepOf(job, using("pulumi/actions"));
    assert.equal(inputs?.["command"], "preview");
    assert.equal(inputs?.["comment-on-pr"], true);
    assert.equal(inputs?.["edit-pr-comment"], true);
  });

  it("assumes the preview role of every account, never its deployer", () => {
    const steps = job.steps ?? [];
    const replaced = steps.findIndex(({ run }) => run?.endsWith('stacks/preview-roles.ts "$STACK"') ?? false);
    assert.ok(replaced >= 0 && replaced < steps.findIndex(using("aws-actions/configure-aws-credentials")));
    for (const stack of stacks) {
      const text = readFileSync(join(root, `Pulumi.${stack}.yaml`), "utf8");
      const roles = accountsOf(text, stack).map((account) => ({
        ...account,
        roleArn: `arn:aws:iam::${account.id}:role/aws-patterns-preview`,
      }));
      assert.deepEqual(accountsOf(withPreviewRoles(text, stack), stack), roles);
    }
  });

  it("finds the role in the account's own partition, and keeps what else the file says", () => {
    const text = [
      "secretsprovider: awskms://alias/pulumi?region=us-east-1",
      "encryptedkey: AQICAHg=",
      "config:",
      "  aws-patterns:accounts:",
      '    gov: { id: "111111111111", region: us-gov-west-1 }',
      '    own: { id: "222222222222", roleArn: "arn:aws-cn:iam::222222222222:role/deploy", region: cn-north-1 }',
      "  aws-patterns:patterns:",
      "    costs: { pattern: cost-guardrails, accounts: [gov, own], args: { emails: [a@example.com], costAllocationTags: [owner] } }",
    ].join("\n");
    const written = load(withPreviewRoles(text, "payments")) as Record<string, unknown>;
    assert.deepEqual(
      [written["secretsprovider"], written["encryptedkey"]],
      ["awskms://alias/pulumi?region=us-east-1", "AQICAHg="],
    );
    const accounts = accountsOf(withPreviewRoles(text, "payments"), "payments");
    assert.deepEqual(
      accounts.map(({ roleArn }) => roleArn),
      [
        "arn:aws-us-gov:iam::111111111111:role/aws-patterns-preview",
        "arn:aws-cn:iam::222222222222:role/aws-patterns-preview",
      ],
    );
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
  const [dev, prod] = [jobOf("deploy.yml", "dev"), jobOf("deploy.yml", "prod")];
  const job = jobOf("deploy-stack.yml", "deploy");

  it("deploys after a merge: dev first, all others only once that has succeeded", () => {
    assert.deepEqual(read("deploy.yml").on, { push: { branches: ["main"] } });
    assert.equal(dev.with?.["stack"], "dev");
    assert.equal(dev.needs, undefined);
    assert.equal(prod.needs, "dev");
    // A condition of its own could let a job run although the one that it needs has failed.
    for (const { if: condition } of [dev, prod, job]) assert.equal(condition, undefined);
    assert.ok(!prod.strategy?.matrix["stack"]?.includes("dev"));
    for (const { uses } of [dev, prod]) assert.equal(uses, "./.github/workflows/deploy-stack.yml");
  });

  it("deploys each stack in the stack's environment, one run at a time", () => {
    assert.deepEqual(Object.keys(read("deploy-stack.yml").on), ["workflow_call"]);
    assert.equal(job.environment, "${{ inputs.stack }}");
    assert.deepEqual(job.concurrency, { group: "deploy-${{ inputs.stack }}", "cancel-in-progress": false });
    assert.equal(stepOf(job, using("pulumi/actions")).with?.["command"], "up");
  });

  it("ends before the hour that its credentials last", () => {
    assert.ok((job["timeout-minutes"] ?? Infinity) < 60);
    const { with: inputs } = stepOf(job, using("aws-actions/configure-aws-credentials"));
    assert.equal(inputs?.["role-to-assume"], "${{ vars.AWS_DEPLOY_ROLE }}");
    assert.equal(inputs?.["role-duration-seconds"], undefined);
  });
});

describe("the nightly workflow", () => {
  const job = jobOf("nightly.yml", "test");

  it("runs the full test on every supported line of Node.js, the oldest included, with nothing cached", () => {
    assert.deepEqual(Object.keys(read("nightly.yml").on), ["schedule", "workflow_dispatch"]);
    stepOf(job, ({ run }) => run === "npm test");
    const { engines } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { engines: { node: string } };
    assert.equal(job.strategy?.matrix["node"]?.[0], /\d+/.exec(engines.node)?.[0]);
    assert.equal(job.steps?.some(using("actions/cache")), false);
    const { with: inputs } = stepOf(job, using("actions/setup-node"));
    assert.deepEqual([inputs?.["package-manager-cache"], inputs?.["cache"]], [false, undefined]);
  });
});

describe("the test of a pull request", () => {
  it("keeps the toolchain's cache folder, under a name that follows what is in it", () => {
    const { with: inputs } = stepOf(jobOf("preview.yml", "test"), using("actions/cache"));
    assert.equal(inputs?.["path"], cacheFolder({}, "linux", "~"));
    const [, list = ""] = /hashFiles\((.+)\)/.exec(String(inputs?.["key"])) ?? [];
    const sources = [...list.matchAll(/'([^']+)'/g)].map(([, source = ""]) => source.replace("/**", ""));
    assert.deepEqual(sources, ["local/toolchain", "local/emulators/requirements.txt", "test/workflows/actionlint.ts"]);
    for (const source of sources) assert.ok(existsSync(join(root, source)), source);
  });
});

describe("the release workflow", () => {
  const publish = jobOf("release.yml", "publish");
  const scripts = (job: Job): string[] => (job.steps ?? []).flatMap(({ run }) => run ?? []);

  it("publishes tags of versions only, after the full test, with provenance and without a stored token", () => {
    assert.deepEqual(read("release.yml").on, { push: { tags: ["v[0-9]+.[0-9]+.[0-9]+"] } });
    assert.ok(scripts(jobOf("release.yml", "test")).includes("npm test"));
    assert.equal(publish.needs, "test");
    assert.equal(publish.environment, "npm");
    assert.equal(jobOf("release.yml", "release").needs, "publish");
    assert.match(scripts(publish).at(-1) ?? "", /^npm publish \S+\.tgz --provenance --access public$/);
    assert.doesNotMatch(readFileSync(join(folder, "release.yml"), "utf8"), /secrets\.|NODE_AUTH_TOKEN/);
  });

  it("attests the very file that it publishes", () => {
    const { name } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { name: string };
    const subject = stepOf(publish, using("actions/attest-build-provenance")).with?.["subject-path"];
    assert.equal(subject, `\${{ runner.temp }}/${name}-*.tgz`);
    assert.ok(scripts(publish).includes('npm pack --pack-destination "$RUNNER_TEMP"'));
    assert.ok(scripts(publish).at(-1)?.startsWith(`npm publish "$RUNNER_TEMP"/${name}-*.tgz `));
    assert.ok(scripts(publish).includes("npm ci --ignore-scripts"));
  });

  describe("refuses a tag", () => {
    const { run = "" } = stepOf(jobOf("release.yml", "test"), ({ name }) => name?.startsWith("The tag") ?? false);
    let workspace: string;
    const git = async (...args: string[]): Promise<string> =>
      (await execa("git", ["-c", "user.name=a", "-c", "user.email=a@example.com", ...args], { cwd: workspace })).stdout;
    const check = async (tag: string) =>
      execa("bash", ["-e", "-c", run], {
        cwd: workspace,
        env: { GITHUB_REF_NAME: tag, GITHUB_SHA: await git("rev-parse", "HEAD") },
        reject: false,
      });

    before(async () => {
      workspace = mkdtempSync(join(tmpdir(), "aws-patterns-release-"));
      writeFileSync(join(workspace, "package.json"), JSON.stringify({ version: "1.2.3" }));
      writeFileSync(join(workspace, "CHANGELOG.md"), "## [1.2.3] - 2026-11-28\n");
      await git("init", "-q");
      await git("add", ".");
      await git("commit", "-qm", "version");
      await git("update-ref", "refs/remotes/origin/main", "HEAD");
    });
    after(() => rmSync(workspace, { recursive: true, force: true }));

    it("that is not the package's version", async () => {
      assert.equal((await check("v1.2.3")).exitCode, 0);
      const { exitCode, stdout } = await check("v1.2.4");
      assert.equal(exitCode, 1);
      assert.match(stdout, /The tag is v1\.2\.4, package\.json has 1\.2\.3\./);
    });

    it("of a version that the changelog does not have", async () => {
      writeFileSync(join(workspace, "CHANGELOG.md"), "## [Unreleased]\n");
      const { exitCode, stdout } = await check("v1.2.3");
      await git("checkout", "CHANGELOG.md");
      assert.equal(exitCode, 1);
      assert.match(stdout, /CHANGELOG\.md has no version 1\.2\.3\. `npm version` writes it\./);
    });

    it("of a commit that is not on main", async () => {
      await git("commit", "-q", "--allow-empty", "-m", "elsewhere");
      const { exitCode, stdout } = await check("v1.2.3");
      assert.equal(exitCode, 1);
      assert.match(stdout, /v1\.2\.3 is no commit of main/);
    });
  });
});

describe("code scanning", () => {
  it("looks at every language that is here, at each change and every week", () => {
    assert.deepEqual(Object.keys(read("codeql.yml").on).sort(), ["pull_request", "push", "schedule"]);
    const languages = jobOf("codeql.yml", "analyze").strategy?.matrix["language"] ?? [];
    assert.deepEqual([...languages].sort(), ["actions", "javascript-typescript", "python"]);
  });
});

describe("updates of dependencies", () => {
  interface Update {
    readonly "package-ecosystem": string;
    readonly directory: string;
    readonly schedule: { readonly interval: string };
  }
  const { version, updates } = load(readFileSync(join(root, ".github", "dependabot.yml"), "utf8")) as {
    version: number;
    updates: Update[];
  };

  it("come for every file that names packages, and for the workflows", async () => {
    const { stdout } = await execa("git", ["ls-files", "--cached", "--others", "--exclude-standard"], { cwd: root });
    const { workspaces } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { workspaces: string[] };
    const ecosystems: Readonly<Record<string, string>> = { "package.json": "npm", "requirements.txt": "pip" };
    const found = stdout.split("\n").flatMap((file) => {
      const ecosystem = ecosystems[basename(file)];
      if (ecosystem === undefined || (ecosystem === "npm" && !hasDependencies(join(root, file)))) return [];
      // The packages of a workspace are updated with the one that they belong to.
      if (workspaces.includes(dirname(file))) return [];
      const directory = dirname(file);
      return [`${ecosystem} ${directory === "." ? "/" : `/${directory}`}`];
    });
    assert.equal(version, 2);
    const covered = updates.map((update) => `${update["package-ecosystem"]} ${update.directory}`);
    assert.deepEqual(covered.sort(), [...found, "github-actions /"].sort());
  });
});

function hasDependencies(file: string): boolean {
  const { dependencies, devDependencies } = JSON.parse(readFileSync(file, "utf8")) as Record<string, object>;
  return dependencies !== undefined || devDependencies !== undefined;
}
