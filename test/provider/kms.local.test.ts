import * as assert from "node:assert/strict";
import { DescribeKeyCommand, DisableKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { Managed, runCourse, runDeletion, startEmulator, testAccount } from "./support";

const ACCOUNT = "111122223333";
const account = testAccount({ project: "patterns" });
const KEY = "aws:kms/key:Key";
const ALIAS = "aws:kms/alias:Alias";

function policy(...services: string[]): string {
  const grant = (Principal: object) => ({ Effect: "Allow", Principal, Action: "kms:*", Resource: "*" });
  const Statement = [{ AWS: `arn:aws:iam::${ACCOUNT}:root` }, ...services.map((Service) => ({ Service }))].map(grant);
  return JSON.stringify({ Version: "2012-10-17", Statement });
}

describe("KMS in the stand-in provider", () => {
  let emulator: { stop(): Promise<void> };
  before(async () => {
    emulator = await startEmulator();
  });
  after(() => emulator.stop());

  it("keeps a key as the program says", async () => {
    const made = await runCourse(account, {
      token: KEY,
      inputs: { description: "Topics", enableKeyRotation: true, deletionWindowInDays: 7, policy: policy() },
      changed: { description: "Alarms", rotationPeriodInDays: 100, policy: policy("budgets.amazonaws.com") },
      changes: ["description", "policy", "rotationPeriodInDays"],
    });
    assert.equal(made.outputs.arn, `arn:aws:kms:us-east-1:${ACCOUNT}:key/${made.id}`);
    assert.equal(made.outputs.keyId, made.id);
    await account.client(KMSClient).send(new DisableKeyCommand({ KeyId: made.id }));
    await made.refresh();
    assert.equal(made.inputs.isEnabled, false);
    await made.update({ description: "Alarms", deletionWindowInDays: 7, policy: policy() });
    await made.refresh();
    assert.deepEqual([made.outputs.isEnabled, made.outputs.enableKeyRotation], [true, false]);
    await runDeletion(made);
    const { KeyMetadata } = await account.client(KMSClient).send(new DescribeKeyCommand({ KeyId: made.id }));
    const days = ((KeyMetadata?.DeletionDate?.getTime() ?? 0) - Date.now()) / 86_400_000;
    assert.ok(days > 6.9 && days < 7.1, `${days} days`);
  });

  it("keeps a key that is disabled, and one for signatures, which cannot rotate", async () => {
    await runDeletion(
      await runCourse(account, {
        token: KEY,
        inputs: { isEnabled: false },
        changed: { isEnabled: true },
        changes: ["isEnabled"],
      }),
    );
    const made = await runCourse(account, {
      token: KEY,
      inputs: { customerMasterKeySpec: "HMAC_256", keyUsage: "GENERATE_VERIFY_MAC" },
      changed: {},
      changes: [],
    });
    assert.deepEqual(
      made.diff({ ...made.inputs, customerMasterKeySpec: "HMAC_512" }).map(({ effect }) => effect),
      ["replace"],
    );
    await runDeletion(made);
  });

  it("keeps an alias, whose key may be named either way", async () => {
    const [one, other] = [
      await new Managed(KEY, account, "one").create({}),
      await new Managed(KEY, account, "other").create({}),
    ];
    const made = await runCourse(account, {
      token: ALIAS,
      inputs: { name: "alias/guardrails", targetKeyId: one.id },
      changed: { targetKeyId: other.output("arn") },
      changes: ["targetKeyId"],
    });
    assert.equal(made.outputs.targetKeyArn, other.outputs.arn);
    assert.equal(made.outputs.arn, `arn:aws:kms:us-east-1:${ACCOUNT}:alias/guardrails`);
    assert.deepEqual(
      made.diff({ name: "alias/other", targetKeyId: other.output("arn") }).map(({ effect }) => effect),
      ["replace"],
    );
    await runDeletion(made);
    await runDeletion(one);
    await runDeletion(other);
  });
});
