import * as assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { execa } from "execa";
import { publint } from "publint";
import { bundle } from "../../components/internal/packaging/bundle";
import { absoluteLinks, relativeLinks } from "../../scripts/readme-links";
import {
  packagesOfUsers,
  packedComponents,
  type PackedLibrary,
  packLibrary,
  removePacked,
} from "../support/packed-library";
import { importedPackages, ROOT, sourceOf } from "./sources";

const BUNDLE = ".bundle.js.gz";

/** Deploys all patterns under mocks and prints a hash of each function's archive. */
const HASHES = `
  const { deployedPatterns } = require("${ROOT}/test/support/patterns");
  const { archiveHash, isCallback } = require("${ROOT}/test/support/callback-process");
  deployedPatterns().then(async (samples) => {
    const hashes = {};
    for (const lambda of samples.flatMap(({ resources }) => resources)) {
      if (isCallback(lambda)) hashes[lambda.name] = await archiveHash(lambda);
    }
    console.log(JSON.stringify(hashes));
  });`;

describe("the package", function () {
  // It is compiled, and all functions are bundled, while other tests run.
  this.timeout(300_000);
  let packed: PackedLibrary;

  before(async () => {
    packed = await packLibrary();
  });
  after(() => removePacked(packed));

  it("has compiled code, types, the emulator's extensions and licences only", () => {
    const expected =
      /^(dist\/.*\.(js|mjs|d\.ts|d\.mts|js\.gz)|dist\/local\/emulators\/.*\.(py|cjs|txt)|dist\/third-party-licenses\.txt|[A-Z]+(\.md)?|package\.json)$/;
    assert.deepEqual(
      packed.files.filter((path) => !expected.test(path)),
      [],
    );
  });

  it("imports what users have, and in helpers for their handlers what they hand over", async () => {
    const users = await packagesOfUsers();
    const helpers = ["@aws-sdk/client-s3", "@aws-sdk/client-scheduler", "zod"];
    // Validators write programs with calls of require(), in texts. The local cloud's programs are started by a test.
    const others = /(\/asl|\/read)\.js$|^dist\/local\//;
    for (const file of packed.files.filter((path) => /\.m?[jt]s$/.test(path) && !others.test(path))) {
      const source = sourceOf(file, await readFile(join(packed.folder, file), "utf8"));
      const wanted = file.startsWith("dist/handlers/shared/") ? [...users, ...helpers] : users;
      for (const name of importedPackages(source)) assert.ok(wanted.includes(name), `${name} in ${file}`);
    }
  });

  it("names its entry points so that CommonJS and ES modules find code and types", async () => {
    const data = new Uint8Array(await readFile(packed.tarball));
    const { messages } = await publint({ pack: { tarball: data.buffer }, level: "warning" });
    assert.deepEqual(messages, []);
    const result = await checkPackage(createPackageFromTarballData(data));
    assert.ok(result.types);
    assert.deepEqual(result.problems, []);
  });

  it("brings each handler of a component as it would be bundled at deployment", async () => {
    const bundles = packed.files.filter((path) => path.endsWith(BUNDLE));
    assert.ok(bundles.length > 0);
    for (const file of bundles) {
      const { code } = await bundle(join(ROOT, file.slice("dist/".length, -BUNDLE.length)));
      assert.ok(code === gunzipSync(await readFile(join(packed.folder, file))).toString(), file);
    }
  });

  it("makes every component's functions as the repository does, with no package but those that users have", async () => {
    const preload = join(packed.folder, "preload.cjs");
    await writeFile(preload, packedComponents(packed.folder, await packagesOfUsers()));
    const hashes = async (...options: string[]): Promise<object> => {
      const register = ["-r", join(ROOT, "scripts", "register.cjs")];
      const { stdout } = await execa(process.execPath, [...register, ...options, "-e", HASHES]);
      return JSON.parse(stdout.split("\n").at(-1) ?? "") as object;
    };
    const ofRepository = await hashes();
    assert.ok(Object.keys(ofRepository).length > 10);
    assert.deepEqual(await hashes("-r", preload), ofRepository);
  });

  it("shows README.md with links that work at a registry, and leaves the repository's as it was", async () => {
    const { stdout } = await execa("tar", ["-xOzf", packed.tarball, "package/README.md"]);
    const text = await readFile(join(ROOT, "README.md"), "utf8");
    const shown = [...stdout.matchAll(/\]\(([^)]*)\)/g)].map(([, target]) => target ?? "");
    assert.ok(shown.length > 0);
    assert.deepEqual(
      shown.filter((target) => !/^(https:|#)/.test(target)),
      [],
    );
    assert.equal(await readFile(join(packed.folder, "README.md"), "utf8"), text);
  });
});

describe("links of README.md", () => {
  const manifest = { version: "1.2.3", repository: { url: "git+https://github.com/o/r.git" } };
  const here = '[a](docs/a.md#b) ![p](docs/p.png) <img src="docs/q.svg"> [c](#c) [d](https://example.com/)';
  const there =
    "[a](https://github.com/o/r/blob/v1.2.3/docs/a.md#b) ![p](https://github.com/o/r/raw/v1.2.3/docs/p.png) " +
    '<img src="https://github.com/o/r/raw/v1.2.3/docs/q.svg"> [c](#c) [d](https://example.com/)';

  it("lead to the repository as of the version, and back", () => {
    assert.equal(absoluteLinks(here, manifest), there);
    assert.equal(relativeLinks(there, manifest), here);
    assert.equal(absoluteLinks(there, manifest), there);
  });
});
