import * as assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { cacheFolder, ensureArtefact, type Artefact } from "../../local/toolchain/cache";
import { ToolchainError } from "../../local/toolchain/errors";
import { withMachine } from "./fakes";

describe("the cache folder", () => {
  it("is the one that is set, else the platform's own", () => {
    assert.equal(cacheFolder({ AWS_PATTERNS_CACHE: "/a", XDG_CACHE_HOME: "/b" }, "linux", "/home/me"), "/a");
    assert.equal(cacheFolder({ XDG_CACHE_HOME: "/b" }, "linux", "/home/me"), "/b/aws-patterns");
    assert.equal(cacheFolder({}, "linux", "/home/me"), "/home/me/.cache/aws-patterns");
    assert.equal(cacheFolder({}, "darwin", "/home/me"), "/home/me/Library/Caches/aws-patterns");
  });
});

describe("an artefact of the cache", () => {
  const machine = withMachine();
  let builds = 0;

  beforeEach(() => {
    builds = 0;
  });

  function thing(key = "thing-1", work: (folder: string) => void = () => undefined): Artefact {
    return {
      key,
      step: "Thing",
      title: "the thing",
      essential: ["file"],
      build(folder) {
        builds += 1;
        writeFileSync(join(folder, "file"), "whole");
        work(folder);
        return Promise.resolve();
      },
    };
  }

  const remains = (): string[] => readdirSync(machine().cache).sort();

  it("is made once and found again, leaving nothing else behind", async () => {
    const first = await ensureArtefact(thing(), machine().context);
    const second = await ensureArtefact(thing(), machine().context);
    assert.equal(first, join(machine().cache, "thing-1"));
    assert.equal(second, first);
    assert.equal(builds, 1);
    assert.deepEqual(remains(), ["thing-1"]);
  });

  it("is made again under another key, beside the old one", async () => {
    await ensureArtefact(thing("thing-1"), machine().context);
    await ensureArtefact(thing("thing-2"), machine().context);
    assert.equal(builds, 2);
    assert.deepEqual(remains(), ["thing-1", "thing-2"]);
  });

  const damages: [string, string, (place: string) => void][] = [
    ["a file is cut short", "file is not as it was written", (place) => truncateSync(join(place, "file"), 2)],
    ["a file is gone", "file is missing", (place) => rmSync(join(place, "file"))],
    ["its marker is gone", "it was never completed", (place) => rmSync(join(place, ".complete.json"))],
    ["its marker is cut short", "it was never completed", (place) => truncateSync(join(place, ".complete.json"), 3)],
  ];
  for (const [what, fault, damage] of damages) {
    it(`is made again, with one line that says why, when ${what}`, async () => {
      const place = await ensureArtefact(thing(), machine().context);
      damage(place);
      await ensureArtefact(thing(), machine().context);
      assert.equal(builds, 2);
      assert.equal(readFileSync(join(place, "file"), "utf8"), "whole");
      assert.deepEqual(machine().said, [`Thing: the cached copy is damaged (${fault}); making it again`]);
    });
  }

  it("leaves nothing behind when making it fails, and can be made afterwards", async () => {
    const failing = thing("thing-1", () => {
      throw new Error("broken");
    });
    await assert.rejects(ensureArtefact(failing, machine().context), /broken/);
    assert.deepEqual(remains(), []);
    await ensureArtefact(thing(), machine().context);
    assert.deepEqual(remains(), ["thing-1"]);
  });

  it("takes no file for made that its maker did not write", async () => {
    const lazy: Artefact = { ...thing(), build: () => Promise.resolve() };
    await assert.rejects(ensureArtefact(lazy, machine().context), /ENOENT/);
    assert.deepEqual(remains(), []);
  });

  it("says in one line that the cache folder cannot be written", async () => {
    writeFileSync(machine().cache, "a file where the folder should be");
    const inFile = { ...machine().context, cache: join(machine().cache, "below") };
    await assert.rejects(ensureArtefact(thing(), inFile), (error: ToolchainError) => {
      assert.ok(error instanceof ToolchainError);
      assert.equal(error.happened, `The cache folder ${inFile.cache} cannot be written (ENOTDIR).`);
      assert.match(error.next, /AWS_PATTERNS_CACHE/);
      return true;
    });
  });

  it("says in one line that the disk is full", async () => {
    const full = thing("thing-1", () => {
      throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
    });
    await assert.rejects(ensureArtefact(full, machine().context), /the disk is full\. Free about/);
  });

  it("takes over from a process that is gone: its lock, and what it left half made", async () => {
    const { cache } = machine();
    mkdirSync(join(cache, "thing-1.lock"), { recursive: true });
    const longAgo = new Date(Date.now() - 60_000);
    utimesSync(join(cache, "thing-1.lock"), longAgo, longAgo);
    // No process has this number: it is above every system's limit.
    mkdirSync(join(cache, ".making-thing-1-99999999-abcdef"));
    mkdirSync(join(cache, `.making-thing-1-${process.pid}-abcdef`));
    await ensureArtefact(thing(), machine().context);
    assert.deepEqual(machine().said, ["Thing: an earlier run was interrupted half way; starting it again"]);
    assert.deepEqual(
      remains(),
      [`.making-thing-1-${process.pid}-abcdef`, "thing-1"],
      "a living process keeps its folder",
    );
  });

  it("stops waiting for another process when asked to", async () => {
    mkdirSync(join(machine().cache, "thing-1.lock"), { recursive: true });
    const signal = AbortSignal.timeout(50);
    await assert.rejects(ensureArtefact(thing(), { ...machine().context, signal }), { name: "AbortError" });
    assert.match(machine().said.join(), /waiting \(0 s\) for another process that is making the thing/);
    assert.equal(builds, 0);
  });
});

describe("two processes with one cache", () => {
  const machine = withMachine();
  const started: ChildProcess[] = [];
  afterEach(() => {
    for (const child of started.splice(0)) child.kill("SIGKILL");
  });

  function race(milliseconds: number): { child: ChildProcess; output: () => string; log: string } {
    const log = join(machine().folder, "log");
    const args = ["-r", "./scripts/register.cjs", join(__dirname, "racer.ts"), machine().cache, log];
    const child = spawn(process.execPath, [...args, String(milliseconds)], { stdio: ["ignore", "pipe", "inherit"] });
    started.push(child);
    let output = "";
    child.stdout.on("data", (data: Buffer) => (output += data.toString()));
    return { child, output: () => output, log };
  }

  it("make an artefact once, the second waiting for the first", async () => {
    const racers = [race(1500), race(1500)];
    await Promise.all(racers.map(({ child }) => once(child, "close")));
    const outputs = racers.map(({ output }) => output());
    for (const output of outputs) assert.match(output, /^place .*thing-1$/m);
    assert.equal(readFileSync(racers[0]?.log ?? "", "utf8").match(/made by/g)?.length, 1);
    assert.equal(outputs.filter((output) => output.includes("waiting (")).length, 1);
    assert.deepEqual(readdirSync(machine().cache), ["thing-1"]);
  });

  it("recover from one that was killed half way", async () => {
    const victim = race(60_000);
    while (!existsSync(victim.log)) await delay(20);
    victim.child.kill("SIGKILL");
    await once(victim.child, "close");
    const longAgo = new Date(Date.now() - 60_000);
    utimesSync(join(machine().cache, "thing-1.lock"), longAgo, longAgo);
    const heir = race(0);
    await once(heir.child, "close");
    assert.match(heir.output(), /^an earlier run was interrupted half way; starting it again\nplace .*thing-1\n$/);
    assert.deepEqual(readdirSync(machine().cache), ["thing-1"]);
  });
});
