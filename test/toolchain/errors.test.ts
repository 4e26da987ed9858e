import * as assert from "node:assert/strict";
import { explainFailure, lastMeaningfulLine } from "../../local/toolchain/errors";

describe("errors of the toolchain", () => {
  const attempt = { what: "Building pulumi with Go", source: "the Go module proxy (GOPROXY)" };
  const unreachable = [
    'go: module lookup: Get "https://proxy.example/x": dial tcp: lookup proxy.example: no such host',
    'go: x@v1.0.0: Get "https://proxy.example/x": net/http: TLS handshake timeout',
    "go: x@v1.0.0: module lookup disabled by GOPROXY=off",
    "npm error code ENOTFOUND",
    "npm error code ECONNREFUSED",
    "WARNING: Retrying after connection broken by 'NewConnectionError(...)': /simple/six/\nERROR: No matching distribution found",
    "Failed to download: fetch failed",
  ];
  for (const output of unreachable) {
    it(`name the network as the cause of: ${output.slice(0, 60)}`, () => {
      const error = explainFailure(attempt, output);
      assert.equal(error.happened, "Building pulumi with Go failed: the Go module proxy (GOPROXY) cannot be reached.");
      assert.match(error.next, /network/);
      assert.equal(error.details, output);
    });
  }

  it("name the full disk as the cause, even where the network complains too", () => {
    const error = explainFailure(attempt, "dial tcp: ...\nwrite /cache/x: no space left on device");
    assert.match(error.message, /^Building pulumi with Go failed: the disk is full\. Free about 5 GB/);
  });

  it("quote the line that says most where the cause is not known", () => {
    const error = explainFailure(attempt, "# github.com/x\nx.go:1:1: error: bad thing.\nexit\n");
    assert.match(error.message, /^Building pulumi with Go failed: x\.go:1:1: error: bad thing\. Fix what it names/);
    assert.ok(!error.message.includes("\n"));
  });

  it("have something to say about a command that said nothing", () => {
    assert.equal(lastMeaningfulLine("\n \n"), "it ended without a message");
    assert.equal(lastMeaningfulLine("one\ntwo:\n"), "two");
  });
});
