import * as assert from "node:assert/strict";
import { InspectorScanning, type InspectorScanningArgs } from "../../../components/inspector/inspector";
import { isExpired } from "../../../components/inspector/suppressions";
import { unguardedPaths } from "../../support/asynchronous-paths";
import { capturedSettings } from "../../support/captured";
import { ACCOUNT, deploy, ofType, only, type Registered, valueOf } from "../../support/mocks";
import { statementsOf } from "../../support/policies";

const FUNCTION = "aws:lambda/function:Function";
const SCHEDULE = "aws:scheduler/schedule:Schedule";
const ENABLER = "aws:inspector2/enabler:Enabler";
const HUB = "aws:securityhub/account:Account";
const FILTER = "aws:inspector2/filter:Filter";
const MAIL: InspectorScanningArgs["mail"] = {
  sender: { address: "security@example.com" },
  recipients: ["platform@example.com"],
};
const flask = { name: "flask", reason: "not reachable", expires: "2999-12-31", match: { packages: ["flask"] } };

const create = (args?: InspectorScanningArgs) => deploy(() => new InspectorScanning("scan", args));
const inputsOf = (resources: readonly Registered[], type: string): unknown[] =>
  ofType(resources, type).map(({ inputs }) => inputs);

describe("InspectorScanning", () => {
  describe("by default", () => {
    let resources: Registered[];
    let component: InspectorScanning;
    before(async () => ({ resources, result: component } = await create()));

    it("scans instances, images and functions of its own account, once somebody listens", () => {
      const { inputs, after } = only(resources, ENABLER);
      assert.deepEqual(inputs, { accountIds: [ACCOUNT], resourceTypes: ["EC2", "ECR", "LAMBDA"] });
      for (const name of ["scan-watch-target", "scan-watch-subscription-mapping"])
        assert.ok(after.includes(name), name);
      for (const type of ["OrganizationConfiguration", "DelegatedAdminAccount", "MemberAssociation", "Filter"]) {
        assert.ok(!resources.some((it) => it.type.endsWith(`:${type}`)), type);
      }
    });

    it("brings findings to a queue, and from there to its function, one batch of ten after the other", () => {
      assert.deepEqual(JSON.parse(String(only(resources, "aws:cloudwatch/eventRule:EventRule").inputs.eventPattern)), {
        source: ["aws.inspector2"],
        "detail-type": ["Inspector2 Finding"],
      });
      const { eventSourceArn, functionResponseTypes, scalingConfig } = only(
        resources,
        "aws:lambda/eventSourceMapping:EventSourceMapping",
      ).inputs;
      assert.match(String(eventSourceArn), /:scan-watch-events-queue$/);
      assert.deepEqual(
        [functionResponseTypes, scalingConfig],
        [["ReportBatchItemFailures"], { maximumConcurrency: 5 }],
      );
      assert.deepEqual(unguardedPaths(resources), []);
    });

    it("tells of changes every 15 minutes, and looks at what is overdue every day", () => {
      assert.deepEqual(
        ofType(resources, SCHEDULE).map(({ inputs: { scheduleExpression, target } }) => [
          scheduleExpression,
          JSON.parse((target as { input: string }).input),
        ]),
        [
          ["rate(15 minutes)", { report: "notices", time: "<aws.scheduler.scheduled-time>" }],
          ["cron(0 7 * * ? *)", { report: "digest", time: "<aws.scheduler.scheduled-time>" }],
        ],
      );
      const { threshold, period, statistic, dimensions } = only(
        resources,
        "aws:cloudwatch/metricAlarm:MetricAlarm",
        "-overdue",
      ).inputs;
      assert.deepEqual([threshold, period, statistic], [0, 86_400, "Maximum"]);
      assert.deepEqual(dimensions, { Scan: "aws-patterns/test/scan" });
    });

    it("gives its functions what they need, and nobody mail", async () => {
      const table = { scanId: "aws-patterns/test/scan", tableName: "scan-watch-findings" };
      assert.deepEqual(await capturedSettings(only(resources, FUNCTION, "-record-function")), table);
      assert.deepEqual(await capturedSettings(only(resources, FUNCTION, "-report-function")), {
        ...table,
        topicArn: `arn:aws:sns:us-east-1:${ACCOUNT}:scan-watch-topic`,
        fixWithinDays: { CRITICAL: 15, HIGH: 30 },
      });
      assert.deepEqual(inputsOf(resources, "aws:sesv2/emailIdentity:EmailIdentity"), []);
      assert.equal(await valueOf(component.watch?.noticesScheduleName), "scan-watch-notices-schedule");
    });

    it("encrypts its topic, and takes messages through TLS only", () => {
      assert.deepEqual(inputsOf(resources, "aws:sns/topic:Topic"), [{ kmsMasterKeyId: "alias/aws/sns" }]);
      const [statement] = statementsOf(only(resources, "aws:sns/topicPolicy:TopicPolicy").inputs.policy);
      assert.deepEqual(
        [statement?.Effect, statement?.Action, statement?.Condition],
        ["Deny", ["sns:Publish"], { Bool: { "aws:SecureTransport": "false" } }],
      );
    });

    it("lets each function do what it is for", () => {
      const actions = (role: string): string[] =>
        statementsOf(only(resources, "aws:iam/rolePolicy:RolePolicy", `-${role}-policy`).inputs.policy)
          .flatMap(({ Action }) => Action)
          .filter((action) => /^(dynamodb|sns|ses):/.test(action));
      assert.deepEqual(actions("record"), ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"]);
      assert.deepEqual(actions("report"), ["dynamodb:Query", "dynamodb:UpdateItem", "sns:Publish"]);
    });
  });

  it("mails from the sender, by its own name and schedule, within its own limits", async () => {
    const mail = {
      ...MAIL,
      sender: { address: "security@Example.com", name: "Security" },
      verifyRecipients: true,
      digestSchedule: "cron(30 6 ? * MON-FRI *)",
      timeZone: "Europe/Zurich",
    };
    const { resources } = await create({ mail, fixWithinDays: { critical: 3, low: 90 }, resourceTypes: ["LAMBDA"] });
    const { mail: reported, fixWithinDays } = (await capturedSettings(
      only(resources, FUNCTION, "-report-function"),
    )) as {
      mail: unknown;
      fixWithinDays: unknown;
    };
    assert.deepEqual(reported, {
      sender: '"Security" <security@Example.com>',
      recipients: ["platform@example.com"],
      configurationSetName: "aws-patterns-test-scan-watch-mail",
    });
    assert.deepEqual(fixWithinDays, { CRITICAL: 3, HIGH: 30, LOW: 90 });
    const { scheduleExpression, scheduleExpressionTimezone } = only(resources, SCHEDULE, "-digest-schedule").inputs;
    assert.deepEqual([scheduleExpression, scheduleExpressionTimezone], ["cron(30 6 ? * MON-FRI *)", "Europe/Zurich"]);
    const policy = only(resources, "aws:iam/rolePolicy:RolePolicy", "-report-policy").inputs.policy;
    const sending = statementsOf(policy).find(({ Action }) => Action.includes("ses:SendEmail"));
    assert.equal(sending?.Resource.length, 3);
    assert.deepEqual(sending?.Condition, { StringEquals: { "ses:FromAddress": ["security@example.com"] } });
  });

  it("names the delegated administrator in the management account, and makes nothing else there", async () => {
    const organization = { role: "management", delegatedAdministrator: "222222222222" } as const;
    const { resources, result } = await create({ organization });
    assert.deepEqual(
      resources.filter(({ type }) => type.startsWith("aws:")).map(({ type, inputs }) => [type, inputs]),
      [["aws:inspector2/delegatedAdminAccount:DelegatedAdminAccount", { accountId: "222222222222" }]],
    );
    assert.equal(result.watch, undefined);
  });

  it("scans accounts that join, and members that were there, from the administrator's account", async () => {
    const configured = async (organization: InspectorScanningArgs["organization"]) => {
      const { resources } = await create({ organization, resourceTypes: ["EC2", "LAMBDA"] } as InspectorScanningArgs);
      const type = "aws:inspector2/organizationConfiguration:OrganizationConfiguration";
      return { resources, autoEnable: only(resources, type).inputs.autoEnable };
    };
    const { resources, autoEnable } = await configured({ role: "administrator", members: ["333333333333"] });
    assert.deepEqual(autoEnable, { ec2: true, ecr: false, lambda: true, lambdaCode: false });
    assert.deepEqual(inputsOf(resources, "aws:inspector2/memberAssociation:MemberAssociation"), [
      { accountId: "333333333333" },
    ]);
    assert.deepEqual(inputsOf(resources, ENABLER), [
      { accountIds: [ACCOUNT], resourceTypes: ["EC2", "LAMBDA"] },
      { accountIds: ["333333333333"], resourceTypes: ["EC2", "LAMBDA"] },
    ]);
    const other = await configured({ role: "administrator", autoEnable: ["ECR"] });
    assert.deepEqual(other.autoEnable, { ec2: false, ecr: true, lambda: false, lambdaCode: false });
  });

  it("turns Security Hub on where it is asked to, without standards, before anything is scanned", async () => {
    const { resources } = await create({ securityHub: true });
    const { name, inputs } = only(resources, HUB);
    assert.deepEqual(inputs, { enableDefaultStandards: false });
    assert.ok(only(resources, ENABLER).after.includes(name));
    assert.deepEqual(inputsOf((await create()).resources, HUB), []);
  });

  it("suppresses findings for a reason, until a day", async () => {
    const match = { packages: ["flask"], severities: ["LOW" as const, "MEDIUM" as const], accounts: ["333333333333"] };
    const { resources } = await create({ suppressions: [{ ...flask, match }] });
    const equals = (...values: string[]) => values.map((value) => ({ comparison: "EQUALS", value }));
    assert.deepEqual(inputsOf(resources, FILTER), [
      {
        action: "SUPPRESS",
        description: "not reachable (until 2999-12-31)",
        filterCriterias: [
          {
            severities: equals("LOW", "MEDIUM"),
            awsAccountIds: equals("333333333333"),
            vulnerablePackages: [{ name: { comparison: "EQUALS", value: "flask" } }],
          },
        ],
      },
    ]);
  });

  it("takes an expired suppression away", async () => {
    const { resources } = await create({ suppressions: [{ ...flask, expires: "2026-01-31" }] });
    assert.deepEqual(inputsOf(resources, FILTER), []);
    const ends = (text: string): boolean => isExpired({ expires: "2026-01-31" }, Date.parse(text));
    assert.deepEqual([ends("2026-01-31T23:59:59Z"), ends("2026-02-01T00:00:00Z")], [false, true]);
  });

  const wrong: Record<string, [args: unknown, error: RegExp]> = {
    "code scans without those of dependencies": [
      { resourceTypes: ["LAMBDA_CODE"] },
      /resourceTypes: received \["LAMBDA_CODE"\]; allowed: LAMBDA_CODE only together with LAMBDA/,
    ],
    "the same for accounts that join": [
      { organization: { role: "administrator", autoEnable: ["LAMBDA_CODE"] } },
      /organization\.autoEnable: .* only together with LAMBDA/,
    ],
    "anything else in the management account": [
      { organization: { role: "management", delegatedAdministrator: "222222222222" }, mail: MAIL },
      /mail: .* allowed: nothing where organization\.role is management/,
    ],
    "Security Hub in the management account": [
      { organization: { role: "management", delegatedAdministrator: "222222222222" }, securityHub: true },
      /securityHub: .* allowed: nothing where organization\.role is management/,
    ],
    "two suppressions of one name": [
      { suppressions: [flask, flask] },
      /suppressions\[1\]\.name: .* no suppression before/,
    ],
    "a suppression of everything": [
      { suppressions: [{ ...flask, match: {} }] },
      /suppressions\[0\]\.match: .* at least one list/,
    ],
    "a day that does not exist": [
      { suppressions: [{ ...flask, expires: "2026-02-30" }] },
      /suppressions\[0\]\.expires: .* a day such as 2027-01-31/,
    ],
    "a recipient twice": [
      { mail: { ...MAIL, recipients: ["a@example.com", "A@example.com"] } },
      /mail\.recipients\[1\]: .* each address once/,
    ],
    "a zone of another domain": [
      {
        mail: {
          ...MAIL,
          sender: { address: "a@example.com", verification: { kind: "domain", hostedZone: { name: "example.org" } } },
        },
      },
      /mail\.sender\.verification\.hostedZone\.name: .* a zone that example\.com belongs to/,
    ],
  };
  for (const [what, [args, error]] of Object.entries(wrong)) {
    it(`refuses ${what}`, () => assert.rejects(create(args as InspectorScanningArgs), error));
  }

  it("refuses a name that is too long for its configuration set together with other faults", async () => {
    const made = deploy(() => new InspectorScanning("-", { resourceTypes: [] }));
    await assert.rejects(made, /2 wrong arguments[\s\S]*resourceTypes[\s\S]*name: received "-"/);
  });
});
