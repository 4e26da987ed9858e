import * as assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { SnapStartFunction } from "../../../components/building-blocks/snap-start-function";
import { NextjsSite } from "../../../components/nextjs-site/nextjs-site";
import { SecuredFunctionUrl } from "../../../components/secured-function/secured-function";
import { deploy } from "../../support/mocks";
import { madeApplication } from "../nextjs-site/made-build";

const application = madeApplication({ ".next/BUILD_ID": null });

const snapStart = (code: string) =>
  new SnapStartFunction("records", {
    description: "Keeps records.",
    code,
    handler: "example.Records::handle",
    runtime: "java21",
    policies: [],
  });

/** Components of something that is not built, and what a deployment of each says. */
const NOT_BUILT: [refusal: RegExp, create: () => pulumi.ComponentResource][] = [
  [
    /^SnapStartFunction "records": code: there is no app\/target\/none\. Build it: mvn --file app package$/,
    () => snapStart("app/target/none"),
  ],
  [
    /^SnapStartFunction "records": code: there is no not\/built\.jar\. Build it, or correct the path\.$/,
    () => snapStart("not/built.jar"),
  ],
  [
    /^NextjsSite "shop": 1 wrong argument\n {2}application: .*Run `next build` there/,
    () => new NextjsSite("shop", { application }),
  ],
  [
    /^SecuredFunctionUrl "shop": site: there is no index\.html in \/none\. Build the site, or correct the path\.$/,
    () => new SecuredFunctionUrl("shop", { site: "/none" }),
  ],
];

describe("what is not built yet", () => {
  const { hasEngine } = pulumi.runtime;
  const engineIs = (answer: () => boolean): unknown => Object.assign(pulumi.runtime, { hasEngine: answer });
  afterEach(() => engineIs(hasEngine));

  it("is not deployed, and the refusal says how it is built", async () => {
    engineIs(() => true);
    for (const [refusal, create] of NOT_BUILT) {
      await assert.rejects(deploy(create), (error) => {
        assert.ok(pulumi.RunError.isInstance(error));
        assert.match(error.message, refusal);
        return true;
      });
    }
  });

  it("is not needed by unit tests with mocks", async () => {
    for (const [, create] of NOT_BUILT) await deploy(create);
  });
});
