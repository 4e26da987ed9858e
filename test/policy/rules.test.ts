import * as assert from "node:assert/strict";
import { messageOf } from "../../policy/message";
import { appliesTo, DEFAULT_SETTINGS, type Finding, type Rule, Stack, type Subject } from "../../policy/rule";
import { RULE_IDS, RULES } from "../../policy/rules";
import { UNKNOWN, type Value, type Values } from "../../policy/values";
import { SAMPLES } from "./samples";
import type { Failing, Sample } from "./samples/sample";
import { subject } from "./subjects";

function findingsOf(rule: Rule, { subject, others = [], settings = {} }: Sample): Required<Finding>[] {
  const all = { ...DEFAULT_SETTINGS, ...settings };
  const own = appliesTo(rule, subject.type) ? (rule.check?.(subject, all) ?? []) : [];
  const ofStack = rule.checkStack?.(new Stack([subject, ...others]), all) ?? [];
  return [...own.map((finding) => ({ ...finding, subject })), ...ofStack.filter((found) => found.subject === subject)];
}

/** The same with every property unknown, as in a preview where it comes from something new. */
function withUnknowns(original: Subject): Subject {
  const props: Values = Object.fromEntries(Object.keys(original.props).map((key): [string, Value] => [key, UNKNOWN]));
  return { ...original, props, outputs: props };
}

describe("the policy pack's rules", () => {
  it("have ids that differ, and samples on both sides", () => {
    assert.equal(new Set(RULE_IDS).size, RULES.length);
    assert.deepEqual(Object.keys(SAMPLES).sort(), [...RULE_IDS].sort());
    for (const [id, { passes, fails }] of Object.entries(SAMPLES)) assert.ok(passes.length > 0 && fails.length > 0, id);
  });

  it("say what holds, why, and what to do, in sentences", () => {
    for (const { id, title, reason, remedy } of RULES) {
      assert.match(id, /^[a-z0-9]+(-[a-z0-9]+)*$/);
      assert.match(title, /^[A-Z].*[^.]$/, id);
      for (const text of [reason, remedy]) assert.match(text, /^[A-Z].*[.)]$/, `${id}: ${text}`);
    }
  });

  for (const rule of RULES) {
    const { passes = [], fails = [] } = SAMPLES[rule.id] ?? {};

    it(`${rule.id} passes what is right`, () => {
      for (const sample of passes) assert.deepEqual(findingsOf(rule, sample), [], JSON.stringify(sample.subject.props));
    });

    it(`${rule.id} tells what is wrong: resource, property, value and remedy`, () => {
      for (const sample of fails) {
        const findings = findingsOf(rule, sample);
        const found = findings.map(({ property, value }) => ({ property, value }));
        assert.deepEqual(found, sample.found);
        for (const finding of findings) checkMessage(rule, sample, finding);
      }
    });

    it(`${rule.id} does not judge what is not known`, () => {
      for (const sample of [...passes, ...fails]) {
        const unknown = withUnknowns(sample.subject);
        const allowed = unknownBeside(sample);
        const found = findingsOf(rule, { ...sample, subject: unknown, others: [] });
        assert.deepEqual(
          found.filter(({ property }) => !allowed(property)),
          [],
          JSON.stringify(sample.subject.props),
        );
      }
    });
  }
});

/** What a sample leaves out stays out when the rest is unknown. */
function unknownBeside({ subject }: Sample): (property: string) => boolean {
  return (property) => property.split(", ").every((path) => subject.props[path.split(/[.[]/)[0] ?? ""] === undefined);
}

function checkMessage(rule: Rule, sample: Failing, finding: Finding): void {
  const message = messageOf(rule, sample.subject, finding);
  const { type, name } = sample.subject;
  const value = finding.value === undefined ? "not set" : JSON.stringify(finding.value).slice(0, 200);
  assert.ok(message.startsWith(`${type} "${name}": ${finding.property} is ${value}`), message);
  assert.ok(message.endsWith(`. ${rule.reason} Fix: ${rule.remedy}`), message);
}

describe("the message of a violation", () => {
  const rule = { reason: "It matters.", remedy: "Change it." };
  const queue = subject("aws:sqs/queue:Queue", {}, { name: "work", secrets: new Set(["policy", "tags.token"]) });

  it("is one line that names everything", () => {
    assert.equal(
      messageOf(rule, queue, { property: "delaySeconds", value: 5 }),
      'aws:sqs/queue:Queue "work": delaySeconds is 5. It matters. Fix: Change it.',
    );
  });

  it("cuts long values", () => {
    const message = messageOf(rule, queue, { property: "name", value: "x".repeat(500) });
    assert.match(message, /name is "x{199}…\. It matters/);
  });

  it("never shows a secret, nor what has one inside", () => {
    for (const property of ["policy", "policy.Statement[0].Action", "tags"]) {
      assert.match(messageOf(rule, queue, { property, value: ["hush"] }), new RegExp(`is \\(secret\\)\\. It matters`));
    }
    assert.match(messageOf(rule, queue, { property: "policyOther", value: "open" }), /policyOther is "open"/);
  });
});
