import * as assert from "node:assert/strict";
import { PutAccountDetailsCommand, SendEmailCommand, SESv2Client } from "@aws-sdk/client-sesv2";
import { UNKNOWN } from "../../local/provider/property-values";
import * as lifecycle from "../../local/provider/lifecycle";
import { invoke, Managed, runCourse, runDeletion, startEmulator, testAccount } from "./support";

const ACCOUNT = "111122223333";
const account = testAccount({ project: "patterns" });
const IDENTITY = "aws:sesv2/emailIdentity:EmailIdentity";
const SET = "aws:sesv2/configurationSet:ConfigurationSet";
const DESTINATION = "aws:sesv2/configurationSetEventDestination:ConfigurationSetEventDestination";
const KEY = "TUlJRXBRSUI=";

describe("SES in the stand-in provider", () => {
  let emulator: { stop(): Promise<void> };
  before(async () => {
    emulator = await startEmulator();
  });
  after(() => emulator.stop());

  const createSet = (configurationSetName: string) =>
    new Managed(SET, account, configurationSetName).create({ configurationSetName });

  it("keeps an address, which is not verified until its owner says so", async () => {
    const set = await createSet("reports");
    const made = await runCourse(account, {
      token: IDENTITY,
      inputs: { emailIdentity: "costs@example.com" },
      changed: { configurationSetName: set.id },
      changes: ["configurationSetName"],
    });
    assert.equal(made.outputs.arn, `arn:aws:ses:us-east-1:${ACCOUNT}:identity/costs@example.com`);
    assert.deepEqual(
      [made.outputs.identityType, made.outputs.verificationStatus, made.outputs.verifiedForSendingStatus],
      ["EMAIL_ADDRESS", "PENDING", false],
    );
    const query = "identity=costs@example.com";
    await fetch(`${process.env.AWS_ENDPOINT_URL}/_aws-patterns/verify-email?${query}`, { method: "POST" });
    await made.refresh();
    assert.deepEqual([made.outputs.verificationStatus, made.outputs.verifiedForSendingStatus], ["SUCCESS", true]);
    const token = "aws:sesv2/getEmailIdentity:getEmailIdentity";
    const found = await invoke(account, token, { emailIdentity: "costs@example.com" });
    assert.deepEqual([found.arn, found.configurationSetName], [made.outputs.arn, set.id]);
    await assert.rejects(
      invoke(account, token, { emailIdentity: "nobody@example.com" }),
      /SES has no identity "nobody@example.com" in us-east-1/,
    );
    await made.update({ emailIdentity: "costs@example.com" });
    assert.equal(made.outputs.configurationSetName, undefined);
    assert.deepEqual(
      made.diff({ emailIdentity: "reports@example.com" }).map(({ effect }) => effect),
      ["replace"],
    );
    await runDeletion(made);
    await runDeletion(set);
  });

  it("tells the DKIM tokens of a domain, also beside what the program says of its keys", async () => {
    const made = await runCourse(account, {
      token: IDENTITY,
      inputs: { emailIdentity: "example.com", dkimSigningAttributes: { nextSigningKeyLength: "RSA_2048_BIT" } },
      changed: { dkimSigningAttributes: { nextSigningKeyLength: "RSA_1024_BIT" } },
      changes: ["dkimSigningAttributes.nextSigningKeyLength"],
    });
    const signing = made.outputs.dkimSigningAttributes as { tokens: string[]; status: string };
    assert.deepEqual([signing.tokens.length, signing.status], [3, "PENDING"]);
    const before = { inputs: made.inputs, state: made.outputs };
    const same = lifecycle.preview(made.type, account, made.inputs, before);
    assert.deepEqual(same.dkimSigningAttributes, made.outputs.dkimSigningAttributes);
    const own = { domainSigningPrivateKey: KEY, domainSigningSelector: "s1" };
    const inputs = { ...made.inputs, dkimSigningAttributes: own };
    const changed = lifecycle.preview(made.type, account, inputs, before).dkimSigningAttributes;
    assert.deepEqual(changed, {
      ...Object.fromEntries(
        ["currentSigningKeyLength", "lastKeyGenerationTimestamp", "signingAttributesOrigin", "status", "tokens"].map(
          (part) => [part, UNKNOWN],
        ),
      ),
      ...own,
    });
    await made.update({ emailIdentity: "example.com", dkimSigningAttributes: own });
    assert.deepEqual((made.outputs.dkimSigningAttributes as { tokens: string[] }).tokens, ["s1"]);
    await made.refresh();
    assert.deepEqual(made.diff({ emailIdentity: "example.com", dkimSigningAttributes: own }), []);
    await runDeletion(made);
  });

  it("keeps a configuration set with all its options", async () => {
    const made = await runCourse(account, {
      token: SET,
      inputs: {
        configurationSetName: "full",
        deliveryOptions: { tlsPolicy: "REQUIRE" },
        reputationOptions: { reputationMetricsEnabled: true },
        sendingOptions: { sendingEnabled: true },
        suppressionOptions: { suppressedReasons: ["BOUNCE", "COMPLAINT"] },
        trackingOptions: { customRedirectDomain: "mail.example.com", httpsPolicy: "REQUIRE" },
      },
      changed: {
        deliveryOptions: { tlsPolicy: "OPTIONAL", maxDeliverySeconds: 300 },
        reputationOptions: { reputationMetricsEnabled: false },
        sendingOptions: { sendingEnabled: false },
        suppressionOptions: { suppressedReasons: ["BOUNCE"] },
        vdmOptions: { dashboardOptions: { engagementMetrics: "ENABLED" } },
      },
      changes: [
        "deliveryOptions.maxDeliverySeconds",
        "deliveryOptions.tlsPolicy",
        "reputationOptions.reputationMetricsEnabled",
        "sendingOptions.sendingEnabled",
        "suppressionOptions.suppressedReasons[1]",
        "vdmOptions",
      ],
    });
    assert.equal(made.outputs.arn, `arn:aws:ses:us-east-1:${ACCOUNT}:configuration-set/full`);
    await made.update({ configurationSetName: "full", sendingOptions: { sendingEnabled: true } });
    await made.refresh();
    assert.deepEqual(made.diff({ configurationSetName: "full", sendingOptions: { sendingEnabled: true } }), []);
    assert.deepEqual([made.outputs.trackingOptions, made.outputs.deliveryOptions], [undefined, undefined]);
    await runDeletion(made);
  });

  it("keeps an event destination, whatever it is", async () => {
    const set = await createSet("watched");
    const dimension = (dimensionName: string) => ({
      dimensionName,
      defaultDimensionValue: "none",
      dimensionValueSource: "MESSAGE_TAG",
    });
    const destination = (...names: string[]) => ({
      enabled: true,
      matchingEventTypes: ["SEND", "BOUNCE"],
      cloudWatchDestination: { dimensionConfigurations: names.map(dimension) },
    });
    const made = await runCourse(account, {
      token: DESTINATION,
      inputs: {
        configurationSetName: set.id,
        eventDestinationName: "metrics",
        eventDestination: destination("ses:configuration-set"),
      },
      changed: { eventDestination: destination("ses:configuration-set", "pattern") },
      changes: ["eventDestination.cloudWatchDestination.dimensionConfigurations[1]"],
    });
    assert.equal(made.id, "watched|metrics");
    const eventBusArn = `arn:aws:events:us-east-1:${ACCOUNT}:event-bus/default`;
    await made.update({
      configurationSetName: set.id,
      eventDestinationName: "metrics",
      eventDestination: { enabled: false, matchingEventTypes: ["REJECT"], eventBridgeDestination: { eventBusArn } },
    });
    assert.deepEqual((made.outputs.eventDestination as { eventBridgeDestination: unknown }).eventBridgeDestination, {
      eventBusArn,
    });
    await runDeletion(made);
    await runDeletion(set);
  });

  it("keeps what an identity has besides: MAIL FROM, feedback and policies", async () => {
    const identity = await new Managed(IDENTITY, account).create({ emailIdentity: "example.org" });
    const attributes = (name: string): string => `aws:sesv2/emailIdentity${name}:EmailIdentity${name}`;
    const mailFrom = await runCourse(account, {
      token: attributes("MailFromAttributes"),
      inputs: { emailIdentity: identity.id, mailFromDomain: "bounce.example.org" },
      changed: { behaviorOnMxFailure: "REJECT_MESSAGE" },
      changes: ["behaviorOnMxFailure"],
    });
    await mailFrom.delete();
    await mailFrom.refresh();
    assert.deepEqual(
      [mailFrom.outputs.mailFromDomain, mailFrom.outputs.behaviorOnMxFailure],
      [null, "USE_DEFAULT_VALUE"],
    );
    const feedback = await runCourse(account, {
      token: attributes("FeedbackAttributes"),
      inputs: { emailIdentity: identity.id },
      changed: { emailForwardingEnabled: true },
      changes: ["emailForwardingEnabled"],
    });
    const policy = (action: string) =>
      JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Principal: { AWS: "444455556666" }, Action: action, Resource: "*" }],
      });
    await runDeletion(
      await runCourse(account, {
        token: attributes("Policy"),
        inputs: { emailIdentity: identity.id, policyName: "sender", policy: policy("ses:SendEmail") },
        changed: { policy: policy("ses:SendRawEmail") },
        changes: ["policy"],
      }),
    );
    await runDeletion(identity);
    assert.equal(await feedback.refresh(), false, "it is gone with its identity");
    await feedback.delete();
  });

  it("lets a program's mails out of what it has made", async () => {
    const set = await createSet("sending");
    const identity = await new Managed(IDENTITY, account).create({
      emailIdentity: "from@example.net",
      configurationSetName: set.id,
    });
    const ses = account.client(SESv2Client);
    const details = { MailType: "TRANSACTIONAL" as const, WebsiteURL: "https://example.com" };
    await ses.send(new PutAccountDetailsCommand({ ...details, ProductionAccessEnabled: true }));
    const Data = Buffer.from("From: from@example.net\r\nTo: to@example.org\r\nSubject: s\r\n\r\nt");
    const send = () => ses.send(new SendEmailCommand({ Content: { Raw: { Data } } }));
    await assert.rejects(send(), { name: "MessageRejected" });
    const query = `identity=${identity.id}`;
    await fetch(`${process.env.AWS_ENDPOINT_URL}/_aws-patterns/verify-email?${query}`, { method: "POST" });
    await send();
    await set.update({ configurationSetName: set.id, sendingOptions: { sendingEnabled: false } });
    await assert.rejects(send(), { name: "SendingPausedException" });
    await runDeletion(identity);
    await runDeletion(set);
  });
});
