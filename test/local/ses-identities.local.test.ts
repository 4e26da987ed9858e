import * as assert from "node:assert/strict";
import { ChangeResourceRecordSetsCommand, CreateHostedZoneCommand, Route53Client } from "@aws-sdk/client-route-53";
import {
  CreateConfigurationSetCommand,
  CreateEmailIdentityCommand,
  CreateEmailIdentityPolicyCommand,
  DeleteEmailIdentityCommand,
  GetAccountCommand,
  GetEmailIdentityCommand,
  ListEmailIdentitiesCommand,
  PutEmailIdentityConfigurationSetAttributesCommand,
  PutEmailIdentityDkimSigningAttributesCommand,
  PutEmailIdentityMailFromAttributesCommand,
  SESv2Client,
} from "@aws-sdk/client-sesv2";
import { startTestCloud, type TestCloud } from "../support/cloud";
import { leaveSandbox, verifyEmail } from "../support/mail";
import { given } from "../support/network";

const ACCOUNT = "840000000001";
const DNS_ACCOUNT = "840000000002";

describe("the local cloud's SES identities", () => {
  let cloud: TestCloud;
  let ses: SESv2Client;
  before(async () => {
    cloud = await startTestCloud();
    ses = new SESv2Client(cloud.as(ACCOUNT));
  });
  after(() => cloud.stop());

  const create = (EmailIdentity: string, client = ses) =>
    client.send(new CreateEmailIdentityCommand({ EmailIdentity }));
  const get = (EmailIdentity: string, client = ses) => client.send(new GetEmailIdentityCommand({ EmailIdentity }));
  const dns = async (zone: string, records: [name: string, type: "CNAME" | "MX" | "TXT", value: string][]) => {
    const route53 = new Route53Client(cloud.as(DNS_ACCOUNT));
    const made = await route53.send(new CreateHostedZoneCommand({ Name: zone, CallerReference: zone }));
    const Changes = records.map(([Name, Type, Value]) => ({
      Action: "CREATE" as const,
      ResourceRecordSet: { Name, Type, TTL: 300, ResourceRecords: [{ Value }] },
    }));
    const HostedZoneId = given(made.HostedZone?.Id, "zone");
    await route53.send(new ChangeResourceRecordSetsCommand({ HostedZoneId, ChangeBatch: { Changes } }));
  };

  it("wait for the owner of an address, in every account on its own", async () => {
    const other = new SESv2Client(cloud.as(DNS_ACCOUNT));
    const made = await create("costs@example.com");
    await create("costs@example.com", other);
    assert.deepEqual([made.IdentityType, made.VerifiedForSendingStatus], ["EMAIL_ADDRESS", false]);
    assert.equal((await get("costs@example.com")).VerificationStatus, "PENDING");

    assert.deepEqual(await verifyEmail(cloud, "costs@example.com", ACCOUNT), {
      verified: [{ account: ACCOUNT, region: "us-east-1", identity: "costs@example.com" }],
    });
    const verified = await get("costs@example.com");
    assert.deepEqual([verified.VerificationStatus, verified.VerifiedForSendingStatus], ["SUCCESS", true]);
    assert.equal((await get("costs@example.com", other)).VerifiedForSendingStatus, false);
    assert.match(JSON.stringify(await verifyEmail(cloud, "nobody@example.com")), /there is no identity nobody@/);
  });

  it("verify a domain once its three DKIM records are in a public zone of any account", async () => {
    const made = await create("Mail.Example.org");
    const tokens = given(made.DkimAttributes?.Tokens, "tokens");
    assert.deepEqual([made.IdentityType, made.DkimAttributes?.Status, tokens.length], ["DOMAIN", "PENDING", 3]);
    const record = (token: string): [string, "CNAME", string] => [
      `${token}._domainkey.mail.example.org`,
      "CNAME",
      `${token}.dkim.amazonses.com`,
    ];
    await dns("example.org", tokens.slice(0, 2).map(record));
    assert.equal((await get("mail.example.org")).VerifiedForSendingStatus, false, "one record is missing");
    // The zone closer to the names is the one that DNS asks.
    await dns("mail.example.org", tokens.map(record));
    const found = await get("mail.example.org");
    assert.deepEqual([found.DkimAttributes?.Status, found.VerifiedForSendingStatus], ["SUCCESS", true]);
    const { EmailIdentities } = await ses.send(
      new ListEmailIdentitiesCommand({ Filter: { VERIFICATION_STATUS: "SUCCESS", IDENTITY_TYPE: "DOMAIN" } }),
    );
    assert.deepEqual(
      EmailIdentities?.map(({ IdentityName }) => IdentityName),
      ["mail.example.org"],
    );
  });

  it("verify a domain that signs with a key of its own by that key's record", async () => {
    await create("own.example.net");
    await ses.send(
      new PutEmailIdentityDkimSigningAttributesCommand({
        EmailIdentity: "own.example.net",
        SigningAttributesOrigin: "EXTERNAL",
        SigningAttributes: { DomainSigningSelector: "s1", DomainSigningPrivateKey: "TUlJRXBRSUI=" },
      }),
    );
    const before = await get("own.example.net");
    assert.deepEqual([before.DkimAttributes?.Tokens, before.DkimAttributes?.Status], [["s1"], "PENDING"]);
    await dns("example.net", [["s1._domainkey.own.example.net", "TXT", '"v=DKIM1; k=rsa; p=MIIB"']]);
    assert.equal((await get("own.example.net")).DkimAttributes?.Status, "SUCCESS");
  });

  it("have a MAIL FROM domain when its MX record is there", async () => {
    await create("sender.example");
    const mailFrom = (MailFromDomain: string) =>
      ses.send(new PutEmailIdentityMailFromAttributesCommand({ EmailIdentity: "sender.example", MailFromDomain }));
    await assert.rejects(mailFrom("bounce.example.com"), { name: "BadRequestException", message: /not subdomain/ });
    await mailFrom("bounce.sender.example");
    assert.equal((await get("sender.example")).MailFromAttributes?.MailFromDomainStatus, "PENDING");
    await dns("sender.example", [["bounce.sender.example", "MX", "10 feedback-smtp.us-east-1.amazonses.com"]]);
    assert.equal((await get("sender.example")).MailFromAttributes?.MailFromDomainStatus, "SUCCESS");
  });

  it("refuse what cannot be, by the names of the API", async () => {
    await create("twice@example.com");
    await assert.rejects(create("twice@example.com"), { name: "AlreadyExistsException" });
    await assert.rejects(get("none@example.com"), { name: "NotFoundException" });
    await assert.rejects(ses.send(new DeleteEmailIdentityCommand({ EmailIdentity: "none@example.com" })), {
      name: "NotFoundException",
    });
    const set = (ConfigurationSetName: string) =>
      ses.send(
        new PutEmailIdentityConfigurationSetAttributesCommand({
          EmailIdentity: "twice@example.com",
          ConfigurationSetName,
        }),
      );
    await assert.rejects(set("none"), {
      name: "NotFoundException",
      message: "Configuration set <none> does not exist.",
    });
    await ses.send(new CreateConfigurationSetCommand({ ConfigurationSetName: "reports" }));
    await set("reports");
    assert.equal((await get("twice@example.com")).ConfigurationSetName, "reports");
    const policy = new CreateEmailIdentityPolicyCommand({
      EmailIdentity: "twice@example.com",
      PolicyName: "p",
      Policy: "{}",
    });
    await assert.rejects(ses.send(policy), { name: "BadRequestException" });
  });

  it("are what an account in the sandbox may write to, until it leaves it", async () => {
    const account = () => ses.send(new GetAccountCommand({}));
    assert.deepEqual(
      [(await account()).ProductionAccessEnabled, (await account()).SendQuota?.Max24HourSend],
      [false, 200],
    );
    await leaveSandbox(cloud, ACCOUNT);
    assert.equal((await account()).ProductionAccessEnabled, true);
  });
});
