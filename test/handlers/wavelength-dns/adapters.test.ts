import * as assert from "node:assert/strict";
import type { Instance as Ec2Instance } from "@aws-sdk/client-ec2";
import fc from "fast-check";
import type { Call } from "../../../handlers/shared/retry";
import { completeTermination, listMembers } from "../../../handlers/wavelength-dns/autoscaling";
import { listInstances } from "../../../handlers/wavelength-dns/ec2";
import { HostedZoneMissingError } from "../../../handlers/wavelength-dns/errors";
import type { PlannedChange } from "../../../handlers/wavelength-dns/plan";
import { listRecordSets, toBatches } from "../../../handlers/wavelength-dns/route53";
import { GROUP } from "../../../fakes/wavelength-dns/fleet";
import { recordOf } from "./support/observations";
import { awsError, type Caller } from "../../../fakes/wire";
import { World, ZONE } from "../../../fakes/wavelength-dns/world";

const once: Call = (_, operation) => operation();
const caller: Caller = { id: "test", killed: false };
const place = { hostedZoneId: ZONE, recordName: "play.example.com" };

describe("listRecordSets", () => {
  const world = (): World => new World({ route53: { maxPerName: 5000, requestsPerSecond: 100 } });

  it("reads every page of the name, and nothing of its neighbours", async () => {
    const { route53, clock } = world();
    const many = Array.from({ length: 700 }, (_, n) => recordOf("", "10.0.0.1", { SetIdentifier: `record-${n}` }));
    const neighbours = ["a.play.example.com.", "plax.example.com.", "example.com.", "play.example.org."];
    const others = neighbours.map((Name) => recordOf("", "10.0.0.1", { Name, SetIdentifier: "other" }));
    route53.changeDirectly(...[...many, ...others].map((it) => ({ Action: "CREATE" as const, ResourceRecordSet: it })));
    const found = await clock.finish(listRecordSets(route53.for(caller), once, place));
    assert.equal(found.length, 700);
    assert.ok(found.every(({ Name }) => Name === "play.example.com."));
  });

  it("finds records of other types at the name, which may exclude ours", async () => {
    const { route53, clock } = world();
    const ResourceRecordSet = {
      Name: "play.example.com",
      Type: "CNAME" as const,
      TTL: 5,
      ResourceRecords: [{ Value: "x" }],
    };
    route53.changeDirectly({ Action: "CREATE", ResourceRecordSet });
    const found = await clock.finish(listRecordSets(route53.for(caller), once, place));
    assert.deepEqual(
      found.map(({ Type }) => Type),
      ["CNAME"],
    );
  });

  it("finds a wildcard name under the octal code that Route 53 gives it", async () => {
    const { route53, clock } = world();
    const ResourceRecordSet = recordOf("i-1", "10.0.0.1", { Name: "*.example.com" });
    route53.changeDirectly({ Action: "CREATE", ResourceRecordSet });
    const wild = { ...place, recordName: "*.Example.com." };
    const found = await clock.finish(listRecordSets(route53.for(caller), once, wild));
    assert.deepEqual(
      found.map(({ Name }) => Name),
      ["\\052.example.com."],
    );
  });

  it("names a zone that does not exist", async () => {
    const { route53, clock } = world();
    route53.zoneExists = false;
    const listing = listRecordSets(route53.for(caller), once, { ...place, hostedZoneId: `/hostedzone/${ZONE}` });
    await assert.rejects(clock.finish(listing), (error) => {
      assert.ok(error instanceof HostedZoneMissingError);
      assert.match(error.message, new RegExp(ZONE));
      return true;
    });
  });
});

describe("toBatches", () => {
  const changes = fc.array(
    fc.record({
      action: fc.constantFrom("CREATE" as const, "UPSERT" as const, "DELETE" as const),
      values: fc.array(fc.integer({ min: 1, max: 400 }), { maxLength: 40, size: "max" }),
    }),
    { maxLength: 150, size: "max" },
  );

  it("stays within Route 53's limits, UPSERT counted twice, in the given order", () => {
    fc.assert(
      fc.property(changes, (given) => {
        const all = given.map(({ action, values }, n): PlannedChange => ({
          action,
          instanceId: `i-${n}`,
          recordSet: { ...recordOf(`i-${n}`, ""), ResourceRecords: values.map((n) => ({ Value: "x".repeat(n) })) },
        }));
        const batches = toBatches(all);
        assert.deepEqual(batches.flat(), all);
        for (const batch of batches) {
          let elements = 0;
          let characters = 0;
          for (const { action, recordSet } of batch) {
            const times = action === "UPSERT" ? 2 : 1;
            elements += times * (recordSet.ResourceRecords?.length ?? 0);
            for (const { Value } of recordSet.ResourceRecords ?? []) characters += times * (Value?.length ?? 0);
          }
          assert.ok(elements <= 1000 && characters <= 32_000);
        }
      }),
    );
  });

  it("needs one batch for 1,000 creations, and two for 1,000 changes", () => {
    const many = (action: PlannedChange["action"]): PlannedChange[] =>
      Array.from({ length: 1000 }, (_, n) => ({
        action,
        instanceId: `i-${n}`,
        recordSet: recordOf(`i-${n}`, "255.255.255.255"),
      }));
    assert.equal(toBatches(many("CREATE")).length, 1);
    assert.equal(toBatches(many("DELETE")).length, 1);
    assert.equal(toBatches(many("UPSERT")).length, 2);
  });
});

describe("listInstances", () => {
  const answering = (...pages: Ec2Instance[][]) => {
    const inputs: unknown[] = [];
    return {
      inputs,
      describeInstances: (input: { NextToken?: string | undefined }) => {
        inputs.push(input);
        const page = Number(input.NextToken ?? 0);
        return Promise.resolve({
          Reservations: pages[page]?.map((it) => ({ Instances: [it] })) ?? [],
          ...(page + 1 < pages.length && { NextToken: String(page + 1) }),
        });
      },
    };
  };

  it("reads every page, and an instance that moved between pages once", async () => {
    const api = answering(
      [{ InstanceId: "i-1" }, { InstanceId: "i-2" }],
      [{ InstanceId: "i-2" }, { InstanceId: "i-3" }],
    );
    const found = await listInstances(api, once, GROUP);
    assert.deepEqual(
      found.map(({ instanceId }) => instanceId),
      ["i-1", "i-2", "i-3"],
    );
  });

  it("prefers the carrier IP of the primary interface", async () => {
    const at = (DeviceIndex: number, CarrierIp?: string) => ({
      Attachment: { DeviceIndex },
      ...(CarrierIp !== undefined && { Association: { CarrierIp } }),
    });
    const api = answering([
      { InstanceId: "i-1", NetworkInterfaces: [at(1, "155.146.0.2"), at(0, "155.146.0.1")] },
      { InstanceId: "i-2", NetworkInterfaces: [at(0), at(2, "155.146.0.4"), at(1, "155.146.0.3")] },
      { InstanceId: "i-3", NetworkInterfaces: [{ Association: { PublicIp: "3.3.3.3" } }] },
      { InstanceId: "i-4" },
    ]);
    const found = await listInstances(api, once, GROUP);
    assert.deepEqual(
      found.map(({ carrierIp }) => carrierIp),
      ["155.146.0.1", "155.146.0.3", undefined, undefined],
    );
  });

  it("does not let a group's name work as a wildcard", async () => {
    const api = answering([]);
    await listInstances(api, once, "game*\\?");
    assert.deepEqual(api.inputs, [
      { Filters: [{ Name: "tag:aws:autoscaling:groupName", Values: ["game\\*\\\\\\?"] }], MaxResults: 1000 },
    ]);
  });
});

describe("listMembers", () => {
  it("tells an empty group from none", async () => {
    const { fleet, clock } = new World();
    assert.deepEqual(await clock.finish(listMembers(fleet.for(caller), once, GROUP)), []);
    fleet.groupExists = false;
    assert.equal(await clock.finish(listMembers(fleet.for(caller), once, GROUP)), undefined);
  });

  it("follows pages", async () => {
    const group = (...ids: string[]) => ({
      Instances: ids.map((InstanceId) => ({ InstanceId, LifecycleState: "InService", HealthStatus: "Healthy" })),
    });
    const pages = [group("i-1"), group("i-1", "i-2")];
    const api = {
      describeAutoScalingGroups: ({ NextToken }: { NextToken?: string | undefined }) =>
        Promise.resolve({
          AutoScalingGroups: [pages[Number(NextToken ?? 0)]],
          ...(NextToken === undefined && { NextToken: "1" }),
        }),
    };
    const members = await listMembers(api as unknown as Parameters<typeof listMembers>[0], once, GROUP);
    assert.deepEqual(
      members?.map(({ instanceId }) => instanceId),
      ["i-1", "i-2"],
    );
  });
});

describe("completeTermination", () => {
  const held = { instanceId: "i-1", autoScalingGroupName: GROUP, lifecycleHookName: "drain" };
  const throwing = (error: Error) => ({ completeLifecycleAction: () => Promise.reject(error) });

  it("says when nothing holds the instance any more", async () => {
    for (const message of [
      "No active Lifecycle Action found with instance ID i-1",
      "AutoScalingGroup name not found - AutoScalingGroup 'game-servers' not found",
    ]) {
      assert.equal(await completeTermination(throwing(awsError("ValidationError", message)), once, held), false);
    }
  });

  it("throws what is not that", async () => {
    for (const error of [
      awsError("ValidationError", "No Lifecycle Hook found with name drain"),
      awsError("AccessDenied", "no active lifecycle action"),
    ]) {
      await assert.rejects(completeTermination(throwing(error), once, held), (thrown) => thrown === error);
    }
  });
});
