import * as assert from "node:assert/strict";
import { createHash, randomUUID } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { runInNewContext } from "node:vm";
import * as pulumi from "@pulumi/pulumi";
import { execa } from "execa";
import { strToU8, zipSync } from "fflate";
import { callbackArchive, packageCallback } from "../../../components/internal/packaging";
import { archiveHash, isCallback } from "../../support/callback-process";
import { deployedPatterns } from "../../support/patterns";

const ROOT = join(__dirname, "..", "..", "..");

/** An inline callback as the components write it. */
function reconcileCallback() {
  const zone = pulumi.output("Z123");
  return async (event: never, context: never): Promise<unknown> => {
    const { makeReconcileHandler } = await import("../../../handlers/wavelength-dns/handler");
    return makeReconcileHandler({ hostedZoneId: zone.get() } as never)(event, context);
  };
}

describe("packageCallback", () => {
  it("makes two files: the serialised callback, and the handler that it imports", async () => {
    const { index, handlers } = await packageCallback(reconcileCallback());
    assert.deepEqual(Object.keys(handlers), ["handler.js"]);
    assert.match(index, /^require\("\.\/handler\.js"\);\n/);
    assert.ok(!index.includes("../../handlers"));
    assert.match(index, /exports\.handler/);
    const archive = callbackArchive({ index, handlers });
    assert.deepEqual(Object.keys(await archive.assets), ["index.js", "handler.js"]);
  });

  it("stays under 300 KB zipped, and keeps only the SDK operations in use", async () => {
    const { index, handlers } = await packageCallback(reconcileCallback());
    const zip = zipSync({ "index.js": strToU8(index), "handler.js": strToU8(handlers["handler.js"] ?? "") });
    assert.ok(zip.length <= 300_000, `${zip.length} bytes`);
    assert.ok(!handlers["handler.js"]?.includes("AcceptAddressTransfer"), "an EC2 operation that nobody uses");
  });

  it("gives the same files when asked again", async () => {
    const [one, two] = [await packageCallback(reconcileCallback()), await packageCallback(reconcileCallback())];
    assert.deepEqual(one, two);
  });

  it("has no file of this machine in its text", async () => {
    const { index, handlers } = await packageCallback(reconcileCallback());
    assert.ok(!`${index}${handlers["handler.js"]}`.includes(ROOT));
  });

  it("bundles each of several handler modules", async () => {
    const callback = async (): Promise<unknown> => {
      const { parseEvent } = await import("../../../handlers/wavelength-dns/events");
      const { weightOf } = await import("../../../handlers/wavelength-dns/weights");
      return [parseEvent, weightOf];
    };
    const { index, handlers } = await packageCallback(callback);
    assert.deepEqual(Object.keys(handlers), ["handler.js", "handler-2.js"]);
    assert.match(index, /require\("\.\/handler-2\.js"\)/);
  });

  it("needs no handler when the callback imports none", async () => {
    const { index, handlers } = await packageCallback(async () => "pong");
    assert.deepEqual(handlers, {});
    assert.match(index, /pong/);
  });

  it("refuses to put a secret into the code", async () => {
    const secret = pulumi.secret("swordfish");
    await assert.rejects(
      packageCallback(async () => secret.get()),
      /secret/i,
    );
  });

  it("says which import cannot be found, and the file that imports it", async () => {
    // @ts-expect-error The module is missing on purpose.
    const callback = async (): Promise<unknown> => import("../../../handlers/missing/handler");
    await assert.rejects(packageCallback(callback), (error: unknown) => {
      const { message } = error as Error;
      assert.ok(
        message.startsWith(
          `the callback in ${join("test", "components", "internal", "packaging.process.test.ts")} imports "../../../handlers/missing/handler"`,
        ),
        message,
      );
      assert.ok(message.includes(`Could not resolve "${join(ROOT, "handlers", "missing", "handler")}"`), message);
      return true;
    });
  });

  it("refuses packages that would be missing in Lambda, and says where they can be used", async () => {
    const refusal = /uses the package "@pulumi\/pulumi[^"]*", which is not in its archive\. Use it in a handler module/;
    await assert.rejects(
      packageCallback(async () => pulumi.getStack()),
      refusal,
    );
    const own = "fflate";
    const callback = async (): Promise<unknown> => import("fflate").then(({ strToU8: toBytes }) => toBytes(own));
    await assert.rejects(packageCallback(callback), /uses the package "fflate"/);
  });

  it("leaves Node.js's own modules to Node.js", async () => {
    const { index, handlers } = await packageCallback(async () => createHash("sha256").update("x").digest("hex"));
    assert.match(index, /require\("(node:)?crypto"\)/);
    assert.deepEqual(handlers, {});
  });

  it("keeps the names of classes, which logs and Step Functions go by", async () => {
    const callback = async (): Promise<unknown> => import("../../../handlers/shared/lease");
    const { handlers } = await packageCallback(callback);
    const module = { exports: {} as { Lease?: { name: string }; LeaseLostError?: new (text: string) => Error } };
    runInNewContext(handlers["handler.js"] ?? "", { module, exports: module.exports, require, Error });
    assert.equal(module.exports.Lease?.name, "Lease");
    const { LeaseLostError } = module.exports;
    assert.ok(LeaseLostError);
    assert.equal(new LeaseLostError("x").constructor.name, "LeaseLostError");
    assert.equal(String(new LeaseLostError("lost")), "LeaseLostError: lost");
  });
});

describe("the archives of every pattern", () => {
  /** Deploys all patterns in a process of its own and prints a hash of each function's archive. */
  const SCRIPT = `
    const os = require("node:os");
    os.userInfo = () => { throw new Error("this user has no name"); };
    const { deployedPatterns } = require("${ROOT}/test/support/patterns");
    const { archiveHash, isCallback } = require("${ROOT}/test/support/callback-process");
    deployedPatterns().then(async (samples) => {
      const hashes = {};
      for (const lambda of samples.flatMap(({ resources }) => resources)) {
        if (isCallback(lambda)) hashes[lambda.name] = await archiveHash(lambda);
      }
      console.log(JSON.stringify(hashes));
    });`;

  it("have the same contents in another process, folder, and for another user with other temporary files", async () => {
    const here: Record<string, string> = {};
    for (const { resources } of await deployedPatterns()) {
      for (const lambda of resources.filter(isCallback)) here[lambda.name] = await archiveHash(lambda);
    }
    const elsewhere = mkdtempSync(join(tmpdir(), "aws-patterns-packaging-"));
    try {
      const register = join(ROOT, "scripts", "register.cjs");
      const { stdout } = await execa(process.execPath, ["-r", register, "-e", SCRIPT], {
        cwd: elsewhere,
        env: {
          TMPDIR: elsewhere,
          HOME: elsewhere,
          USER: "somebody",
          LOGNAME: "somebody",
        },
      });
      assert.deepEqual(JSON.parse(stdout.split("\n").at(-1) ?? ""), here);
      assert.ok(Object.keys(here).length > 0);
      assert.ok(
        readdirSync(elsewhere).some((name) => name.startsWith("aws-patterns-")),
        "bundles are in TMPDIR",
      );
    } finally {
      rmSync(elsewhere, { recursive: true });
    }
  });
});

describe("a bundle's file", () => {
  const store = async (handler: string): Promise<string> => {
    const archive = callbackArchive({ index: "", handlers: { "handler.js": handler } });
    return ((await archive.assets)["handler.js"] as pulumi.asset.FileAsset).path;
  };

  it("is named by its contents", async () => {
    const handler = "module.exports = 1;";
    assert.ok((await store(handler)).endsWith(`${createHash("sha256").update(handler).digest("hex")}.js`));
  });

  it("is written again when something happened to it, and can be read by its owner alone", async () => {
    const handler = `module.exports = "${randomUUID()}";`;
    const file = await store(handler);
    writeFileSync(file, handler.slice(0, 5));
    assert.equal(await store(handler), file);
    assert.equal(readFileSync(file, "utf8"), handler);
    assert.equal(statSync(dirname(file)).mode & 0o077, 0);
    rmSync(file);
  });
});
