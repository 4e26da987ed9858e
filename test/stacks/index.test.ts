import * as assert from "node:assert/strict";
import { execa } from "execa";
import { ROOT } from "../../local/local-run";

/** Runs index.ts under mocks that count, with a configuration as the engine hands it over. */
async function program(config: Record<string, unknown>): Promise<{ registered: number; error: string }> {
  const script = `
    const pulumi = require("@pulumi/pulumi");
    let registered = 0;
    const mocks = { newResource: (args) => { registered += 1; const arn = "arn:aws:x:us-east-1:111111111111:" + args.name; return { id: args.name + "-id", state: { ...args.inputs, arn, name: args.name, url: arn } }; }, call: () => ({ zoneId: "Z1" }) };
    pulumi.runtime.setMocks(mocks, "aws-patterns", "test", false).then(async () => {
      let error = "";
      try { require("./index"); await pulumi.runtime.disconnect(); } catch (e) { error = e.message; }
      console.log(JSON.stringify({ registered, error }));
    });`;
  const PULUMI_CONFIG = JSON.stringify(
    Object.fromEntries(Object.entries(config).map(([key, value]) => [`aws-patterns:${key}`, JSON.stringify(value)])),
  );
  const { stdout } = await execa(process.execPath, ["-r", "ts-node/register/transpile-only", "-e", script], {
    cwd: ROOT,
    env: { PULUMI_CONFIG },
  });
  return JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "") as { registered: number; error: string };
}

describe("the program", () => {
  const patterns = {
    media: {
      pattern: "wavelength-dns",
      account: "edge",
      args: {
        recordName: "media.example.com",
        hostedZone: { name: "example.com" },
        fleet: { zones: [{ name: "us-east-1-wl1-bos-wlz-1" }], ports: [{ protocol: "udp", from: 5004 }] },
      },
    },
  };

  it("tells all faults of its configuration before it registers any resource", async () => {
    const { registered, error } = await program({ accounts: { edge: { id: "1", regin: "x" } }, patterns });
    assert.equal(registered, 0);
    assert.match(error, /^Pulumi\.test\.yaml: 2 faults\n/);
    assert.match(error, /aws-patterns:accounts\.edge\.id\n {4}received: "1"\n {4}allowed: {2}.+\n {4}fix: {6}.+/);
  });

  it("registers a provider for the accounts in use, and the components", async () => {
    const { registered, error } = await program({
      accounts: { edge: { id: "111111111111" }, unused: { id: "222222222222" } },
      patterns,
    });
    assert.equal(error, "");
    assert.ok(registered > 50, `${registered} resources`);
  });
});
