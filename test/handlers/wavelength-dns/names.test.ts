import * as assert from "node:assert/strict";
import { bareId, canonicalName, instanceOf, scopeOf, setIdentifierOf } from "../../../handlers/wavelength-dns/names";
import { recordOf } from "./support/observations";

describe("canonicalName", () => {
  it("makes what the user and what Route 53 writes comparable", () => {
    assert.equal(canonicalName("Play.Example.COM"), "play.example.com.");
    assert.equal(canonicalName("play.example.com."), "play.example.com.");
    assert.equal(canonicalName("\\052.example.com."), canonicalName("*.example.com"));
  });
});

describe("scopeOf", () => {
  it("is one for all ways to write a zone and a name", () => {
    const scope = scopeOf({ hostedZoneId: "/hostedzone/Z1", recordName: "Play.example.com" });
    assert.equal(scope, "Z1/play.example.com.");
    assert.equal(scopeOf({ hostedZoneId: "Z1", recordName: "play.example.com." }), scope);
  });
});

describe("bareId", () => {
  it("takes Route 53's prefixes off", () => {
    assert.deepEqual(["/hostedzone/Z1", "hostedzone/Z1", "Z1", "/change/C1"].map(bareId), ["Z1", "Z1", "Z1", "C1"]);
  });
});

describe("instanceOf", () => {
  it("knows our own records", () => {
    assert.equal(instanceOf("a/b/c", recordOf("", "", { SetIdentifier: setIdentifierOf("a/b/c", "i-1") })), "i-1");
  });

  it("does not know those of another owner, type or digest", () => {
    const ours = setIdentifierOf("a/b/c", "i-1");
    const others = [setIdentifierOf("a/b/d", "i-1"), "i-1", "i-1.", `${ours}0`, ours.replace("i-1", "i-2"), ""];
    for (const SetIdentifier of others)
      assert.equal(instanceOf("a/b/c", recordOf("", "", { SetIdentifier })), undefined);
    assert.equal(instanceOf("a/b/c", recordOf("", "", { SetIdentifier: ours, Type: "AAAA" })), undefined);
  });

  it("fits Route 53's 128 characters", () => {
    assert.ok(setIdentifierOf("a".repeat(300), "i-0123456789abcdef0").length <= 128);
  });
});
