import * as assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unzipSync } from "fflate";
import { ARCHIVE_SIGNATURE, SIGNATURE, type Value } from "../../local/provider/property-values";
import { zipOf } from "../../local/provider/archive";
import { archive, asset } from "./support";

function contents(zip: Uint8Array): Record<string, string> {
  return Object.fromEntries(Object.entries(unzipSync(zip)).map(([name, b]) => [name, Buffer.from(b).toString()]));
}

function of(source: Record<string, Value>): Value {
  return { [SIGNATURE]: ARCHIVE_SIGNATURE, hash: "any", ...source };
}

describe("Lambda's archives", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "archive-"));
    mkdirSync(join(folder, "lib"));
    writeFileSync(join(folder, "index.js"), "one");
    writeFileSync(join(folder, "lib", "more.js"), "two");
  });
  const { TZ } = process.env;
  afterEach(() => {
    rmSync(folder, { recursive: true });
    if (TZ === undefined) delete process.env.TZ;
    else process.env.TZ = TZ;
  });

  it("gives the same bytes for the same files, whatever their order, age and the time zone", async () => {
    const first = await zipOf(archive({ "a.js": "1", "b/c.js": "2" }));
    process.env.TZ = "Asia/Tokyo";
    assert.deepEqual(await zipOf(archive({ "b/c.js": "2", "a.js": "1" })), first);
    const before = await zipOf(of({ path: folder }));
    utimesSync(join(folder, "index.js"), new Date(), new Date("2001-01-01"));
    assert.deepEqual(await zipOf(of({ path: folder })), before);
    // Pinned: a function that is deployed from another machine must not change.
    const pinned = "f4792fc71fc7d6707c8388e5cfb21347f1dded46af07aa11333fbd083d3c941c";
    assert.equal(createHash("sha256").update(first).digest("hex"), pinned);
  });

  it("puts folders, files, texts and archives in archives together", async () => {
    const nested = of({
      assets: {
        "handler.js": asset("three"),
        "copy.js": { [SIGNATURE]: "c44067f5952c0a294b673a41bacd8c17", hash: "x", path: join(folder, "index.js") },
        vendor: of({ path: folder }),
        inner: archive({ "deep.js": "four" }),
      },
    });
    assert.deepEqual(contents(await zipOf(nested)), {
      "copy.js": "one",
      "handler.js": "three",
      "inner/deep.js": "four",
      "vendor/index.js": "one",
      "vendor/lib/more.js": "two",
    });
  });

  it("leaves a zip file as it is, and unpacks it inside another archive", async () => {
    const zip = await zipOf(of({ path: folder }));
    const path = join(folder, "given.zip");
    writeFileSync(path, zip);
    assert.deepEqual(Buffer.from(await zipOf(of({ path }))), Buffer.from(zip));
    const outer = await zipOf(of({ assets: { layer: of({ path }) } }));
    assert.deepEqual(Object.keys(unzipSync(outer)).sort(), ["layer/index.js", "layer/lib/more.js"]);
  });

  it("keeps executables executable", async () => {
    chmodSync(join(folder, "index.js"), 0o700);
    const zip = Buffer.from(await zipOf(of({ path: folder })));
    // The central directory's external attributes, whose high half is the mode.
    const entry = zip.indexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02]));
    assert.equal(zip.readUInt16LE(entry + 40).toString(8), "100755");
  });

  it("refuses what it cannot pack, and says why", async () => {
    await assert.rejects(zipOf(asset("text")), /expected an archive/);
    await assert.rejects(zipOf(archive({})), /the archive is empty/);
    await assert.rejects(zipOf(of({ uri: "https://example.com/a.zip" })), /does not fetch https:/);
    await assert.rejects(zipOf(of({ assets: { a: of({ path: join(folder, "index.js") }) } })), /a folder or a .zip/);
  });
});
