import * as assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { readSettings, readStacks } from "../../bootstrap/settings";

const GOOD = { account: "210000000002", repository: "example@1/infrastructure@2", stateBucket: "example-state" };

function settingsOf(values: Readonly<Record<string, string>>): ReturnType<typeof readSettings> {
  const entries = Object.entries(values).map(([key, value]) => [`${pulumi.getProject()}:${key}`, value]);
  pulumi.runtime.setAllConfig(Object.fromEntries(entries) as Record<string, string>);
  return readSettings();
}

describe("the bootstrap's configuration", () => {
  before(() => pulumi.runtime.setMocks({ call: () => ({}), newResource: ({ name }) => ({ id: name, state: {} }) }));
  after(() => pulumi.runtime.setAllConfig({}));

  it("has defaults, and reads the stacks' files, but not the local cloud's", async () => {
    const settings = settingsOf(GOOD);
    assert.deepEqual(settings, {
      ...GOOD,
      ...{ region: "us-east-1", accountRole: "OrganizationAccountAccessRole", people: [], stacks: undefined },
    });
    assert.deepEqual(
      (await readStacks(settings)).map(({ name }) => name),
      ["dev", "prod"],
    );
    await assert.rejects(readStacks({ ...settings, stacks: ["prod", "prodd"] }), /There is no stack "prodd"/);
  });

  for (const [key, value, fault] of [
    ["account", "21000000002", /:account: write the account's 12 digits/],
    ["repository", "example/*", /:repository: write owner\/name/],
    ["repository", "example", /:repository: write owner\/name/],
    ["stateBucket", "Example_State", /:stateBucket: write 3 to 63 small letters/],
    ["people", '["arn:aws:iam::210000000002:root"]', /:people\.0: write the ARN of a role/],
    ["stack", "dev", /Unrecognized key: "stack"/],
  ] as const) {
    it(`refuses ${key}: ${value}, and says what to write`, () => {
      assert.throws(() => settingsOf({ ...GOOD, [key]: value }), fault);
    });
  }
});
