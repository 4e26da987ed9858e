/** What has to last until something else is gone, as the options of the resources say it. */
import * as assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { CallbackLambda } from "../../../components/building-blocks/callback-lambda";
import { CostReport } from "../../../components/cost-report/cost-report";
import { WavelengthDns } from "../../../components/wavelength-dns/wavelength-dns";
import { deploy } from "../../support/mocks";

type Options = { name: string; type: string } & pulumi.CustomResourceOptions;

/** The options of everything that a program registers. */
async function optionsOf(create: (opts: pulumi.ComponentResourceOptions) => pulumi.Resource): Promise<Options[]> {
  const found: Options[] = [];
  const note: pulumi.ResourceTransformation = ({ name, type, opts }) => {
    found.push({ ...opts, name, type });
    return undefined;
  };
  await deploy(() => create({ transformations: [note] }));
  return found;
}

describe("what has to last", () => {
  let dns: Options[];
  let report: Options[];
  before(async () => {
    dns = await optionsOf(
      (opts) =>
        new WavelengthDns(
          "media",
          {
            recordName: "media.example.com",
            hostedZone: { id: "Z1" },
            fleet: { zones: [{ name: "us-east-1-wl1-bos-wlz-1" }], ports: [] },
          },
          opts,
        ),
    );
    report = await optionsOf(
      (opts) =>
        new CostReport(
          "costs",
          { sender: { address: "a@example.com" }, recipients: [{ address: "a@example.com" }] },
          opts,
        ),
    );
  });

  it("is named as a dependency, with all its parts, by what runs when it is deleted", () => {
    const [invocation, ...more] = dns.filter(({ type }) => type === "aws:lambda/invocation:Invocation");
    assert.deepEqual(more, []);
    const dependencies = [invocation?.dependsOn ?? []].flat() as pulumi.Resource[];
    assert.ok(dependencies.some((it) => it instanceof CallbackLambda));
    assert.ok(dependencies.some((it) => (it as { __pulumiType?: string }).__pulumiType === "aws:dynamodb/table:Table"));
    assert.deepEqual(
      report.filter(({ type }) => type === "aws:lambda/invocation:Invocation"),
      [],
    );
  });

  it("is what functions, event sources and schedules may do: a new policy comes before the old one goes", () => {
    const policies = [...dns, ...report].filter(({ type }) => type === "aws:iam/rolePolicy:RolePolicy");
    assert.ok(policies.length >= 8);
    for (const { name, replaceOnChanges } of policies) assert.deepEqual(replaceOnChanges, ["policy"], name);
  });

  it("is what an instance is called: the stack's state keeps it", () => {
    for (const all of [dns, report]) {
      const [identity, ...more] = all.filter(({ type }) => type === "pulumi:index:Stash");
      assert.deepEqual(more, []);
      assert.deepEqual(identity?.ignoreChanges, ["input"]);
    }
  });
});
