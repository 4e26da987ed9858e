import * as assert from "node:assert/strict";
import { DnsStack, type Registration } from "../support/dns-stack";

const NAME = "media.example.com";

describe("WavelengthDns on a live stack", function () {
  // Each step deploys once to three times.
  this.timeout(300_000);
  let dns: DnsStack;
  let zone: string;
  let other: string;
  before(async () => {
    dns = await DnsStack.create();
    [zone, other] = [await dns.zone(), await dns.zone()];
  });
  after(() => dns?.stop());

  const media = (more: Partial<Registration> = {}): Registration => ({
    name: "media",
    recordName: NAME,
    zone,
    ...more,
  });

  describe("on somebody else's group", () => {
    it("takes a zone's id as Route 53 prints it", async () => {
      assert.match(zone, /^\/hostedzone\/Z/);
      await dns.up(media());
      await dns.settled(zone, `${NAME}.`);
    });

    it("moves to another zone, and leaves no record behind", async () => {
      await dns.up(media({ zone: other }));
      assert.deepEqual(await dns.names(zone), [], "gone when the update has ended");
      await dns.settled(other, `${NAME}.`);
    });

    it("moves to another zone and name at once", async () => {
      await dns.up(media({ recordName: "new.example.com" }));
      assert.deepEqual(await dns.names(other), []);
      await dns.settled(zone, "new.example.com.");
    });

    it("is renamed, as a component and as a name", async () => {
      await dns.up(media({ name: "video" }));
      assert.deepEqual(await dns.names(zone).then((names) => names.filter((name) => name !== `${NAME}.`)), []);
      await dns.settled(zone, `${NAME}.`);
    });

    it("leaves no record behind when it is destroyed, though the group and its instance live on", async () => {
      await dns.up();
      assert.deepEqual(await dns.names(zone), []);
      assert.deepEqual(Object.values(await dns.members("theirs")), ["InService"]);
      assert.deepEqual(await dns.hooks("theirs"), []);
    });

    it("recovers from a change that an earlier release could not end: back, and forward again", async () => {
      await dns.up(media({ early: true }));
      await dns.settled(zone, `${NAME}.`);
      const denied = /Not allowed to take the records of media\.example\.com .*; give that name and zone again/;
      assert.match(await dns.failingUp(media({ zone: other, early: true })), denied);
      assert.match(await dns.failingUp(media({ zone: other })), denied);
      await dns.up(media());
      await dns.settled(zone, `${NAME}.`);
      assert.deepEqual(await dns.names(other), []);
      await dns.up(media({ zone: other }));
      assert.deepEqual(await dns.names(zone), []);
      await dns.settled(other, `${NAME}.`);
      await dns.up();
    });
  });

  describe("beside another one on the same group", () => {
    const second = (more: Partial<Registration> = {}): Registration => ({
      name: "second",
      recordName: "second.example.com",
      zone,
      group: { of: "media" },
      ...more,
    });

    it("has a hook of its own", async () => {
      await dns.up(media({ group: "own" }), second({ ttlSeconds: 8 }));
      await dns.settled(zone, `${NAME}.`, "second.example.com.");
      const hooks = await dns.hooks((await dns.made()).media?.group ?? "");
      assert.equal(hooks.length, 2);
      assert.equal(hooks[0], "drain-dns");
      assert.match(hooks[1] ?? "", /^drain-dns-second-[0-9a-f]{12}$/);
    });

    it("lets an instance go no sooner than the clients of both have forgotten it", async () => {
      const group = (await dns.made()).media?.group ?? "";
      await dns.scale(group, 2);
      await dns.settled(zone, ...[NAME, NAME, "second.example.com", "second.example.com"].map((name) => `${name}.`));
      await dns.scale(group, 1);
      await dns.settled(zone, `${NAME}.`, "second.example.com.");
      const [gone, members] = [Date.now(), await dns.members(group)];
      assert.deepEqual(Object.values(members).sort(), ["InService", "Terminating:Wait"]);
      await dns.memberCount(group, 1);
      assert.ok(Date.now() - gone >= 7_000, `held for ${Date.now() - gone} ms, while the second's TTL is 8 s`);
    });

    it("moves its clients to another name by a second one, and keeps its own hook when that one goes", async () => {
      const group = (await dns.made()).media?.group ?? "";
      // Records of one name share a TTL.
      await dns.up(media({ group: "own" }), second());
      await dns.settled(zone, `${NAME}.`, "second.example.com.");
      await dns.up(media({ group: "own", recordName: "second.example.com" }), second());
      await dns.settled(zone, "second.example.com.", "second.example.com.");
      await dns.up(media({ group: "own", recordName: "second.example.com" }));
      await dns.settled(zone, "second.example.com.");
      assert.deepEqual(await dns.hooks(group), ["drain-dns"]);
      assert.deepEqual(Object.values(await dns.members(group)), ["InService"]);
      await dns.up(media({ group: "own" }));
      await dns.settled(zone, `${NAME}.`);
    });
  });

  describe("when its stack is renamed", () => {
    it("keeps group, instances and records, and changes nothing but names", async () => {
      const group = (await dns.made()).media?.group ?? "";
      const [members, records] = [await dns.members(group), await dns.records(zone)];
      await dns.stack.rename({ stackName: "after" });
      const changed = await dns.up(media({ group: "own" }));
      assert.deepEqual([changed.create, changed.replace, changed.delete], [undefined, undefined, undefined]);
      assert.equal((await dns.made()).media?.group, group);
      assert.deepEqual(await dns.members(group), members);
      await dns.repair();
      await dns.settled(zone, `${NAME}.`);
      assert.deepEqual(await dns.records(zone), records);
    });

    it("still drains", async () => {
      const group = (await dns.made()).media?.group ?? "";
      await dns.scale(group, 2);
      await dns.settled(zone, `${NAME}.`, `${NAME}.`);
      await dns.scale(group, 1);
      await dns.settled(zone, `${NAME}.`);
      await dns.memberCount(group, 1);
    });

    it("keeps group, instances and records when the component is renamed with an alias", async () => {
      const group = (await dns.made()).media?.group ?? "";
      const [members, records] = [await dns.members(group), await dns.records(zone)];
      await dns.up(media({ name: "video", group: "own", formerly: "media" }));
      assert.equal((await dns.made()).video?.group, group);
      assert.deepEqual(await dns.members(group), members);
      assert.deepEqual(await dns.records(zone), records);
    });

    it("leaves nothing behind when it is destroyed", async () => {
      await dns.stack.destroy();
      assert.deepEqual(await dns.names(zone), []);
      assert.deepEqual(await dns.state(), []);
    });
  });
});
