import * as assert from "node:assert/strict";
import { onlyPatterns } from "../../local/local-stack";
import { configurationOf, readStackFile } from "../../stacks/stack-file";
import { STORIES } from "../../local/stories";
import { PATTERNS } from "../../stacks/patterns";

describe("the stories", () => {
  it("are there for every pattern, and for nothing else", () => {
    assert.deepEqual(Object.keys(STORIES).sort(), Object.keys(PATTERNS).sort());
  });

  it("find every pattern deployed in Pulumi.local.yaml, under the pattern's own name", async () => {
    const { deployments } = configurationOf("local", (await readStackFile("local")).settings);
    for (const pattern of Object.keys(PATTERNS)) {
      assert.ok(
        deployments.some((deployment) => deployment.pattern === pattern && deployment.name === pattern),
        `${pattern} is not deployed to the local cloud`,
      );
    }
  });
});

describe("onlyPatterns", () => {
  const settings = {
    "aws-patterns:accounts": { edge: { id: "100000000001" } },
    "aws-patterns:patterns": { one: { pattern: "wavelength-dns" }, two: { pattern: "cost-report" } },
  };

  it("keeps everything when no pattern is named", () => {
    assert.deepEqual(onlyPatterns(settings, []), settings);
  });

  it("keeps the deployments of the patterns named, and the accounts", () => {
    assert.deepEqual(onlyPatterns(settings, ["cost-report"]), {
      ...settings,
      "aws-patterns:patterns": { two: { pattern: "cost-report" } },
    });
  });

  it("refuses an unknown pattern with the names that exist and the nearest one", () => {
    assert.throws(() => onlyPatterns(settings, ["wavelenght-dns"]), {
      name: "PlainError",
      message:
        'There is no pattern "wavelenght-dns". Patterns: cost-report, wavelength-dns. Did you mean "wavelength-dns"?',
    });
  });
});
