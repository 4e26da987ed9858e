import * as assert from "node:assert/strict";
import { ReadRequest } from "@pulumi/pulumi/proto/provider_pb";
import { toStruct, type Values } from "../../local/provider/property-values";
import { lastInputs } from "../../local/provider/server";

const REQUESTS: [what: string, inputs: Values | undefined, properties: Values | undefined, last: Values | undefined][] =
  [
    ["an import when it has an id and nothing else", undefined, undefined, undefined],
    ["an import when its state is empty", undefined, {}, undefined],
    ["a refresh when it has inputs and a state", { name: "a" }, { name: "a", arn: "arn:1" }, { name: "a" }],
    ["a refresh when there is nothing in its inputs", {}, { arn: "arn:1" }, {}],
    ["a refresh when there is nothing in both", {}, {}, {}],
    ["a refresh when it has a state alone", undefined, { arn: "arn:1" }, {}],
  ];

describe("A read that the engine asks for", () => {
  for (const [what, inputs, properties, last] of REQUESTS) {
    it(`is ${what}`, () => {
      const request = new ReadRequest();
      request.setId("a");
      if (inputs !== undefined) request.setInputs(toStruct(inputs));
      if (properties !== undefined) request.setProperties(toStruct(properties));
      assert.deepEqual(lastInputs(request), last);
    });
  }
});
