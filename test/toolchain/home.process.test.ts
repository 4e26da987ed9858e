import * as assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { POLICY_RUNTIME, preparePulumiHome } from "../../local/toolchain/home";
import { withMachine } from "./fakes";

describe("a Pulumi home", () => {
  const machine = withMachine();

  it("holds each plugin where the engine looks for it, and may be prepared by several at once", async () => {
    const home = join(machine().folder, "home");
    const aws = { kind: "resource", name: "aws", version: "7.48.0", executable: "/clone/provider" } as const;
    const prepare = () => preparePulumiHome(home, machine().bin, [aws]);
    const [environment] = await Promise.all([prepare(), prepare(), prepare()]);
    assert.deepEqual(environment, { PULUMI_HOME: home, PULUMI_IGNORE_AMBIENT_PLUGINS: "true" });
    const plugins = join(home, "plugins");
    const policies = `policy-${POLICY_RUNTIME}`;
    const folders = [`analyzer-${policies}-v0.0.1`, "language-nodejs-v0.0.1", "resource-aws-v7.48.0"];
    assert.deepEqual(readdirSync(plugins).sort(), folders);
    assert.deepEqual(readdirSync(join(plugins, "resource-aws-v7.48.0")), ["pulumi-resource-aws"]);
    assert.equal(readlinkSync(join(plugins, "resource-aws-v7.48.0", "pulumi-resource-aws")), "/clone/provider");
    const host = join(plugins, "language-nodejs-v0.0.1", "pulumi-language-nodejs");
    assert.equal(readlinkSync(host), join(machine().bin, "pulumi-language-nodejs"));
  });

  it("runs policies with the SDK of the policy pack, arguments passed on as they are", async () => {
    const home = join(machine().folder, "home");
    await preparePulumiHome(home, machine().bin);
    const pack = join(machine().folder, "pack");
    const sdk = join(pack, "node_modules", "@pulumi", "pulumi", "cmd", "run-policy-pack");
    mkdirSync(sdk, { recursive: true });
    writeFileSync(join(sdk, "index.js"), "console.log(JSON.stringify(process.argv.slice(2)))");
    const folder = join(home, "plugins", `analyzer-policy-${POLICY_RUNTIME}-v0.0.1`);
    const script = join(folder, `pulumi-analyzer-policy-${POLICY_RUNTIME}`);
    const output = execFileSync(script, ["127.0.0.1:4711", "a b", "*"], { cwd: pack, encoding: "utf8" });
    assert.deepEqual(JSON.parse(output), ["127.0.0.1:4711", "a b", "*"]);
  });
});
