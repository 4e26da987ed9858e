import * as assert from "node:assert/strict";
import { COMPONENT_EXEMPTIONS } from "../../policy/exemptions";
import { packArguments } from "../../policy/pack";
import { PATTERNS } from "../../stacks/patterns";
import { sampleOf } from "../support/sample";
import { type Outcome, runPack } from "./engine";
import { registeredBy } from "./patterns";

function violations({ reports }: Outcome): string[] {
  return reports.filter(({ policy }) => policy !== "exemptions").map(({ message }) => message);
}

function exempted({ reports }: Outcome): string[] {
  const lines = reports.filter(({ policy }) => policy === "exemptions");
  return lines.map(({ message }) => message.replace(/^exempt: (\S+), \S+ "(\S+)"\. .*$/, "$1 $2")).sort();
}

function fixedIn({ fixed }: Outcome): string[] {
  return [...fixed].map(([urn, remediations]) => `${urn.split("::").at(-1)} ${remediations.join(" ")}`).sort();
}

describe("the policy pack, on every pattern of the project", () => {
  for (const pattern of Object.keys(PATTERNS)) {
    const { args, exempt = [], fixed = [], protectedTables = [] } = sampleOf(pattern).policy;

    it(`${pattern}: has no violation besides the exemptions that its components declare`, async () => {
      const resources = await registeredBy(pattern, args);
      assert.ok(resources.length > 5);
      const outcome = await runPack(packArguments(), resources);
      assert.deepEqual(violations(outcome), []);
      assert.deepEqual(exempted(outcome), exempt);
      assert.deepEqual(fixedIn(outcome), fixed);
    });

    it(`${pattern}: has none in production, where more is asked for and more is fixed`, async () => {
      const outcome = await runPack(packArguments(), await registeredBy(pattern, args, "prod"));
      assert.deepEqual(violations(outcome), []);
      const tables = [...outcome.fixed].filter(([, remediations]) => remediations.includes("fix-deletion-protection"));
      assert.deepEqual(
        tables.map(([urn]) => urn.split("::").at(-1)),
        protectedTables,
      );
      for (const [urn] of tables) assert.equal(outcome.inputs.get(urn)?.deletionProtectionEnabled, true);
    });

    it(`${pattern}: violates the rules that its components are exempted from, were they not`, async () => {
      const { reports } = await runPack(packArguments([]), await registeredBy(pattern, args));
      assert.deepEqual(
        reports.map(({ policy }) => policy).sort(),
        exempt.map((line) => line.split(" ")[0]),
      );
    });
  }

  it("uses every exemption of a component", () => {
    const used = Object.keys(PATTERNS).flatMap((pattern) =>
      (sampleOf(pattern).policy.exempt ?? []).map((line) => line.split(" ")[0]),
    );
    assert.deepEqual(COMPONENT_EXEMPTIONS.map(({ rule }) => rule).sort(), used.sort());
  });
});
