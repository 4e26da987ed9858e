import * as assert from "node:assert/strict";
import { ChangeResourceRecordSetsCommand, Route53Client } from "@aws-sdk/client-route-53";
import { invoke, Managed, runCourse, runDeletion, startEmulator, testAccount } from "./support";

const account = testAccount({ project: "patterns" });
const ZONE = "aws:route53/zone:Zone";
const RECORD = "aws:route53/record:Record";

describe("Route 53 in the stand-in provider", () => {
  let emulator: undefined | { stop(): Promise<void> };
  let zone: Managed;
  const client = () => account.client(Route53Client);

  async function put(zoneId: string, name: string, value: string, identifier: string): Promise<void> {
    const set = {
      Name: name,
      Type: "A" as const,
      TTL: 30,
      Weight: 1,
      SetIdentifier: identifier,
      ResourceRecords: [{ Value: value }],
    };
    const Changes = [{ Action: "UPSERT" as const, ResourceRecordSet: set }];
    await client().send(new ChangeResourceRecordSetsCommand({ HostedZoneId: zoneId, ChangeBatch: { Changes } }));
  }

  before(async () => {
    emulator = await startEmulator();
    zone = await new Managed(ZONE, account, "shared").create({ name: "edge.example.com" });
  });
  after(async () => {
    await zone?.delete();
    await emulator?.stop();
  });

  it("keeps a zone as the program says", async () => {
    const made = await runCourse(account, {
      token: ZONE,
      inputs: { name: "Example.org." },
      changed: { comment: "the edge" },
      changes: ["comment"],
    });
    assert.match(made.id, /^Z[A-Z0-9]+$/);
    assert.equal(made.outputs.arn, `arn:aws:route53:::hostedzone/${made.id}`);
    const servers = made.outputs.nameServers as string[];
    assert.equal(servers.length, 4);
    assert.deepEqual(servers, [...servers].sort());
    await runDeletion(made);
  });

  it("keeps a private zone's networks as the program says", async () => {
    const vpcs = [];
    for (const name of ["a", "b"]) {
      vpcs.push(await new Managed("aws:ec2/vpc:Vpc", account, name).create({ cidrBlock: "10.7.0.0/16" }));
    }
    const [one = "", two = ""] = vpcs.map(({ id }) => id);
    const made = await runCourse(account, {
      token: ZONE,
      inputs: { name: "internal.example.com", vpcs: [{ vpcId: one }] },
      changed: { vpcs: [{ vpcId: two }, { vpcId: one }] },
      changes: ["vpcs[0].vpcId", "vpcs[1]"],
    });
    for (const resource of [made, ...vpcs]) await runDeletion(resource);
  });

  it("refuses to delete a zone that has records, unless forceDestroy is set", async () => {
    const made = await new Managed(ZONE, account).create({ name: "full.example.com" });
    for (let i = 0; i < 120; i++) await put(made.id, "app.full.example.com", `192.0.2.${i}`, `i-${i}`);
    await assert.rejects(made.delete(), /HostedZoneNotEmpty|non-required resource record sets/);
    await made.update({ name: "full.example.com", forceDestroy: true });
    await runDeletion(made);
  });

  it("keeps a weighted record as the program says", async () => {
    await put(zone.id, "app.edge.example.com", "198.51.100.1", "somebody-else");
    const made = await runCourse(account, {
      token: RECORD,
      inputs: {
        zoneId: zone.id,
        name: "App",
        type: "A",
        ttl: 30,
        records: ["192.0.2.2", "192.0.2.1"],
        setIdentifier: "i-1",
        weightedRoutingPolicies: [{ weight: 0 }],
      },
      // Its TTL is that of all the records of this name and type, as Route 53 demands.
      changed: { weightedRoutingPolicies: [{ weight: 255 }] },
      changes: ["weightedRoutingPolicies[0].weight"],
    });
    assert.equal(made.id, `${zone.id}_app_A_i-1`);
    assert.equal(made.outputs.fqdn, "app.edge.example.com");

    await made.update({ ...made.inputs, setIdentifier: "i-2" });
    assert.ok(await made.refresh());
    assert.equal(made.outputs.setIdentifier, "i-2");
    await runDeletion(made);
    const left = new Managed(RECORD, account);
    const isThere = await left.import(`${zone.id}_app_A_somebody-else`);
    assert.ok(isThere, "the record of somebody else survives, and can be imported by its id");
    assert.equal(left.inputs.name, "app");
    await left.delete();
  });

  it("does not take a record that is already there, unless allowOverwrite says so", async () => {
    const inputs = { zoneId: zone.id, name: "www", type: "TXT", ttl: 30, records: ["v=1 hello"] };
    const first = await new Managed(RECORD, account, "first").create(inputs);
    await assert.rejects(new Managed(RECORD, account, "second").create(inputs), /already exists/);
    const over = { ...inputs, records: ["v=2"], allowOverwrite: true };
    const second = await new Managed(RECORD, account, "second").create(over);
    assert.ok(await first.refresh());
    assert.deepEqual(
      first.diff(inputs).map(({ path }) => path),
      ["records[0]"],
    );
    await runDeletion(second);
  });

  it("keeps an alias record as the program says", async () => {
    const target = await new Managed(RECORD, account, "target").create({
      zoneId: zone.id,
      name: "origin.edge.example.com",
      type: "A",
      ttl: 30,
      records: ["192.0.2.9"],
    });
    const alias = (evaluateTargetHealth: boolean) => [
      { name: "Origin.edge.example.com", zoneId: zone.id, evaluateTargetHealth },
    ];
    const made = await runCourse(account, {
      token: RECORD,
      inputs: { zoneId: zone.id, name: "", type: "A", aliases: alias(false) },
      changed: { aliases: alias(true) },
      changes: ["aliases[0].evaluateTargetHealth"],
    });
    assert.equal(made.outputs.fqdn, "edge.example.com");
    await runDeletion(made);
    await runDeletion(target);
  });

  it("says which record is wrong, and how, before anything is made", () => {
    const check = (inputs: Record<string, unknown>) => {
      try {
        new Managed(RECORD, account).check({ zoneId: "Z1", name: "a", type: "A", ...inputs } as never);
      } catch (error) {
        return (error as { actual: { property: string }[] }).actual.map(({ property }) => property);
      }
      return [];
    };
    const record = { ttl: 30, records: ["192.0.2.1"] };
    assert.deepEqual(check(record), []);
    const weight = (value: unknown) => ({
      ...record,
      setIdentifier: "a",
      weightedRoutingPolicies: [{ weight: value }],
    });
    assert.deepEqual(check(weight(256)), ["weightedRoutingPolicies[0].weight"]);
    assert.deepEqual(check(weight(-1)), ["weightedRoutingPolicies[0].weight"]);
    assert.deepEqual(check({ ...weight(1), setIdentifier: undefined }), ["setIdentifier"]);
    assert.deepEqual(check({ records: ["192.0.2.1"] }), ["ttl"]);
    assert.deepEqual(check({ ...record, records: ["nowhere"] }), ["records[0]"]);
    assert.deepEqual(check({ ...record, type: "B" }), ["type"]);
    assert.deepEqual(check({}), ["records"]);
  });

  it("looks a zone up by name or id", async () => {
    const byName = await invoke(account, "aws:route53/getZone:getZone", { name: "edge.example.com." });
    assert.equal(byName.zoneId, zone.id);
    assert.deepEqual(byName.nameServers, zone.outputs.nameServers);
    assert.deepEqual(byName.tags, { project: "patterns" });
    const byId = await invoke(account, "aws:route53/getZone:getZone", { zoneId: zone.id });
    assert.equal(byId.name, "edge.example.com");
    await assert.rejects(
      invoke(account, "aws:route53/getZone:getZone", { name: "edge.example.com", privateZone: true }),
      /no matching Route 53 Hosted Zone found/,
    );
  });
});
