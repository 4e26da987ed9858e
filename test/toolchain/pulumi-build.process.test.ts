import * as assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { buildPulumi, judgeGo } from "../../local/toolchain/pulumi-build";
import { withMachine } from "./fakes";

describe("the Go that builds the Pulumi CLI", () => {
  it("is taken when it is recent enough, or may fetch one that is", () => {
    assert.equal(judgeGo({ version: "go1.26.8", toolchain: "local" }, "offline"), undefined);
    assert.equal(judgeGo({ version: "go1.25.11", toolchain: "local" }, "offline"), undefined);
    assert.equal(judgeGo({ version: "go1.21.0", toolchain: "auto" }, "offline"), undefined);
    assert.equal(judgeGo({ version: "go1.22.1", toolchain: "go1.22.0+auto" }, "offline"), undefined);
  });

  it("is refused in one line that says what to install", () => {
    const missing = judgeGo(undefined, "fetch failed");
    assert.equal(
      missing?.message,
      "The Pulumi CLI cannot be downloaded (fetch failed), and there is no Go on PATH to build it with. " +
        "Install Pulumi 3.248.0 or newer, or Go 1.25.11 or newer, then run it again.",
    );
    for (const toolchain of ["local", "go1.24.0", "path"]) {
      const pinned = judgeGo({ version: "go1.24.0", toolchain }, "fetch failed");
      assert.match(pinned?.message ?? "", /and go1\.24\.0 is too old to build it with\. Set GOTOOLCHAIN=auto/);
    }
    const ancient = judgeGo({ version: "go1.19.2", toolchain: "auto" }, "fetch failed");
    assert.match(ancient?.message ?? "", /go1\.19\.2 is too old to build it with\. Install Pulumi/);
  });
});

describe("building the Pulumi CLI from its Go modules", () => {
  const machine = withMachine();

  /** A `go` that notes how it is called, and "builds" by writing what `-o` names. */
  function fakeGo(get = "echo go: downloading example.com/x v1.0.0", version = "go1.26.0"): string {
    const log = join(machine().folder, "go.log");
    machine().executable(
      "go",
      `case "$1" in
         env) printf '${version}\\nlocal\\n' ;;
         mod) ;;
         get) ${get} ;;
         build)
           echo "$GOFLAGS|$GOWORK|$CGO_ENABLED|$GOOS|$*" >> ${log}
           echo example.com/x; echo '# example.com/x'; echo strings
           while [ "$1" != -o ]; do shift; done
           echo built > "$2" ;;
       esac`,
    );
    return log;
  }

  function target(): string {
    const folder = join(machine().folder, "target");
    mkdirSync(join(folder, "bin"), { recursive: true });
    return folder;
  }

  it("makes both programs, the version linked in, whatever Go settings the user has", async () => {
    const log = fakeGo();
    Object.assign(machine().variables, { GOFLAGS: "-mod=vendor", GOOS: "plan9", GOWORK: "/somewhere/go.work" });
    const folder = target();
    await buildPulumi(folder, "offline", machine().context);
    assert.deepEqual(readdirSync(folder), ["bin"], "its sources are gone");
    assert.deepEqual(readdirSync(join(folder, "bin")).sort(), ["pulumi", "pulumi-language-nodejs"]);
    const calls = readFileSync(log, "utf8").trim().split("\n");
    assert.equal(calls.length, 2);
    for (const call of calls) {
      assert.ok(call.startsWith("-mod=mod|off|0||build -v -trimpath"), call);
      assert.match(call, /common\/version\.Version=v3\.\d+\.\d+ /);
    }
  });

  it("tells how many modules were fetched and packages compiled", async () => {
    fakeGo("echo go: downloading example.com/x v1.0.0; sleep 1.2");
    await buildPulumi(target(), "offline", machine().context);
    assert.match(machine().said[0] ?? "", /: 0 modules fetched, 0 packages compiled \(0 s\)$/);
    assert.match(machine().said.at(-1) ?? "", /: 2 modules fetched, \d packages compiled \([1-9]\d* s\)$/);
  });

  it("names the module proxy when it cannot be reached, and ends the other build", async () => {
    fakeGo('case "$*" in *pkg/v3*) echo "dial tcp: no such host"; exit 1 ;; *) sleep 60 ;; esac');
    const start = Date.now();
    await assert.rejects(buildPulumi(target(), "offline", machine().context), /Go module proxy \(GOPROXY\) cannot be/);
    assert.ok(Date.now() - start < 20_000);
  });

  it("refuses to start without Go, or with one that is too old", async () => {
    await assert.rejects(buildPulumi(target(), "offline", machine().context), /there is no Go on PATH/);
    fakeGo("exit 1", "go1.20.3");
    await assert.rejects(buildPulumi(target(), "offline", machine().context), /go1\.20\.3 is too old/);
  });
});
