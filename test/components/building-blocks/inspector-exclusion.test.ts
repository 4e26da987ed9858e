import * as assert from "node:assert/strict";
import { CallbackLambda, type CallbackLambdaArgs } from "../../../components/building-blocks/callback-lambda";
import { excludeFromInspector, type InspectorExclusion } from "../../../components/building-blocks/inspector-exclusion";
import { deploy, only } from "../../support/mocks";

const STANDARD = { InspectorExclusion: "LambdaStandardScanning" };
const CODE = { InspectorCodeExclusion: "LambdaCodeScanning" };

describe("excludeFromInspector", () => {
  it("adds the tags that Inspector looks at, and takes no other away", () => {
    assert.deepEqual(excludeFromInspector(), STANDARD);
    assert.deepEqual(excludeFromInspector({ owner: "web" }, "code"), { owner: "web", ...CODE });
    assert.deepEqual(excludeFromInspector({ InspectorExclusion: "no" }, "standard", "code"), { ...STANDARD, ...CODE });
  });

  const tagsWith = async (args: Partial<CallbackLambdaArgs>): Promise<unknown> => {
    const callback = (): Promise<void> => Promise.resolve();
    const { resources } = await deploy(
      () => new CallbackLambda("example", { description: "Nothing", policies: [], callback, ...args }),
    );
    return only(resources, "aws:lambda/function:Function").inputs.tags;
  };

  it("is an argument of functions, with a reason that stands on them", async () => {
    const inspectorExclusion: InspectorExclusion = { reason: "a frozen copy for tests", scans: ["standard", "code"] };
    assert.deepEqual(await tagsWith({ tags: { owner: "web" }, inspectorExclusion }), {
      owner: "web",
      ...STANDARD,
      ...CODE,
      InspectorExclusionReason: "a frozen copy for tests",
    });
    assert.equal(await tagsWith({}), undefined);
  });

  it("refuses an exclusion without a reason that a tag can have", () =>
    assert.rejects(tagsWith({ inspectorExclusion: { reason: "?".repeat(300) } }), /inspectorExclusion\.reason/));
});
