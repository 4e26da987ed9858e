import * as assert from "node:assert/strict";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { type NextBuild, readBuild } from "../../../components/nextjs-site/build";
import { CONFIG, madeApplication, required } from "./made-build";

type Changes = Readonly<Record<string, string | null>>;

function buildOf(changes: Changes = {}, sourceMaps = false): NextBuild {
  const read = readBuild(madeApplication(changes), { sourceMaps });
  return "build" in read ? read.build : assert.fail(JSON.stringify(read.faults));
}

describe("a build of Next.js", () => {
  it("has public files, the patterns that lead to them, and a server", () => {
    const { files, patterns, server, serverFolder } = buildOf();
    assert.deepEqual([...files.keys()], ["_next/static/chunks/a1b2.js", "robots.txt", "static/picture.svg"]);
    assert.deepEqual(patterns, ["/_next/static/*", "/robots.txt", "/static/*"]);
    assert.deepEqual([...server.keys()], [".next/BUILD_ID", "server.js", "public/static/picture.svg"]);
    assert.equal(serverFolder, "");
  });

  it("is below its base path, and in its folder of a repository with many", () => {
    const { files, patterns, serverFolder, server } = buildOf({
      ".next/required-server-files.json": required({ ...CONFIG, basePath: "/docs", assetPrefix: "/docs" }, "apps/web"),
      ".next/standalone/server.js": null,
      ".next/standalone/apps/web/server.js": "",
      "public/a name.txt": "",
    });
    assert.equal([...files.keys()][0], "docs/_next/static/chunks/a1b2.js");
    assert.deepEqual(patterns, ["/docs/_next/static/*", "/docs/robots.txt", "/docs/static/*"]);
    assert.equal(serverFolder, "apps/web");
    assert.ok(server.has("apps/web/public/a name.txt"));
  });

  it("leaves to the server what no pattern can say, folders with pages, and what is beyond 20 entries", () => {
    const many = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`public/m${10 + i}.txt`, ""]));
    const { files, patterns, server } = buildOf({ "public/ä.txt": "", "public/docs/a.pdf": "", ...many });
    assert.equal(patterns.length, 21);
    const served = [...server.keys()].filter((path) => path.startsWith("public/"));
    assert.deepEqual(served, ["public/docs/a.pdf", "public/robots.txt", "public/static/picture.svg", "public/ä.txt"]);
    assert.ok(!files.has("docs/a.pdf") && files.has("m29.txt"));
  });

  it("has its pictures in the server's archive, too, which optimises them", () => {
    const { server } = buildOf({ ".next/static/media/cat.1a2b.png": "", "public/cat.JPG": "", "public/cat.txt": "" });
    const pictures = [...server.keys()].filter((path) => path.includes("cat"));
    assert.deepEqual(pictures, ["public/cat.JPG", ".next/static/media/cat.1a2b.png"]);
  });

  it("may have source maps where they are asked for", () => {
    assert.ok(buildOf({ ".next/static/a.js.map": "{}" }, true).files.has("_next/static/a.js.map"));
  });

  const withSharp = (config: object, ...built: readonly string[]) =>
    buildOf({
      ".next/required-server-files.json": required({ ...CONFIG, ...config }),
      ".next/standalone/node_modules/sharp/package.json":
        '{"optionalDependencies":{"@img/sharp-linux-arm64":"1.2.3","@img/sharp-libvips-linux-arm64":"4.5.6"}}',
      ...Object.fromEntries(built.map((name) => [`.next/standalone/node_modules/@img/${name}/a.node`, ""])),
    });
  const sharp = (config: object, ...built: readonly string[]) => withSharp(config, ...built).warning;

  it("has Lambda's sharp alone in its server, where that is there", () => {
    const arm64 = ["sharp-libvips-linux-arm64", "sharp-linux-arm64"];
    const inServer = (...built: readonly string[]) =>
      [...withSharp({}, ...built).server.keys()]
        .filter((path) => path.includes("@img/"))
        .map((path) => path.split("/")[2]);
    assert.deepEqual(inServer(...arm64, "sharp-linux-x64", "sharp-libvips-darwin-arm64", "colour").sort(), [
      "colour",
      ...arm64,
    ]);
    // Else nothing would be left that says what is missing.
    assert.deepEqual(inServer("sharp-linux-x64"), ["sharp-linux-x64"]);
  });

  it("warns where its server cannot optimise pictures on Lambda", () => {
    const arm64 = ["sharp-linux-arm64", "sharp-libvips-linux-arm64"];
    assert.match(
      sharp({}, "sharp-linux-x64") ?? "",
      /@img\/sharp-linux-arm64@1\.2\.3 @img\/sharp-libvips-linux-arm64@4\.5\.6`/,
    );
    assert.match(sharp({}, "sharp-linux-arm64") ?? "", /--force @img\/sharp-libvips-linux-arm64@4\.5\.6`/);
    assert.equal(sharp({}, "sharp-linux-x64", ...arm64), undefined);
    assert.equal(sharp({ images: { unoptimized: true } }), undefined);
    assert.equal(sharp({ images: { loader: "custom" } }), undefined);
    assert.equal(buildOf().warning, undefined);
  });

  it("keeps links between its packages", () => {
    const application = madeApplication();
    symlinkSync("server.js", join(application, ".next/standalone/link.js"));
    const read = readBuild(application, { sourceMaps: false });
    assert.equal("build" in read && read.build.server.get("link.js")?.link, "server.js");
  });

  const REFUSED: readonly (readonly [what: string, changes: Changes, fault: RegExp])[] = [
    ["no build", { ".next/BUILD_ID": null }, /next build/],
    ["a build of another kind", { ".next/required-server-files.json": "{" }, /required-server-files\.json/],
    ["no output", { ".next/required-server-files.json": required({}) }, /Set output: \\"standalone\\"/],
    ["another output", { ".next/required-server-files.json": required({ output: "export" }) }, /"export"/],
    ["no server", { ".next/standalone/server.js": null }, /server\.js is missing/],
    [
      "another host's files",
      { ".next/required-server-files.json": required({ ...CONFIG, assetPrefix: "https://cdn.example.com" }) },
      /cdn\.example\.com/,
    ],
    ["secrets", { "public/.env.local": "KEY=1" }, /\.env\.local.*take it out/],
    ["server chunks", { "public/.next/server/chunks/1.js": "" }, /chunks\/1\.js/],
    ["source maps", { ".next/static/a.js.map": "{}" }, /sourceMaps: true/],
  ];
  for (const [what, changes, fault] of REFUSED) {
    it(`is refused with ${what}`, () => {
      const read = readBuild(madeApplication(changes), { sourceMaps: false });
      assert.ok("faults" in read && read.faults.length === 1);
      assert.match(JSON.stringify(read.faults), fault);
    });
  }

  it("is refused with links that lead out of it", () => {
    const application = madeApplication();
    symlinkSync("/etc/hostname", join(application, "public/host"));
    symlinkSync("../../../outside", join(application, ".next/standalone/outside"));
    const read = readBuild(application, { sourceMaps: false });
    assert.match(JSON.stringify(read), /public\/host.*lie within.*outside -> .*outputFileTracingRoot/);
  });

  it("ends at a folder that links to itself", () => {
    const application = madeApplication();
    symlinkSync(".", join(application, "public/round"));
    assert.match(JSON.stringify(readBuild(application, { sourceMaps: false })), /public\/round.*lie within/);
  });
});
