import * as assert from "node:assert/strict";
import {
  ChangeResourceRecordSetsCommand,
  CreateHostedZoneCommand,
  GetChangeCommand,
  ListHostedZonesCommand,
  ListResourceRecordSetsCommand,
  Route53Client,
  type Change,
  type ChangeAction,
  type ListResourceRecordSetsCommandInput,
  type ResourceRecordSet,
} from "@aws-sdk/client-route-53";
import { startTestCloud, until, type ClientSettings, type TestCloud } from "../support/cloud";
import { given } from "../support/network";

const account = "898989898989";

describe("the local cloud's Route 53", () => {
  let cloud: TestCloud;
  let settings: ClientSettings;

  before(async () => {
    cloud = await startTestCloud();
    settings = cloud.as(account);
  });
  after(() => cloud.stop());

  describe("Route 53", () => {
    let route53: Route53Client;
    let HostedZoneId: string;
    const name = "www.example.org.";
    before(async () => {
      route53 = new Route53Client(settings);
      const zone = await route53.send(new CreateHostedZoneCommand({ Name: "example.org", CallerReference: "1" }));
      HostedZoneId = given(zone.HostedZone?.Id, "zone").replace("/hostedzone/", "");
    });
    const record = (id: string, address: string, more: Partial<ResourceRecordSet> = {}): ResourceRecordSet => ({
      Name: name,
      Type: "A",
      SetIdentifier: id,
      Weight: 10,
      TTL: 30,
      ResourceRecords: [{ Value: address }],
      ...more,
    });
    const change = (...changes: [ChangeAction, ResourceRecordSet][]) =>
      route53.send(
        new ChangeResourceRecordSetsCommand({
          HostedZoneId,
          ChangeBatch: { Changes: changes.map(([Action, r]): Change => ({ Action, ResourceRecordSet: r })) },
        }),
      );
    const list = (input: Partial<ListResourceRecordSetsCommandInput> = {}) =>
      route53.send(new ListResourceRecordSetsCommand({ HostedZoneId, ...input }));
    const weighted = async (): Promise<ResourceRecordSet[]> =>
      ((await list()).ResourceRecordSets ?? []).filter((r) => r.SetIdentifier !== undefined);

    it("creates, replaces and deletes weighted records, each batch wholly or not at all", async () => {
      const made = await change(["CREATE", record("a", "155.146.0.1")], ["CREATE", record("b", "155.146.0.2")]);
      const status = await route53.send(
        new GetChangeCommand({ Id: given(made.ChangeInfo?.Id, "change").replace("/change/", "") }),
      );
      assert.match(String(status.ChangeInfo?.Status), /^(PENDING|INSYNC)$/);
      const invalid = { name: "InvalidChangeBatch" };
      await assert.rejects(change(["CREATE", record("a", "155.146.0.9")]), invalid);
      await assert.rejects(change(["DELETE", record("a", "155.146.0.9")]), invalid);
      await assert.rejects(change(["DELETE", record("a", "155.146.0.1", { TTL: 60 })]), invalid);
      await assert.rejects(change(["DELETE", record("a", "155.146.0.1", { Weight: 11 })]), invalid);
      await assert.rejects(
        change(["CREATE", record("c", "155.146.0.3")], ["DELETE", record("none", "155.146.0.4")]),
        invalid,
      );
      assert.deepEqual(
        (await weighted()).map((r) => r.SetIdentifier),
        ["a", "b"],
      );
      await change(["UPSERT", record("a", "155.146.0.5", { Weight: 0 })], ["DELETE", record("b", "155.146.0.2")]);
      assert.deepEqual(await weighted(), [record("a", "155.146.0.5", { Weight: 0 })]);
      await assert.rejects(
        change(["CREATE", { Name: name, Type: "A", TTL: 30, ResourceRecords: [{ Value: "1.2.3.4" }] }]),
        invalid,
      );
      await change(["DELETE", record("a", "155.146.0.5", { Weight: 0 })]);
    });

    it("wants one TTL for the weighted records of a name and type, by the end of a batch", async () => {
      const refused = { name: "InvalidChangeBatch", message: /weighted sets must contain the same TTL/ };
      const [slow, fast] = [{ TTL: 60 }, { TTL: 5 }];
      await change(["CREATE", record("a", "155.146.0.1")], ["CREATE", record("b", "155.146.0.2")]);
      await assert.rejects(change(["CREATE", record("c", "155.146.0.3", slow)]), refused);
      await assert.rejects(change(["UPSERT", record("a", "155.146.0.1", fast)]), refused);
      await assert.rejects(
        change(["DELETE", record("a", "155.146.0.1")], ["CREATE", record("c", "155.146.0.3", slow)]),
        refused,
      );
      await change(["UPSERT", record("a", "155.146.0.1", slow)], ["UPSERT", record("b", "155.146.0.2", slow)]);
      await change(["DELETE", record("a", "155.146.0.1", slow)], ["UPSERT", record("b", "155.146.0.2", fast)]);
      const AliasTarget = { HostedZoneId, DNSName: "other.example.org.", EvaluateTargetHealth: false };
      const alias: ResourceRecordSet = { Name: name, Type: "A", SetIdentifier: "alias", Weight: 1, AliasTarget };
      await change(["CREATE", alias]);
      await change(["DELETE", alias], ["DELETE", record("b", "155.146.0.2", fast)]);
    });

    it("lists page by page, onwards from name, type and identifier", async () => {
      const ids = Array.from({ length: 7 }, (_, index) => `id-${index}`);
      await change(
        ...ids.map((id, index): [ChangeAction, ResourceRecordSet] => ["CREATE", record(id, `155.146.1.${index + 1}`)]),
      );
      const seen: string[] = [];
      let start: Partial<ListResourceRecordSetsCommandInput> = { StartRecordName: name, StartRecordType: "A" };
      for (let pages = 0; pages < 10; pages++) {
        const page = await list({ ...start, MaxItems: 3 });
        seen.push(...(page.ResourceRecordSets ?? []).flatMap((r) => r.SetIdentifier ?? []));
        if (page.IsTruncated !== true) break;
        assert.equal(page.ResourceRecordSets?.length, 3);
        start = {
          StartRecordName: page.NextRecordName,
          StartRecordType: page.NextRecordType,
          StartRecordIdentifier: page.NextRecordIdentifier,
        };
      }
      assert.deepEqual(seen, ids);
    });
  });

  describe("Route 53's limits", () => {
    it("hold a batch to its size and refuse what is not of the zone", async () => {
      const route53 = new Route53Client(settings);
      const zone = await route53.send(new CreateHostedZoneCommand({ Name: "limits.example", CallerReference: "2" }));
      const HostedZoneId = given(zone.HostedZone?.Id, "zone").replace("/hostedzone/", "");
      const send = (Action: ChangeAction, count: number, suffix: string) =>
        route53.send(
          new ChangeResourceRecordSetsCommand({
            HostedZoneId,
            ChangeBatch: {
              Changes: Array.from({ length: count }, (_, index) => ({
                Action,
                ResourceRecordSet: {
                  Name: `h${index}.${suffix}`,
                  Type: "A" as const,
                  TTL: 30,
                  ResourceRecords: [{ Value: "10.0.0.1" }],
                },
              })),
            },
          }),
        );
      await send("CREATE", 1000, "limits.example");
      await send("UPSERT", 500, "limits.example");
      await assert.rejects(send("DELETE", 1001, "limits.example"), /Number of records limit of 1000 exceeded/);
      await assert.rejects(send("UPSERT", 501, "limits.example"), /Number of records limit of 1000 exceeded/);
      await assert.rejects(send("CREATE", 1, "elsewhere.example"), /is not permitted in zone limits\.example\./);
    });

    it("throttle an account that asks too often, where a story wants it", async () => {
      const limited = await startTestCloud({ AWS_PATTERNS_ROUTE53_REQUESTS_PER_SECOND: "5" });
      try {
        const ask = (accountId: string) =>
          new Route53Client(limited.as(accountId)).send(new ListHostedZonesCommand({}));
        for (let request = 0; request < 5; request++) await ask("100000000001");
        await assert.rejects(ask("100000000001"), { name: "Throttling" });
        await ask("100000000002");
        await until("the limit to let a request through", () => ask("100000000001").catch(() => false as const));
      } finally {
        await limited.stop();
      }
    });
  });
});
