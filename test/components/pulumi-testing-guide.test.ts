import * as assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { CostGuardrails, CostReport, WavelengthDns } from "../../components";
import { PATTERNS } from "../../stacks/patterns";
import { deploy } from "../support/mocks";
import { createMinimal } from "../support/patterns";

/** Mocks as Pulumi's guide to unit tests begins with them: what comes out is what went in. */
class Guide implements pulumi.runtime.Mocks {
  readonly types: string[] = [];

  newResource({ name, type, inputs }: pulumi.runtime.MockResourceArgs) {
    this.types.push(type);
    return { id: `${name}_id`, state: inputs as Record<string, unknown> };
  }

  call({ inputs }: pulumi.runtime.MockCallArgs): Record<string, unknown> {
    return inputs as Record<string, unknown>;
  }
}

// https://www.pulumi.com/docs/iac/guides/testing/unit/
describe("with the mocks of Pulumi's guide to unit tests", () => {
  for (const pattern of Object.keys(PATTERNS)) {
    it(`${pattern} constructs, and every Output of it comes to an end`, async () => {
      const mocks = new Guide();
      await deploy(() => createMinimal(pattern), { mocks });
      assert.ok(mocks.types.length > 5, mocks.types.join(", "));
    });
  }

  const richer: Readonly<Record<string, () => unknown>> = {
    "CostReport with a domain of its own": () =>
      new CostReport("costs", {
        sender: { address: "costs@example.com", verification: { kind: "domain", hostedZone: { name: "example.com" } } },
        recipients: [{ address: "cfo@example.org" }],
      }),
    "WavelengthDns for a group that there is": () =>
      new WavelengthDns("live", {
        recordName: "live.example.com",
        hostedZone: { id: "Z1" },
        fleet: { autoScalingGroupName: "servers" },
      }),
    "CostGuardrails for units by name": () =>
      new CostGuardrails("guards", {
        accountKind: "management",
        guardrails: [{ name: "a", targets: ["/Workloads/Dev"], protectedRoles: ["deployer"] }],
      }),
  };
  for (const [name, create] of Object.entries(richer)) {
    it(`${name} constructs, too`, async () => {
      await deploy(create, { mocks: new Guide() });
      // What an invoke could not be given is only logged.
      assert.equal(pulumi.log.hasErrors(), false);
    });
  }
});
