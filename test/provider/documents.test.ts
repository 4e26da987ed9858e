import * as assert from "node:assert/strict";
import { UNKNOWN, type Value } from "../../local/provider/property-values";
import { checkJson, checkPolicy, documentLike } from "../../local/provider/services/documents";

const statement = { Effect: "Allow", Action: "sqs:SendMessage", Resource: "*" };

function problems(policy: Value, principal: "required" | "forbidden" = "forbidden"): string[] {
  return checkPolicy("policy", policy, { principal }).map(({ property, reason }) => `${property}: ${reason}`);
}

describe("Documents", () => {
  it("locates what is wrong in a policy", () => {
    assert.deepEqual(
      problems({
        Version: "2012-10-18",
        Statement: [statement, { ...statement, Effect: "allow" }, { Effect: "Deny", Action: ["sqs", "s3:Get*"] }],
      }),
      [
        'policy.Version: received "2012-10-18"; expected "2012-10-17"',
        'policy.Statement[1].Effect: received "allow"; expected "Allow" or "Deny"',
        'policy.Statement[2].Resource: missing; name the resources, or "*"',
        'policy.Statement[2].Action: received "sqs"; expected service:Operation or "*"',
      ],
    );
    assert.deepEqual(problems("{}"), ["policy.Statement: missing; a policy has at least one statement"]);
  });

  it("refuses text that is no JSON, and says where it ends", () => {
    assert.match(problems('{"Version": ')[0] ?? "", /^policy: received text that is no JSON \(.*JSON.*\)/);
    assert.match(checkJson("body", '"text"')[0]?.reason ?? "", /expected a JSON object/);
  });

  it("wants a principal in the policy of a resource, and none in a role's", () => {
    assert.match(problems({ Statement: statement }, "required")[0] ?? "", /^policy.Statement.Principal: missing/);
    assert.match(problems({ Statement: { ...statement, Principal: "*" } })[0] ?? "", /Principal: not allowed/);
  });

  it("tolerates what is not known yet", () => {
    assert.deepEqual(problems(UNKNOWN), []);
    assert.deepEqual(problems({ Version: "2012-10-17", Statement: UNKNOWN }), []);
    assert.deepEqual(problems({ Statement: [{ ...statement, Resource: UNKNOWN }] }), []);
  });

  it("keeps the program's notation of the same document, and AWS's of another", () => {
    const given = '{ "b": [1], "a": {} }';
    assert.equal(documentLike(given, '{"a":{},"b":[1]}'), given);
    assert.equal(documentLike(given, '{"a":{},"b":[2]}'), '{"a":{},"b":[2]}');
    assert.deepEqual(documentLike({ b: [1] }, '{"b":[2]}'), { b: [2] });
    assert.equal(documentLike(given, undefined), null);
  });
});
