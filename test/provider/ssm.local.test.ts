import * as assert from "node:assert/strict";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import type { Values } from "../../local/provider/property-values";
import { invoke, Managed, runCourse, runDeletion, startEmulator, testAccount } from "./support";

const account = testAccount({ project: "patterns" });
const PARAMETER = "aws:ssm/parameter:Parameter";

describe("SSM parameters in the stand-in provider", () => {
  let emulator: undefined | { stop(): Promise<void> };
  before(async () => {
    emulator = await startEmulator();
  });
  after(() => emulator?.stop());

  it("keeps a parameter as the program says", async () => {
    const made = await runCourse(account, {
      token: PARAMETER,
      inputs: { name: "/edge/ttl", type: "String", value: "30", description: "seconds" },
      changed: { value: "60" },
      changes: ["value"],
    });
    assert.equal(made.id, "/edge/ttl");
    assert.equal(made.outputs.arn, "arn:aws:ssm:us-east-1:111122223333:parameter/edge/ttl");
    assert.equal(made.outputs.version, 2, "tags make no version");
    await runDeletion(made);
  });

  it("keeps secret and open values, and forgets a description that is no longer given", async () => {
    const secret = await runCourse(account, {
      token: PARAMETER,
      inputs: { type: "SecureString", value: "hunter2", description: "key" },
      changed: { description: null, value: "hunter3" },
      changes: ["description", "value"],
    });
    assert.match(secret.id, /^it-[0-9a-f]{7}$/);
    assert.equal(secret.outputs.description, "");
    await runDeletion(secret);
    const open = await runCourse(account, {
      token: PARAMETER,
      inputs: { type: "StringList", insecureValue: "a,b", allowedPattern: "^[a-z,]+$" },
      changed: { insecureValue: "a,b,c" },
      changes: ["insecureValue"],
    });
    await runDeletion(open);
  });

  it("sees a value that somebody else changed, and does not take another's parameter", async () => {
    const program: Values = { name: "/edge/zone", type: "String", value: "a" };
    const made = await new Managed(PARAMETER, account).create(program);
    const client = account.client(SSMClient);
    await client.send(new PutParameterCommand({ Name: "/edge/zone", Value: "b", Overwrite: true }));
    assert.ok(await made.refresh());
    assert.deepEqual(
      made.diff(program).map(({ path }) => path),
      ["value"],
    );
    await assert.rejects(
      new Managed(PARAMETER, account, "other").create(program),
      /ParameterAlreadyExists|already exists/,
    );
    const other = await new Managed(PARAMETER, account, "other").create({
      ...program,
      overwrite: true,
      tags: { a: "b" },
    });
    assert.ok(await other.refresh());
    assert.deepEqual(other.outputs.tagsAll, { project: "patterns", a: "b" });
    await runDeletion(made);
  });

  it("reads parameters, AWS's public ones too", async () => {
    const made = await new Managed(PARAMETER, account).create({ name: "/edge/key", type: "SecureString", value: "x" });
    const found = await invoke(account, "aws:ssm/getParameter:getParameter", { name: "/edge/key" });
    assert.deepEqual([found.type, found.insecureValue, (found.value as Values).value], ["SecureString", "", "x"]);
    const image = await invoke(account, "aws:ssm/getParameter:getParameter", {
      name: "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64",
    });
    assert.match(String(image.insecureValue), /^ami-/);
    await assert.rejects(
      invoke(account, "aws:ssm/getParameter:getParameter", { name: "/none" }),
      /no SSM parameter \/none/,
    );
    await runDeletion(made);
  });
});
