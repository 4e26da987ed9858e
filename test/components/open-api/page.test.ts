import * as assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { apiPage, readRedoc } from "../../../components/open-api/page";

describe("the page of an API", () => {
  const api = { info: { title: "A & <b>", description: "<!--<script></script><script>alert(1)</script>" } };
  // As Redoc's own bundle has them.
  const script = `marks = ["<!--", /<!--x/.test("<!--x"), "<script>"]; logo = "https://cdn.example.com/a/logo.svg";
//# sourceMappingURL=redoc.standalone.js.map`;
  const page = apiPage(JSON.stringify(api), { script, licences: "/*! MIT </script> */" });
  const scripts = [...page.matchAll(/<script>([^]*?)<\/script>/g)].map(([, text = ""]) => text);

  it("holds the document and Redoc, which mean what they meant and cannot leave their scripts", () => {
    assert.match(page, /<title>A &amp; &lt;b><\/title>/);
    assert.equal(page.match(/<\/?script|<!--/gi)?.length, 4);
    const seen: Record<string, unknown> = {
      document: { getElementById: (id: string) => id },
      Redoc: { init: (...given: unknown[]) => (seen.given = given) },
    };
    for (const text of scripts) runInNewContext(text, seen);
    assert.equal(JSON.stringify(seen.given), JSON.stringify([api, {}, "api"]));
    assert.equal(JSON.stringify(seen.marks), JSON.stringify(["<!--", true, "<script>"]));
    assert.match(page, /MIT/);
  });

  it("lets these scripts run and asks no host", () => {
    const [, policy = ""] = /Content-Security-Policy" content="([^"]*)"/.exec(page) ?? [];
    const hashes = scripts.map((text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`);
    assert.ok(policy.startsWith(`default-src 'none'; script-src ${hashes.join(" ")}; `), policy);
    assert.doesNotMatch(page, /https?:|sourceMappingURL/);
  });

  it("says how to install Redoc where it is not, or is another one", () => {
    const folder = mkdtempSync(join(tmpdir(), "page-"));
    try {
      const fault = (): void => void readRedoc(join(folder, "api.yaml"));
      assert.throws(fault, /page-\w+: .*not installed there; npm install --save-dev redoc@2/);
      mkdirSync(join(folder, "node_modules", "redoc"), { recursive: true });
      writeFileSync(join(folder, "node_modules", "redoc", "package.json"), '{"version":"3.0.1"}');
      assert.throws(fault, /by Redoc 2, and 3\.0\.1 is installed; npm install/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
