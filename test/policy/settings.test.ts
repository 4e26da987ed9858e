import * as assert from "node:assert/strict";
import { PARAMETERS } from "../../policy/parameters";
import { packArguments } from "../../policy/pack";
import { DEFAULT_SETTINGS } from "../../policy/rule";
import { REMEDIATIONS, RULES } from "../../policy/rules";
import { checkSchema } from "../../components/internal/schema-check";
import { GUARDRAILS, type GuardrailsSettings, packConfiguration } from "../../policy/settings";
import { inFile } from "../../stacks/faults";

const KEY = "aws-patterns:guardrails";

function faultsIn(value: unknown) {
  return inFile(checkSchema(GUARDRAILS, value).faults, [KEY]);
}

const EXEMPTION = { rule: "imdsv2", resource: "old-*", reason: "It is replaced in March" };

const FULL: GuardrailsSettings = {
  severities: { "lambda-runtime": "advisory", "bucket-tls": "disabled", "fix-imdsv2": "disabled" },
  exemptions: [EXEMPTION],
  regions: ["us-east-1"],
  zones: ["us-east-1-wl1-*"],
  requiredTags: ["owner"],
  tags: { owner: "a@example.com" },
  production: true,
  logRetentionDays: 90,
  encryptLogs: true,
};

describe("the settings of the guardrails", () => {
  it("may be left out, in parts or altogether", () => {
    assert.deepEqual(faultsIn({}), []);
    assert.deepEqual(packConfiguration({}), {});
    assert.deepEqual(faultsIn(FULL), []);
  });

  const wrong: [string, unknown, { path: string; allowed?: RegExp; fix: RegExp }][] = [
    [
      "an unknown rule under severities",
      { severities: { "lambda-arm46": "advisory" } },
      {
        path: "severities.lambda-arm46",
        allowed: /lambda-arm64, lambda-runtime/,
        fix: /Did you mean "lambda-arm64"\?/,
      },
    ],
    [
      "an unknown rule of an exemption",
      { exemptions: [{ ...EXEMPTION, rule: "imdsv1" }] },
      { path: "exemptions[0].rule", fix: /Did you mean "imdsv2"\?/ },
    ],
    [
      "an unknown severity",
      { severities: { imdsv2: "warning" } },
      { path: "severities.imdsv2", allowed: /mandatory, advisory, disabled/, fix: /./ },
    ],
    [
      "a remediation that is to be mandatory",
      { severities: { "fix-tags": "mandatory" } },
      { path: "severities.fix-tags", allowed: /remediate, disabled/, fix: /./ },
    ],
    [
      "an exemption without a reason",
      { exemptions: [{ ...EXEMPTION, reason: " " }] },
      { path: "exemptions[0].reason", allowed: /why the rule does not hold/, fix: /every preview shows it/ },
    ],
    [
      "an exemption of everything",
      { exemptions: [{ ...EXEMPTION, resource: "*" }] },
      { path: "exemptions[0].resource", fix: /under severities/ },
    ],
    ["an unknown key", { severity: {} }, { path: "severity", fix: /Did you mean "severities"\?/ }],
    ["a region that does not exist", { regions: ["us-east"] }, { path: "regions[0]", fix: /us-east-1/ }],
    [
      "a zone with odd letters",
      { zones: ["us_east"] },
      { path: "zones[0]", allowed: /us-east-1a/, fix: /zone's name/ },
    ],
    [
      "days that CloudWatch Logs does not know",
      { logRetentionDays: 31 },
      { path: "logRetentionDays", allowed: /7, 14, 30, 60/, fix: /./ },
    ],
    ["tags that AWS refuses", { tags: { "aws:x": "y" } }, { path: "tags.aws:x", fix: /Rename/ }],
  ];
  for (const [what, value, expected] of wrong) {
    it(`refuse ${what}`, () => {
      const [fault, ...more] = faultsIn(value);
      assert.deepEqual(more, []);
      assert.equal(fault?.path, `${KEY}.${expected.path}`);
      assert.match(fault.allowed, expected.allowed ?? /./);
      assert.match(fault.fix, expected.fix);
    });
  }

  it("become the pack's configuration: each policy gets no more than it considers", () => {
    const configuration = packConfiguration(FULL);
    assert.deepEqual(configuration, {
      "lambda-runtime": { enforcementLevel: "advisory" },
      "bucket-tls": { enforcementLevel: "disabled" },
      "fix-imdsv2": { enforcementLevel: "disabled", exemptions: [EXEMPTION] },
      imdsv2: { exemptions: [EXEMPTION] },
      "log-encryption": { encryptLogs: true },
      "deletion-protection": { production: true },
      "required-tags": { requiredTags: ["owner"] },
      "allowed-regions": { regions: ["us-east-1"] },
      "allowed-zones": { zones: ["us-east-1-wl1-*"] },
      "fix-tags": { requiredTags: ["owner"], tags: { owner: "a@example.com" } },
      "fix-log-retention": { logRetentionDays: 90 },
      "fix-deletion-protection": { production: true },
      exemptions: { exemptions: [EXEMPTION] },
    });
  });

  it("switch a remediation off together with the rule that it fixes", () => {
    const { "fix-tags": fix } = packConfiguration({ severities: { "required-tags": "disabled" } });
    assert.deepEqual(fix, { enforcementLevel: "disabled" });
  });

  it("hold no key that no policy considers, and each policy documents what it considers", () => {
    const considered = [...RULES, ...REMEDIATIONS].flatMap(({ parameters = [] }) => parameters);
    assert.deepEqual([...new Set(considered)].sort(), Object.keys(PARAMETERS).sort());
    const known = Object.keys(GUARDRAILS.schema.properties ?? {}).filter(
      (key) => !["severities", "exemptions"].includes(key),
    );
    assert.deepEqual(known.sort(), Object.keys(PARAMETERS).sort());
    for (const key of Object.keys(DEFAULT_SETTINGS)) assert.ok(key in PARAMETERS, key);
    const configuration = packConfiguration(FULL);
    for (const [name, { enforcementLevel: _, ...own }] of Object.entries(configuration)) {
      const schema = packArguments().policies.find((policy) => policy.name === name)?.configSchema;
      for (const key of Object.keys(own)) assert.ok(key in (schema?.properties ?? {}), `${name} does not know ${key}`);
    }
  });
});
