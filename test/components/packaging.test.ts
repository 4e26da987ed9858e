import * as assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { execa } from "execa";
import { strToU8, zipSync } from "fflate";
import { callbackArchive, callerDirectory, packageCallback } from "../../components/packaging";

const HANDLERS = join(__dirname, "..", "..", "components");
const ROOT = join(__dirname, "..", "..");

/** An inline callback as the components write it. */
function reconcileCallback() {
  const zone = pulumi.output("Z123");
  return async (event: never, context: never): Promise<unknown> => {
    const { makeReconcileHandler } = await import("../../handlers/wavelength-dns/handler");
    return makeReconcileHandler({ hostedZoneId: zone.get() } as never)(event, context);
  };
}

const DNS = join(HANDLERS, "wavelength-dns");

describe("packageCallback", () => {
  it("makes two files: the serialised callback, and the handler that it imports", async () => {
    const { index, handlers } = await packageCallback(reconcileCallback(), DNS);
    assert.deepEqual(Object.keys(handlers), ["handler.js"]);
    assert.match(index, /^require\("\.\/handler\.js"\);\n/);
    assert.ok(!index.includes("../../handlers"));
    assert.match(index, /exports\.handler/);
    const archive = callbackArchive({ index, handlers });
    assert.deepEqual(Object.keys(await archive.assets), ["index.js", "handler.js"]);
  });

  it("stays under 300 KB zipped, and keeps only the SDK operations in use", async () => {
    const { index, handlers } = await packageCallback(reconcileCallback(), DNS);
    const zip = zipSync({ "index.js": strToU8(index), "handler.js": strToU8(handlers["handler.js"] ?? "") });
    assert.ok(zip.length <= 300_000, `${zip.length} bytes`);
    assert.ok(!handlers["handler.js"]?.includes("AcceptAddressTransfer"), "an EC2 operation that nobody uses");
  });

  it("gives the same archive in another process, folder, and for another user's temporary files", async () => {
    const script = `
      const { packageCallback } = require("./components/packaging");
      const callback = async (event) => (await Promise.resolve().then(() => require("../handlers/wavelength-dns/events"))).parseEvent(event);
      packageCallback(callback, ${JSON.stringify(HANDLERS)}).then(({ index, handlers }) =>
        console.log(require("node:crypto").createHash("sha256").update(index + handlers["handler.js"]).digest("hex")));`;
    const run = async (TMPDIR: string): Promise<string> => {
      const { stdout } = await execa(process.execPath, ["-r", "ts-node/register/transpile-only", "-e", script], {
        cwd: ROOT,
        env: { TMPDIR, HOME: TMPDIR },
      });
      return stdout;
    };
    const folders = [0, 1].map(() => mkdtempSync(join(tmpdir(), "aws-patterns-packaging-")));
    try {
      const [one, two] = await Promise.all(folders.map(run));
      assert.match(one ?? "", /^[0-9a-f]{64}$/);
      assert.equal(one, two);
    } finally {
      for (const folder of folders) rmSync(folder, { recursive: true });
    }
  });

  it("has no file of this machine in its text", async () => {
    const { index, handlers } = await packageCallback(reconcileCallback(), DNS);
    assert.ok(!`${index}${handlers["handler.js"]}`.includes(ROOT));
  });

  it("bundles each of several handler modules", async () => {
    const callback = async (): Promise<unknown> => {
      const { parseEvent } = await import("../../handlers/wavelength-dns/events");
      const { weightOf } = await import("../../handlers/wavelength-dns/weights");
      return [parseEvent, weightOf];
    };
    const { index, handlers } = await packageCallback(callback, DNS);
    assert.deepEqual(Object.keys(handlers), ["handler.js", "handler-2.js"]);
    assert.match(index, /require\("\.\/handler-2\.js"\)/);
  });

  it("needs no handler when the callback imports none", async () => {
    const { index, handlers } = await packageCallback(async () => "pong", HANDLERS);
    assert.deepEqual(handlers, {});
    assert.match(index, /pong/);
  });

  it("refuses to put a secret into the code", async () => {
    const secret = pulumi.secret("swordfish");
    await assert.rejects(
      packageCallback(async () => secret.get(), HANDLERS),
      /secret/i,
    );
  });

  it("says which import cannot be found", async () => {
    // @ts-expect-error The module is missing on purpose.
    const callback = async (): Promise<unknown> => import("../../handlers/missing/handler");
    await assert.rejects(packageCallback(callback, DNS), /handlers\/missing\/handler/);
  });
});

describe("callerDirectory", () => {
  class Constructed {
    readonly directory = callerDirectory(Constructed);
  }

  it("is the folder of the file that constructs", () => {
    assert.equal(new Constructed().directory, __dirname);
  });
});

describe("a bundle's file", () => {
  it("is named by its contents", async () => {
    const handler = "module.exports = 1;";
    const archive = callbackArchive({ index: "", handlers: { "handler.js": handler } });
    const asset = (await archive.assets)["handler.js"] as pulumi.asset.FileAsset;
    assert.ok((await asset.path).endsWith(`${createHash("sha256").update(handler).digest("hex")}.js`));
  });
});
