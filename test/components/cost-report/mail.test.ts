import * as assert from "node:assert/strict";
import {
  CostReport,
  type CostReportArgs,
  type ReportSender,
  type SenderVerification,
} from "../../../components/cost-report/cost-report";
import { dkimRecord } from "../../../components/cost-report/dkim";
import { deploy, ofType, type Registered, TOKENS } from "../../support/mocks";

const RECORD = "aws:route53/record:Record";
const IDENTITY = "aws:sesv2/emailIdentity:EmailIdentity";

async function create(sender: ReportSender, args: Partial<CostReportArgs> = {}): Promise<Registered[]> {
  const recipients = [{ address: "finance@example.com" }];
  return (await deploy(() => new CostReport("costs", { sender, recipients, ...args }))).resources;
}

const identities = (resources: readonly Registered[]): [name: string, identity: unknown][] =>
  ofType(resources, IDENTITY).map(({ name, inputs }) => [name.replace("costs-mail-", ""), inputs.emailIdentity]);

const records = (resources: readonly Registered[]): unknown[] =>
  ofType(resources, RECORD).map(({ inputs: { zoneId, name, type, records: values } }) => [zoneId, name, type, values]);

describe("the identities that CostReport sends with", () => {
  const domain = (hostedZone: { name: string } | { id: string }): SenderVerification => ({
    kind: "domain",
    hostedZone,
  });
  const dkim = (zone: string, name: string): unknown[] =>
    TOKENS.map((token) => [zone, `${token}._domainkey.${name}`, "CNAME", [`${token}.dkim.amazonses.com`]]);

  it("are verified by DKIM records that SES's tokens name, in the zone that is looked up or given", async () => {
    const address = "aws-costs@example.com";
    const found = await create({ address, verification: domain({ name: "example.com" }) });
    assert.deepEqual(identities(found), [["sender", "example.com"]]);
    assert.deepEqual(records(found), dkim("Z123EXAMPLE", "example.com"));
    const given = await create({ address, verification: domain({ id: "/hostedzone/ZGIVEN" }) });
    assert.deepEqual(records(given), dkim("ZGIVEN", "example.com"));
    for (const { inputs, after } of ofType(given, RECORD)) {
      assert.equal(inputs.ttl, 1800);
      assert.ok(after.includes("costs-mail-sender"));
    }
  });

  it("may be of a domain below that of the zone, in whatever case they are written", async () => {
    const sender = { address: "aws@Reports.Example.com", verification: domain({ name: "example.com" }) };
    const resources = await create(sender);
    assert.deepEqual(identities(resources), [["sender", "reports.example.com"]]);
    assert.deepEqual(records(resources), dkim("Z123EXAMPLE", "reports.example.com"));
  });

  it("have their keys where the region has them", () => {
    const valueIn = (region: string): string =>
      dkimRecord({ arn: `arn:aws:ses:${region}:1:identity/example.com`, domain: "example.com", tokens: TOKENS }, 1)
        .value;
    assert.equal(valueIn("eu-central-1"), "token-b.dkim.amazonses.com");
    assert.equal(valueIn("eu-south-1"), "token-b.dkim.eu-south-1.amazonses.com");
  });

  it("fail the deployment where SES names no token, rather than make a record of nothing", () => {
    const identity = { arn: "arn:aws:ses:us-east-1:1:identity/example.com", domain: "example.com", tokens: ["only"] };
    assert.equal(dkimRecord(identity, 0).name, "only._domainkey.example.com");
    assert.throws(() => dkimRecord(identity, 1), /SES gave no DKIM token 2 for example\.com/);
  });

  it("are not made where they are there already", async () => {
    for (const identity of ["address", "domain"] as const) {
      const resources = await create({ address: "aws@example.com", verification: { kind: "existing", identity } });
      assert.deepEqual([identities(resources), records(resources)], [[], []]);
    }
  });

  describe("of recipients", () => {
    const recipients = [
      { address: "finance@example.com" },
      { address: "aws@example.com" },
      { address: "my-aws@example.com" },
      { address: "web@edge.example.com" },
      { address: "web@notexample.com" },
      { address: "o'hara+costs@Example.ORG" },
    ];
    const verified = async (verification?: SenderVerification): Promise<unknown[]> => {
      const sender = { address: "AWS@example.com", ...(verification === undefined ? {} : { verification }) };
      const all = identities(await create(sender, { recipients, verifyRecipients: true }));
      for (const [name, identity] of all) if (name !== "sender") assert.equal(name, `recipient-${String(identity)}`);
      return all.filter(([name]) => name !== "sender").map(([, identity]) => identity);
    };
    const abroad = ["web@notexample.com", "o'hara+costs@example.org"];

    it("are verified where they are asked to be, each once, the sender's own not twice", async () => {
      const others = ["finance@example.com", "my-aws@example.com", "web@edge.example.com", ...abroad];
      assert.deepEqual(await verified(), others);
      assert.deepEqual(await verified({ kind: "existing", identity: "address" }), others);
    });

    it("are covered by the sender's domain, and so are the domains below it", async () => {
      assert.deepEqual(await verified(domain({ id: "Z1" })), abroad);
      assert.deepEqual(await verified({ kind: "existing", identity: "domain" }), abroad);
    });
  });
});
