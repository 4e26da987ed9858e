/** That what a running build names stays, and that no edge stays behind, wherever deployments are killed. */
import * as assert from "node:assert/strict";
import * as fc from "fast-check";
import { type Build, isHashed, KilledError, PREFIX, Site } from "./support/site";

const BUILDS: readonly Build[] = [
  { "_next/static/a.js": "a", "_next/static/all.js": "all", "robots.txt": "one", "old.txt": "old" },
  { "_next/static/b.js": "b", "_next/static/all.js": "all", "robots.txt": "two" },
  { "_next/static/a.js": "a", "_next/static/c.js": "c", "robots.txt": "one", "new.txt": "new" },
];
const PATHS = [...new Set(BUILDS.flatMap((build) => Object.keys(build)))];

/** One deployment: of which build, where it is killed, and what browsers ask for meanwhile. */
interface Deployment {
  readonly build: number;
  /** Calls of the two steps together after which it is killed. */
  readonly callsLeft: number;
  /** Paths that are asked for after each call, as bits; they are taken round. */
  readonly requests: readonly number[];
}

const deployment = fc.record({
  build: fc.nat(BUILDS.length - 1),
  callsLeft: fc.oneof(fc.nat(33), fc.constant(Infinity)),
  requests: fc.array(fc.nat(2 ** PATHS.length - 1), { minLength: 1, maxLength: 6 }),
});

/** Keeps to the rules that a page promises, or throws. */
async function play(deployments: readonly Deployment[]): Promise<void> {
  const site = new Site();
  let running: Build = {};
  for (const { build: index, callsLeft, requests } of deployments) {
    const build = BUILDS[index] as Build;
    let calls = 0;
    site.callsLeft = callsLeft;
    // Who comes earlier than a killed one's time is refused.
    site.now += 1_000_000;
    site.onCall = () => {
      const asked = requests[calls++ % requests.length] ?? 0;
      for (const [i, path] of PATHS.entries()) if ((asked >> i) & 1) site.request(path);
      for (const [path, text] of Object.entries(running).filter(([path]) => isHashed(path))) {
        const stored = site.objects.get(PREFIX + path);
        assert.equal(stored && Buffer.from(stored.bytes).toString(), text, `${path} is gone`);
        assert.equal(stored?.marked, false, `${path} would expire`);
      }
    };
    try {
      const before = site.paths().filter(isHashed);
      await site.step("put", build);
      running = build;
      await site.step("finish", build);
      const replaced = before.filter((path) => !(path in build));
      for (const path of replaced) assert.ok(site.marked().includes(path), `${path} neither stays nor expires`);
    } catch (error) {
      if (!(error instanceof KilledError)) throw error;
      continue;
    }
    for (const path of PATHS) if (!isHashed(path)) assert.equal(site.request(path), build[path], `${path} is stale`);
  }
}

describe("deployments of nextjs-site", () => {
  it("keep what the running build names, mark the rest, and leave no edge behind, wherever they are killed", () =>
    fc.assert(fc.asyncProperty(fc.array(deployment, { minLength: 1, maxLength: 5 }), play), { numRuns: 400 }));

  it("do so for each place where one can be killed between two others", async () => {
    const whole = { callsLeft: Infinity, requests: [2 ** PATHS.length - 1] };
    for (const [first, killed, last] of [
      [0, 1, 0],
      [0, 1, 1],
      [1, 0, 2],
    ] as const) {
      for (let callsLeft = 0; callsLeft < 33; callsLeft++) {
        for (const requests of [[0], whole.requests]) {
          await play([
            { ...whole, build: first, requests },
            { build: killed, callsLeft, requests: whole.requests },
            { ...whole, build: last },
          ]);
        }
      }
    }
  });
});
