import * as assert from "node:assert/strict";
import { CloudWatchClient, GetMetricStatisticsCommand } from "@aws-sdk/client-cloudwatch";
import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from "@aws-sdk/client-eventbridge";
import {
  CreateConfigurationSetCommand,
  CreateConfigurationSetEventDestinationCommand,
  type EventDestinationDefinition,
  type EventType,
  PutConfigurationSetSendingOptionsCommand,
  SendEmailCommand,
  type SendEmailCommandInput,
  SESv2Client,
} from "@aws-sdk/client-sesv2";
import { CreateTopicCommand, SetTopicAttributesCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { SetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { startTestCloud, until, type TestCloud } from "../support/cloud";
import { createQueue, policy, type Queue } from "../support/functions";
import { createVerified, leaveSandbox, mailsOf, rawMail } from "../support/mail";
import { given } from "../support/network";

const ACCOUNT = "841000000001";
const SANDBOXED = "841000000002";
const SENDER = "costs@example.com";
const simulator = (name: string): string => `${name}@simulator.amazonses.com`;
const ALL: EventType[] = ["SEND", "DELIVERY", "BOUNCE", "COMPLAINT", "REJECT"];
const EICAR = String.raw`X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*`;

describe("the local cloud's SES", () => {
  let cloud: TestCloud;
  let ses: SESv2Client;
  before(async () => {
    cloud = await startTestCloud();
    ses = new SESv2Client(cloud.as(ACCOUNT));
    await createVerified(cloud, ACCOUNT, SENDER);
    await leaveSandbox(cloud, ACCOUNT);
  });
  after(() => cloud.stop());

  const send = (input: Partial<SendEmailCommandInput>, client = ses) =>
    client.send(new SendEmailCommand({ Content: rawMail({ From: SENDER, To: "a@example.net" }), ...input }));
  const lastMail = async () => given((await mailsOf(cloud, ACCOUNT)).at(-1), "mail");

  it("keeps a raw mail as its recipients get it", async () => {
    const { MessageId } = await send({
      Content: rawMail({
        From: "=?utf-8?Q?K=C3=B6sten?= <costs@example.com>",
        To: '"Finance, Team" <a@example.net>,\r\n b@example.net',
        Bcc: "c@example.net",
        Subject: "=?utf-8?Q?K=C3=B6sten?=",
        "Message-ID": "<mine@example.com>",
        "X-SES-MESSAGE-TAGS": "pattern=cost-report",
      }),
    });
    const mail = await lastMail();
    assert.deepEqual(
      [mail.MessageId, mail.Subject, mail.To, mail.BCC, mail.EmailTags, mail.Region],
      [
        MessageId,
        "Kösten",
        ["a@example.net", "b@example.net"],
        ["c@example.net"],
        { pattern: "cost-report" },
        "us-east-1",
      ],
    );
    assert.deepEqual([mail.BodyText, mail.BodyHtml], ["Costs: 12 €", "<b>Costs: 12 €</b>"]);
    const raw = Buffer.from(mail.Raw, "base64").toString("utf8");
    assert.match(raw, new RegExp(`^Message-ID: <${MessageId}@email\\.amazonses\\.com>\r\nDate: `));
    assert.match(raw, /\r\nTo: "Finance, Team" <a@example.net>,\r\n b@example.net\r\nSubject: /);
    assert.doesNotMatch(raw, /mine@|Bcc|X-SES/);
  });

  it("sends to whom the request names, whatever a raw mail's headers say", async () => {
    const Destination = { ToAddresses: ["x@example.net"], CcAddresses: ["y@example.net"] };
    await send({ FromEmailAddress: `Costs <${SENDER}>`, Destination });
    const mail = await lastMail();
    assert.deepEqual([mail.Source, mail.To, mail.CC], [`Costs <${SENDER}>`, ["x@example.net"], ["y@example.net"]]);
  });

  it("composes a simple mail", async () => {
    const Body = { Text: { Data: "Grüße" }, Html: { Data: "<b>Grüße</b>" } };
    const Destination = { ToAddresses: ["a@example.net"] };
    const Content = { Simple: { Subject: { Data: "Größe" }, Body } };
    await send({ FromEmailAddress: SENDER, Destination, Content });
    const mail = await lastMail();
    assert.deepEqual([mail.Subject, mail.BodyText, mail.BodyHtml], ["Größe", "Grüße", "<b>Grüße</b>"]);
    assert.match(Buffer.from(mail.Raw, "base64").toString(), /\r\nFrom: costs@example\.com\r\nTo: a@example\.net\r\n/);
  });

  it("refuses an unverified sender, and in the sandbox unverified recipients, by their names", async () => {
    const unverified = (names: string) => ({
      name: "MessageRejected",
      message: "Email address is not verified. The following identities failed the check in region US-EAST-1: " + names,
    });
    await assert.rejects(
      send({ Content: rawMail({ From: "other@example.com", To: "a@example.net" }) }),
      unverified("other@example.com"),
    );
    const sandboxed = new SESv2Client(cloud.as(SANDBOXED));
    await createVerified(cloud, SANDBOXED, SENDER);
    await createVerified(cloud, SANDBOXED, "a@example.net");
    await send({ Destination: { ToAddresses: ["a@example.net", simulator("success")] } }, sandboxed);
    await assert.rejects(
      send({ Destination: { ToAddresses: ["a@example.net", "b@example.net"] } }, sandboxed),
      unverified("b@example.net"),
    );
    assert.equal((await mailsOf(cloud, SANDBOXED)).length, 1, "a refused mail goes to nobody");
  });

  it("refuses what is no mail", async () => {
    const bad = { name: "BadRequestException" };
    await assert.rejects(send({ Content: {} }), bad);
    await assert.rejects(send({ Content: rawMail({ To: "a@example.net" }) }), { ...bad, message: /'From'/ });
    await assert.rejects(send({ Content: rawMail({ From: SENDER }) }), { ...bad, message: /no recipients/ });
    const to = (ToAddresses: string[]) => send({ Destination: { ToAddresses } });
    await assert.rejects(to(["nobody"]), { ...bad, message: "Missing final '@domain'" });
    const many = Array.from({ length: 51 }, (_, i) => `a${i}@example.net`);
    await assert.rejects(to(many), { ...bad, message: "Recipient count exceeds 50." });
    await assert.rejects(send({ ConfigurationSetName: "none" }), { name: "NotFoundException" });
  });

  describe("with a configuration set", () => {
    const setArn = (name: string): string => `arn:aws:ses:us-east-1:${ACCOUNT}:configuration-set/${name}`;
    const createSet = (ConfigurationSetName: string) =>
      ses.send(new CreateConfigurationSetCommand({ ConfigurationSetName }));
    const addDestination = (ConfigurationSetName: string, target: EventDestinationDefinition, types = ALL) =>
      ses.send(
        new CreateConfigurationSetEventDestinationCommand({
          ConfigurationSetName,
          EventDestinationName: "destination",
          EventDestination: { Enabled: true, MatchingEventTypes: types, ...target },
        }),
      );
    const sum = async (MetricName: string, dimensions: Record<string, string>): Promise<number> => {
      const { Datapoints = [] } = await new CloudWatchClient(cloud.as(ACCOUNT)).send(
        new GetMetricStatisticsCommand({
          Namespace: "AWS/SES",
          MetricName,
          Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
          StartTime: new Date(Date.now() - 600_000),
          EndTime: new Date(Date.now() + 600_000),
          Period: 1200,
          Statistics: ["Sum"],
        }),
      );
      return Datapoints.reduce((total, { Sum = 0 }) => total + Sum, 0);
    };
    const open = (queue: Queue, service: string) =>
      new SQSClient(cloud.as(ACCOUNT)).send(
        new SetQueueAttributesCommand({
          QueueUrl: queue.url,
          Attributes: {
            Policy: policy({ Principal: { Service: service }, Action: "sqs:SendMessage", Resource: queue.arn }),
          },
        }),
      );

    it("counts what becomes of its mails in metrics with the dimensions asked for", async () => {
      await createSet("counted");
      const dimension = (DimensionName: string, DefaultDimensionValue: string) => ({
        DimensionName,
        DefaultDimensionValue,
        DimensionValueSource: "MESSAGE_TAG" as const,
      });
      await addDestination("counted", {
        CloudWatchDestination: {
          DimensionConfigurations: [dimension("ses:configuration-set", "none"), dimension("pattern", "none")],
        },
      });
      const EmailTags = [{ Name: "pattern", Value: "cost-report" }];
      for (const name of ["success", "bounce+42", "complaint", "suppressionlist"]) {
        await send({ ConfigurationSetName: "counted", EmailTags, Destination: { ToAddresses: [simulator(name)] } });
      }
      await send({ ConfigurationSetName: "counted" });
      const tagged = { "ses:configuration-set": "counted", pattern: "cost-report" };
      await until("the metrics", async () => (await sum("Complaint", tagged)) === 1);
      const counts = await Promise.all(["Send", "Delivery", "Bounce", "Complaint"].map((name) => sum(name, tagged)));
      // A complaint is about a mail that was delivered; suppression counts as a bounce.
      assert.deepEqual(counts, [4, 2, 2, 1]);
      await until("the default value", async () => (await sum("Send", { ...tagged, pattern: "none" })) === 1);
      assert.ok((await sum("Bounce", {})) >= 2, "the account's own metrics count them, too");
    });

    it("tells a topic that lets SES in, and makes no destination of another", async () => {
      await createSet("announced");
      const sns = new SNSClient(cloud.as(ACCOUNT));
      const TopicArn = given((await sns.send(new CreateTopicCommand({ Name: "mails" }))).TopicArn, "topic");
      const setPolicy = (SourceArn: string) =>
        sns.send(
          new SetTopicAttributesCommand({
            TopicArn,
            AttributeName: "Policy",
            AttributeValue: policy({
              Principal: { Service: "ses.amazonaws.com" },
              Action: "sns:Publish",
              Resource: TopicArn,
              Condition: { StringEquals: { "AWS:SourceArn": SourceArn, "AWS:SourceAccount": ACCOUNT } },
            }),
          }),
        );
      await setPolicy(setArn("other"));
      await assert.rejects(addDestination("announced", { SnsDestination: { TopicArn } }), {
        name: "BadRequestException",
        message: `Could not publish message to SNS topic <${TopicArn}>.`,
      });
      await setPolicy(setArn("announced"));
      const queue = await createQueue(cloud.as(ACCOUNT), "mails");
      await open(queue, "sns.amazonaws.com");
      const Attributes = { RawMessageDelivery: "true" };
      await sns.send(new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint: queue.arn, Attributes }));
      await addDestination("announced", { SnsDestination: { TopicArn } }, ["BOUNCE", "REJECT"]);

      const { MessageId } = await send({
        ConfigurationSetName: "announced",
        Destination: { ToAddresses: [simulator("bounce"), "a@example.net"] },
      });
      const [bounce] = await queue.take(1);
      const event = JSON.parse(bounce?.Body ?? "") as {
        eventType: string;
        mail: { messageId: string; tags: Record<string, string[]>; destination: string[] };
        bounce: { bounceType: string; bouncedRecipients: { emailAddress: string }[] };
      };
      assert.deepEqual([event.eventType, event.mail.messageId], ["Bounce", MessageId]);
      assert.deepEqual(event.mail.tags["ses:configuration-set"], ["announced"]);
      assert.deepEqual(
        [event.bounce.bounceType, event.bounce.bouncedRecipients[0]?.emailAddress],
        ["Permanent", simulator("bounce")],
      );

      const sent = (await mailsOf(cloud, ACCOUNT)).length;
      const attachment = `Content-Type: text/plain\r\nContent-Disposition: attachment; filename=a.txt\r\n\r\n${EICAR}`;
      const Content = rawMail({ From: SENDER, To: "a@example.net" }, attachment);
      await send({ ConfigurationSetName: "announced", Content });
      const [reject] = await queue.take(1);
      assert.match(reject?.Body ?? "", /"eventType": "Reject".*"reason": "Bad content"/);
      assert.equal((await mailsOf(cloud, ACCOUNT)).length, sent, "a rejected mail reaches nobody");
    });

    it("tells the default event bus", async () => {
      await createSet("bus");
      const EventBusArn = `arn:aws:events:us-east-1:${ACCOUNT}:event-bus/default`;
      await assert.rejects(
        addDestination("bus", { EventBridgeDestination: { EventBusArn: EventBusArn.replace("default", "mine") } }),
        { name: "BadRequestException", message: /not the default event bus/ },
      );
      await addDestination("bus", { EventBridgeDestination: { EventBusArn } });
      const queue = await createQueue(cloud.as(ACCOUNT), "bus");
      await open(queue, "events.amazonaws.com");
      const eventBridge = new EventBridgeClient(cloud.as(ACCOUNT));
      const pattern = { source: ["aws.ses"], "detail-type": ["Email Complaint Received"] };
      await eventBridge.send(new PutRuleCommand({ Name: "mails", EventPattern: JSON.stringify(pattern) }));
      await eventBridge.send(new PutTargetsCommand({ Rule: "mails", Targets: [{ Id: "queue", Arn: queue.arn }] }));
      await send({ ConfigurationSetName: "bus", Destination: { ToAddresses: [simulator("complaint")] } });
      const [message] = await queue.take(1);
      const event = JSON.parse(message?.Body ?? "") as { resources: string[]; detail: { eventType: string } };
      assert.deepEqual([event.resources, event.detail.eventType], [[setArn("bus")], "Complaint"]);
    });

    it("sends nothing while the set is paused, also when the sender's identity brings it", async () => {
      await createSet("paused");
      await ses.send(
        new PutConfigurationSetSendingOptionsCommand({ ConfigurationSetName: "paused", SendingEnabled: false }),
      );
      await createVerified(cloud, ACCOUNT, "paused@example.com", { ConfigurationSetName: "paused" });
      await assert.rejects(send({ FromEmailAddress: "paused@example.com" }), { name: "SendingPausedException" });
    });
  });
});
