import * as assert from "node:assert/strict";
import { type Build, PREFIX, Site } from "./support/site";

const FIRST: Build = { "_next/static/a.js": "a", "robots.txt": "one", "static/ä b.svg": "<svg/>" };
const SECOND: Build = { "_next/static/b.js": "b", "robots.txt": "two" };

async function deploy(site: Site, build: Build): Promise<string[]> {
  await site.step("put", build);
  site.calls.length = 0;
  await site.step("finish", build);
  return site.calls.filter((call) => !/^(list|read|swap .*)$/.test(call));
}

/** The calls between taking the lock and giving it back. */
const withoutLock = (calls: readonly string[]): string[] =>
  calls.slice(calls.indexOf("swap deploy/lock.json") + 1, calls.lastIndexOf("swap deploy/lock.json"));

describe("the sync of nextjs-site", () => {
  it("puts files with their types and with what browsers and the edge may keep", async () => {
    const site = new Site();
    await site.step("put", FIRST);
    const about = (path: string): unknown => site.objects.get(PREFIX + path)?.about;
    const named = "public, max-age=0, s-maxage=31536000, must-revalidate";
    assert.deepEqual(about("_next/static/a.js"), {
      contentType: "text/javascript; charset=utf-8",
      cacheControl: "public, max-age=31536000, immutable",
    });
    assert.deepEqual(about("robots.txt"), { contentType: "text/plain; charset=utf-8", cacheControl: named });
    assert.deepEqual(about("static/ä b.svg"), { contentType: "image/svg+xml", cacheControl: named });
  });

  it("makes no write call for what is in place", async () => {
    const site = new Site();
    await deploy(site, FIRST);
    site.calls.length = 0;
    assert.equal((await site.step("put", FIRST)).changed, 0);
    assert.deepEqual(withoutLock(site.calls), ["read", "list", "read"]);
  });

  it("marks what was replaced, removes what has a name, and invalidates only what changed", async () => {
    const site = new Site();
    await deploy(site, FIRST);
    assert.deepEqual(await deploy(site, SECOND), [
      "put deploy/manifest.json",
      "remove site/static/ä b.svg",
      "mark site/_next/static/a.js",
      "invalidate E1 /robots.txt /static/%C3%A4%20b.svg",
      "put deploy/manifest.json",
    ]);
    assert.deepEqual(site.marked(), ["_next/static/a.js"]);
  });

  it("does not mark again what is marked, and takes the mark off what is wanted again", async () => {
    const site = new Site();
    for (const build of [FIRST, SECOND]) await deploy(site, build);
    const third = { "robots.txt": "two" };
    assert.deepEqual(await deploy(site, third), [
      "put deploy/manifest.json",
      "ask site/_next/static/a.js",
      "mark site/_next/static/b.js",
    ]);
    await deploy(site, FIRST);
    assert.deepEqual(site.marked(), ["_next/static/b.js"]);
  });

  it("invalidates all at once where more than 15 files changed", async () => {
    const site = new Site();
    const build = (text: string): Build => Object.fromEntries(Array.from({ length: 16 }, (_, i) => [`${i}.txt`, text]));
    await deploy(site, build("one"));
    assert.ok((await deploy(site, build("two"))).includes("invalidate E1 /*"));
  });

  it("does one at a time, wherever a second one comes in", async () => {
    const outcomes = async (comesAfter: number): Promise<string> => {
      const site = new Site();
      let second: Promise<unknown> | undefined;
      let calls = 0;
      site.onCall = () => {
        if (calls++ === comesAfter) second = site.step("put", SECOND, "second");
      };
      const first = site.step("put", FIRST, "first");
      const ended = [await first.then(() => "done", String), await second?.then(() => "done", String)];
      return ended.map((outcome) => outcome?.split(":")[0]).join(", ");
    };
    const after = await Promise.all(Array.from({ length: 9 }, (_, calls) => outcomes(calls)));
    // It comes while the first one looks whether it may; while it works; when it has given the bucket back.
    assert.deepEqual(after, ["BusyError, done", ...Array<string>(7).fill("done, BusyError"), "done, done"]);
  });

  it("is refused while a killed one might still run, and not after that", async () => {
    const site = new Site();
    site.callsLeft = 4;
    await assert.rejects(site.step("put", FIRST), /killed/);
    site.callsLeft = Infinity;
    await assert.rejects(site.step("put", FIRST), /BusyError.*until 1970-01-01T00:15:30.000Z at the latest/);
    site.now = 930_000;
    assert.equal((await site.step("put", FIRST)).changed, 3);
  });

  for (const [what, event, error] of [
    ["an event of another kind", { step: "remove" }, /BadSyncRequestError.*step/],
    ["a build that is not there", { step: "put", archive: "deploy/no.zip", hashedPath: "_" }, /there is no deploy\/no/],
    ["an end without its distribution", { step: "finish", archive: "a", hashedPath: "_" }, /distributionId/],
  ] as const) {
    it(`refuses ${what}`, async () => {
      const site = new Site();
      await assert.rejects(site.run(event), error);
      assert.deepEqual(site.paths(), []);
    });
  }
});
