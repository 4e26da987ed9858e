import * as assert from "node:assert/strict";
import { CostReport, type CostReportArgs } from "../../../components/cost-report/cost-report";
import { deploy, only, type Registered } from "../../support/mocks";
import { permissionsOf, type Statement, statementsOf } from "../../support/policies";

const MINIMAL: CostReportArgs = {
  sender: { address: "aws-costs@example.com" },
  recipients: [{ address: "finance@example.com" }],
};

async function create(args: Partial<CostReportArgs> = {}): Promise<Registered[]> {
  return (await deploy(() => new CostReport("costs", { ...MINIMAL, ...args }))).resources;
}

const short = ({ Action, Resource, Condition }: Statement): unknown[] =>
  Condition === undefined ? [Action, Resource] : [Action, Resource, Condition];

const BUCKET = "arn:aws:s3:::costs-archive-bucket";
const TABLE = "arn:aws:dynamodb:us-east-1:111111111111:table/costs-deliveries";
const identity = (name: string): string => `arn:aws:ses:us-east-1:111111111111:identity/${name}`;
const CONFIGURATION_SET = "arn:aws:ses:us-east-1:111111111111:configuration-set/aws-patterns-test-costs-mail";
const SEND = ["ses:SendEmail", "ses:SendRawEmail"];
const FROM = { StringEquals: { "ses:FromAddress": ["aws-costs@example.com"] } };
const DEAD_LETTERS = "arn:aws:sqs:us-east-1:111111111111:costs-report-dead-letters-queue";

const COSTS = [["ce:GetCostAndUsage"], ["*"]];
const NAMES = [["organizations:ListAccounts"], ["*"]];
const DELIVERIES = [["dynamodb:Query", "dynamodb:UpdateItem"], [TABLE]];
const archived = (prefix = ""): unknown[][] => [
  [["s3:GetObject"], [`${BUCKET}/${prefix}reports/*`]],
  [["s3:PutObject"], [`${BUCKET}/${prefix}reports/*`, `${BUCKET}/${prefix}trend/*`]],
  [["s3:ListBucket"], [BUCKET], { StringLikeIfExists: { "s3:prefix": [`${prefix}reports/*`] } }],
];
const OWN: unknown[][] = [
  [
    ["logs:CreateLogStream", "logs:PutLogEvents"],
    ["arn:aws:logs:us-east-1:111111111111:log-group:costs-report-logs:log-stream:*"],
  ],
  [["xray:PutTraceSegments", "xray:PutTelemetryRecords"], ["*"]],
  [["sqs:SendMessage"], [DEAD_LETTERS]],
];

describe("what CostReport may do", () => {
  const function_ = (resources: readonly Registered[]): unknown[][] =>
    permissionsOf(resources, "costs-report-role").map(short);
  /** Everything but what every report does: reading costs and names, and sending. */
  const billing = async (args: Partial<CostReportArgs>): Promise<unknown[][]> =>
    function_(await create(args)).slice(0, -(archived().length + 2 + OWN.length));
  const sending = async (args: Partial<CostReportArgs>): Promise<unknown> =>
    function_(await create(args)).find(([actions]) => (actions as string[]).includes("ses:SendEmail"));

  it("is exactly what a report takes", async () => {
    assert.deepEqual(function_(await create()), [
      COSTS,
      NAMES,
      ...archived(),
      DELIVERIES,
      [SEND, [identity("aws-costs@example.com"), CONFIGURATION_SET], FROM],
      ...OWN,
    ]);
  });

  it("is, for the schedule, to invoke the function, or to tell its dead letters", async () => {
    assert.deepEqual(permissionsOf(await create(), "costs-daily-role").map(short), [
      [["lambda:InvokeFunction"], ["arn:aws:lambda:us-east-1:111111111111:function:costs-report-function"]],
      [["sqs:SendMessage"], [DEAD_LETTERS]],
    ]);
  });

  it("goes no further than the archive's prefix", async () => {
    const own = function_(await create({ archive: { prefix: "costs/" } }));
    assert.deepEqual(own.slice(2, 5), archived("costs/"));
  });

  it("leaves AWS Organizations alone where nobody asks for names, and reads tags where owners are wanted", async () => {
    assert.deepEqual(await billing({ lookUpNames: false }), [COSTS]);
    assert.deepEqual(await billing({ lookUpNames: true }), [COSTS, NAMES]);
    assert.deepEqual(await billing({ ownerTag: "owner" }), [
      COSTS,
      NAMES,
      [["organizations:ListTagsForResource"], ["arn:aws:organizations::*:account/o-*/*"]],
    ]);
  });

  it("is to take the billing role, where there is one, and to read nothing itself", async () => {
    const roleArn = "arn:aws:iam::222222222222:role/cost-reader";
    const assume = [["sts:AssumeRole"], [roleArn]];
    assert.deepEqual(await billing({ billingRole: { roleArn } }), [assume]);
    assert.deepEqual(await billing({ billingRole: { roleArn, externalId: "costs" }, ownerTag: "owner" }), [assume]);
  });

  it("is to send as the identity that stands for the sender", async () => {
    const domain = { kind: "domain", hostedZone: { id: "Z1" } } as const;
    const at = (verification: NonNullable<CostReportArgs["sender"]["verification"]>) =>
      sending({ sender: { address: "aws-costs@example.com", verification } });
    const as = (name: string): unknown[] => [SEND, [identity(name), CONFIGURATION_SET], FROM];
    assert.deepEqual(await at(domain), as("example.com"));
    assert.deepEqual(await at({ kind: "link" }), as("aws-costs@example.com"));
    assert.deepEqual(await at({ kind: "existing", identity: "domain" }), as("example.com"));
    assert.deepEqual(await at({ kind: "existing", identity: "address" }), as("aws-costs@example.com"));
  });

  it("goes by the sender's address as mails have it: the domain in lower case", async () => {
    const sender = { address: "AWS.Costs@Example.COM", name: "Costs" };
    assert.deepEqual(await sending({ sender }), [
      SEND,
      [identity("AWS.Costs@example.com"), CONFIGURATION_SET],
      { StringEquals: { "ses:FromAddress": ["AWS.Costs@example.com"] } },
    ]);
  });

  it("includes the identities of recipients that are verified here, as SES's sandbox asks for", async () => {
    assert.deepEqual(await sending({ verifyRecipients: true }), [
      SEND,
      [identity("aws-costs@example.com"), CONFIGURATION_SET, identity("finance@example.com")],
      FROM,
    ]);
  });

  it("is, with the archive, nothing for anybody without TLS", async () => {
    const { inputs } = only(await create(), "aws:s3/bucketPolicy:BucketPolicy");
    assert.equal(inputs.bucket, "costs-archive-bucket");
    assert.deepEqual(statementsOf(inputs.policy), [
      {
        Effect: "Deny",
        Principal: "*",
        Action: ["s3:*"],
        Resource: [BUCKET, `${BUCKET}/*`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ]);
  });
});
