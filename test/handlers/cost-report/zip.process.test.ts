import * as assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import fc from "fast-check";
import { unzipSync } from "fflate";
import { zipOf } from "../../../handlers/cost-report/mail/zip";

describe("a zip archive of one file", () => {
  it("gives the file back, whatever is in it", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 5000 }), (content) => {
        const files = unzipSync(zipOf("services.csv", content, "2026-11-12"));
        assert.deepEqual(Object.keys(files), ["services.csv"]);
        assert.deepEqual(Buffer.from(files["services.csv"] ?? []), Buffer.from(content));
      }),
    );
  });

  it("is what Python takes for one, checksum and date included", async () => {
    const folder = mkdtempSync(join(tmpdir(), "zip-"));
    try {
      const path = join(folder, "services.csv.zip");
      writeFileSync(path, zipOf("services.csv", Buffer.from("a,b\r\n".repeat(1000)), "2026-11-12"));
      const script =
        "import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); i = z.infolist()[0]; " +
        "print(z.testzip(), i.filename, i.file_size, i.date_time[:3], i.compress_size < 100)";
      const { stdout } = await execa("python3", ["-c", script, path]);
      assert.equal(stdout, "None services.csv 5000 (2026, 11, 12) True");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
