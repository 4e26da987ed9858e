import * as assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readlinkSync, rmSync } from "node:fs";
import { basename, delimiter, dirname, join } from "node:path";
import { ensurePulumi, judgePulumi, type Sources } from "../../local/toolchain/pulumi";
import { MINIMUM_PULUMI } from "../../local/toolchain/versions";
import { withMachine, type FakeMachine } from "./fakes";

describe("a Pulumi CLI on PATH", () => {
  const whole = { pulumi: "/opt/pulumi", version: "v3.300.1", languageHost: "/opt/pulumi-language-nodejs" };

  it("is used when it is recent and has the Node.js language host", () => {
    assert.equal(judgePulumi(whole), "");
    assert.equal(judgePulumi({ ...whole, version: `v${MINIMUM_PULUMI}` }), "");
    assert.equal(judgePulumi({ ...whole, version: "v4.0.0-alpha" }), "");
  });

  it("is refused otherwise, with the reason", () => {
    assert.equal(judgePulumi({}), undefined);
    assert.equal(judgePulumi({ ...whole, version: undefined }), "/opt/pulumi does not start");
    assert.equal(judgePulumi({ ...whole, version: "v3.199.9" }), "/opt/pulumi is v3.199.9, older than 3.248.0");
    assert.equal(judgePulumi({ ...whole, version: "" }), "/opt/pulumi is of unknown version, older than 3.248.0");
    const hostless = { ...whole, languageHost: undefined };
    assert.equal(judgePulumi(hostless), "/opt/pulumi has no pulumi-language-nodejs beside it or on PATH");
  });
});

describe("the Pulumi CLI of the toolchain", () => {
  const machine = withMachine();
  let used: string[] = [];
  beforeEach(() => {
    used = [];
  });

  /** Sources whose CLI prints its origin; the download is refused where a reason is given. */
  function sources(from: FakeMachine, refusal?: string, script = "echo v3.259.0"): Sources {
    const deliver = (origin: string, folder: string): void => {
      used.push(origin);
      from.executable("pulumi", `${script} # ${origin}`, join(folder, "bin"));
      from.executable("pulumi-language-nodejs", "true", join(folder, "bin"));
    };
    return {
      download: (folder) => {
        if (refusal === undefined) deliver("download", folder);
        // A download that fails may leave half a CLI behind.
        else from.executable("half-written", "true", join(folder, "bin"));
        return Promise.resolve(refusal);
      },
      build: (folder, reason) => {
        deliver(`build because ${reason}`, folder);
        return Promise.resolve();
      },
    };
  }

  it("is the one on PATH, reached by links that bring nothing else along", async () => {
    const pulumi = machine().executable("pulumi", "echo v3.260.0");
    machine().executable("pulumi-language-nodejs", "true");
    machine().executable("node", "echo not the node in use");
    const bin = await ensurePulumi(machine().context, sources(machine()));
    assert.deepEqual(used, []);
    assert.deepEqual(readdirSync(bin).sort(), ["pulumi", "pulumi-language-nodejs"]);
    assert.equal(readlinkSync(join(bin, "pulumi")), pulumi);
    assert.equal(machine().said.at(-1), `Pulumi CLI: v3.260.0, from ${machine().bin}`);
  });

  it("takes the language host from elsewhere on PATH where it is not beside the CLI", async () => {
    machine().executable("pulumi", "echo v3.260.0");
    const elsewhere = join(machine().folder, "elsewhere");
    const host = machine().executable("pulumi-language-nodejs", "true", elsewhere);
    machine().variables["PATH"] += `${delimiter}${elsewhere}`;
    const bin = await ensurePulumi(machine().context, sources(machine()));
    assert.equal(readlinkSync(join(bin, "pulumi-language-nodejs")), host);
  });

  it("gets new links when the one on PATH is upgraded", async () => {
    machine().executable("pulumi", "echo v3.260.0");
    machine().executable("pulumi-language-nodejs", "true");
    const before = await ensurePulumi(machine().context, sources(machine()));
    machine().executable("pulumi", "echo v3.261.0");
    const after = await ensurePulumi(machine().context, sources(machine()));
    assert.notEqual(after, before);
  });

  it("is downloaded when the one on PATH is too old, which is said", async () => {
    const old = machine().executable("pulumi", "echo v3.100.0");
    machine().executable("pulumi-language-nodejs", "true");
    const bin = await ensurePulumi(machine().context, sources(machine()));
    assert.deepEqual(used, ["download"]);
    assert.ok(bin.startsWith(machine().cache));
    assert.equal(machine().said[0], `Pulumi CLI: ${old} is v3.100.0, older than 3.248.0: using a copy of its own`);
  });

  it("is built when it cannot be downloaded, with nothing left of the download", async () => {
    const bin = await ensurePulumi(machine().context, sources(machine(), "fetch failed"));
    assert.deepEqual(used, ["build because fetch failed"]);
    assert.deepEqual(readdirSync(bin).sort(), ["pulumi", "pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"]);
    const line = "Pulumi CLI: it cannot be downloaded (fetch failed); building it from its Go modules";
    assert.ok(machine().said.includes(line));
  });

  it("comes from the cache from then on, whichever way it was made", async () => {
    const first = await ensurePulumi(machine().context, sources(machine(), "fetch failed"));
    const second = await ensurePulumi(machine().context, sources(machine()));
    assert.equal(second, first);
    assert.equal(used.length, 1);
  });

  it("is made again when half of it is missing", async () => {
    const bin = await ensurePulumi(machine().context, sources(machine()));
    rmSync(join(bin, "pulumi-language-nodejs"));
    await ensurePulumi(machine().context, sources(machine()));
    assert.equal(used.length, 2);
    assert.ok(existsSync(join(bin, "pulumi-language-nodejs")));
  });

  it("does not take its own earlier copy on PATH for the user's", async () => {
    const bin = await ensurePulumi(machine().context, sources(machine()));
    machine().variables["PATH"] = `${bin}${delimiter}${machine().bin}`;
    assert.equal(await ensurePulumi(machine().context, sources(machine())), bin);
    assert.deepEqual(readdirSync(machine().cache), [basename(dirname(bin))]);
  });

  it("is refused, and not kept, when it does not start", async () => {
    mkdirSync(machine().cache);
    await assert.rejects(ensurePulumi(machine().context, sources(machine(), undefined, "exit 1")), /noexec/);
    assert.deepEqual(readdirSync(machine().cache), []);
  });

  it("is asked for its version without touching the user's Pulumi home", async () => {
    machine().executable("pulumi", 'mkdir -p "$PULUMI_HOME"; echo v3.260.0');
    machine().executable("pulumi-language-nodejs", "true");
    await ensurePulumi(machine().context, sources(machine()));
    assert.ok(existsSync(join(machine().cache, "pulumi-homes", "version")));
  });
});
