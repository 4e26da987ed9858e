import * as assert from "node:assert/strict";
import { ReadRequest } from "@pulumi/pulumi/proto/provider_pb";
import { toStruct, type Values } from "../../local/provider/property-values";
import { lastInputs } from "../../local/provider/server";

function request(inputs: Values | undefined, properties: Values | undefined): ReadRequest {
  const made = new ReadRequest();
  made.setId("a");
  if (inputs !== undefined) made.setInputs(toStruct(inputs));
  if (properties !== undefined) made.setProperties(toStruct(properties));
  return made;
}

describe("A read that the engine asks for", () => {
  it("is an import when it has an id and nothing else", () => {
    assert.equal(lastInputs(request(undefined, {})), undefined);
    assert.equal(lastInputs(request(undefined, undefined)), undefined);
  });

  it("is none when it has inputs, even if there is nothing in them, or a state", () => {
    assert.deepEqual(lastInputs(request({ name: "a" }, { name: "a", arn: "arn:1" })), { name: "a" });
    assert.deepEqual(lastInputs(request({}, { arn: "arn:1" })), {});
    assert.deepEqual(lastInputs(request({}, {})), {});
    assert.deepEqual(lastInputs(request(undefined, { arn: "arn:1" })), {});
  });
});
