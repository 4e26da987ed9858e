import * as assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { scheduledMessage } from "../../../handlers/cost-report/scheduled-message";
import { CostReport, type CostReportArgs } from "../../../components/cost-report/cost-report";
import { unguardedPaths } from "../../support/asynchronous-paths";
import { capturedSettings } from "../../support/captured";
import { deploy, type DeployOptions, ofType, only, type Registered, valueOf } from "../../support/mocks";

const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";
const FUNCTION = "aws:lambda/function:Function";
const LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration";
const SCHEDULE = "aws:scheduler/schedule:Schedule";

const MINIMAL: CostReportArgs = {
  sender: { address: "aws-costs@example.com" },
  recipients: [{ address: "finance@example.com" }],
};

const create = (args: Partial<CostReportArgs> = {}, options: DeployOptions = {}) =>
  deploy(() => new CostReport("costs", { ...MINIMAL, ...args }), options);

/** What every report's function is given. */
const EXPECTED = {
  reportId: "aws-patterns/test/costs",
  bucketName: "costs-archive-bucket",
  tableName: "costs-deliveries",
  configurationSetName: "aws-patterns-test-costs-mail",
};

describe("CostReport", () => {
  describe("by default", () => {
    let resources: Registered[];
    let component: CostReport;
    before(async () => ({ resources, result: component } = await create()));

    it("tells what it made", async () => {
      assert.equal(await valueOf(component.scheduleName), "costs-daily-schedule");
      assert.equal(await valueOf(component.lambda.function.name), "costs-report-function");
      assert.equal(await valueOf(component.archive.bucket.bucket), EXPECTED.bucketName);
      assert.equal(await valueOf(component.deliveries.name), EXPECTED.tableName);
      assert.equal(await valueOf(component.mail.configurationSet.configurationSetName), EXPECTED.configurationSetName);
    });

    it("fires every day at 11:18 UTC, as the original does, or within ten minutes of it", () => {
      const { scheduleExpression, scheduleExpressionTimezone, flexibleTimeWindow, target } = only(
        resources,
        SCHEDULE,
      ).inputs;
      assert.deepEqual([scheduleExpression, scheduleExpressionTimezone], ["cron(18 11 * * ? *)", "UTC"]);
      assert.deepEqual(flexibleTimeWindow, { mode: "FLEXIBLE", maximumWindowInMinutes: 10 });
      const { arn, input, retryPolicy } = target as { arn: string; input: string; retryPolicy: unknown };
      assert.match(arn, /:function:costs-report-function$/);
      assert.deepEqual(JSON.parse(input), scheduledMessage);
      assert.deepEqual(retryPolicy, { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 20 });
    });

    it("tells its function where things are, and leaves the rest to the function's own defaults", async () => {
      assert.deepEqual(await capturedSettings(only(resources, FUNCTION)), {
        ...EXPECTED,
        sender: "aws-costs@example.com",
        recipients: [{ address: "finance@example.com" }],
        organizations: { lookup: true },
      });
    });

    it("gives the function what any number of accounts takes, and three attempts that end in dead letters", () => {
      const { timeout, memorySize, description } = only(resources, FUNCTION).inputs;
      assert.deepEqual([timeout, memorySize, description], [900, 1536, "costs: mails what AWS costs"]);
      const { maximumRetryAttempts } = only(
        resources,
        "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
      ).inputs;
      assert.equal(maximumRetryAttempts, 2);
      assert.deepEqual(unguardedPaths(resources), []);
    });

    it("has AWS mail a link to the sender, and to nobody else", () => {
      assert.deepEqual(
        ofType(resources, "aws:sesv2/emailIdentity:EmailIdentity").map(({ name, inputs }) => [name, inputs]),
        [["costs-mail-sender", { emailIdentity: "aws-costs@example.com" }]],
      );
      assert.deepEqual(ofType(resources, "aws:route53/record:Record"), []);
    });

    it("sends through TLS only, and never again to who bounced or complained", () => {
      assert.deepEqual(only(resources, "aws:sesv2/configurationSet:ConfigurationSet").inputs, {
        configurationSetName: EXPECTED.configurationSetName,
        deliveryOptions: { tlsPolicy: "REQUIRE" },
        reputationOptions: { reputationMetricsEnabled: true },
        suppressionOptions: { suppressedReasons: ["BOUNCE", "COMPLAINT"] },
      });
    });

    it("counts what becomes of mails, by the configuration set", () => {
      const { eventDestination, configurationSetName } = only(
        resources,
        "aws:sesv2/configurationSetEventDestination:ConfigurationSetEventDestination",
      ).inputs;
      assert.equal(configurationSetName, EXPECTED.configurationSetName);
      assert.deepEqual(eventDestination, {
        enabled: true,
        matchingEventTypes: ["BOUNCE", "COMPLAINT", "REJECT"],
        cloudWatchDestination: {
          dimensionConfigurations: [
            {
              dimensionName: "ses:configuration-set",
              dimensionValueSource: "MESSAGE_TAG",
              defaultDimensionValue: EXPECTED.configurationSetName,
            },
          ],
        },
      });
    });

    it("watches for mails that come back, are called spam or are rejected, and for reports that fail or lack something", () => {
      const alarms = ofType(resources, ALARM).map(({ name, inputs }) => [
        name.replace("costs-", ""),
        `${String(inputs.namespace)} ${String(inputs.metricName)} ${String(inputs.comparisonOperator)} ${String(inputs.threshold)}`,
      ]);
      assert.deepEqual(alarms.sort(), [
        ["incomplete", "AwsPatterns/CostReport PartsMissing GreaterThanThreshold 0"],
        ["mail-bounce", "AWS/SES Bounce GreaterThanThreshold 0"],
        ["mail-complaint", "AWS/SES Complaint GreaterThanThreshold 0"],
        ["mail-reject", "AWS/SES Reject GreaterThanThreshold 0"],
        ["report-dead-letters-alarm", "AWS/SQS ApproximateNumberOfMessagesVisible GreaterThanThreshold 0"],
      ]);
      for (const { inputs } of ofType(resources, ALARM)) {
        assert.deepEqual([inputs.treatMissingData, inputs.alarmActions], ["notBreaching", undefined]);
        assert.match(String(inputs.alarmDescription), /\S/);
        if (inputs.metricName === "PartsMissing") assert.deepEqual(inputs.dimensions, { Report: EXPECTED.reportId });
        if (inputs.namespace === "AWS/SES") {
          assert.deepEqual(inputs.dimensions, { "ses:configuration-set": EXPECTED.configurationSetName });
          assert.deepEqual([inputs.statistic, inputs.period, inputs.evaluationPeriods], ["Sum", 300, 1]);
        }
      }
    });

    it("knows for each report, day and recipient what was sent, and forgets it in time", () => {
      const { inputs } = only(resources, "aws:dynamodb/table:Table");
      assert.deepEqual([inputs.hashKey, inputs.rangeKey, inputs.billingMode], ["pk", "sk", "PAY_PER_REQUEST"]);
      assert.deepEqual(inputs.attributes, [
        { name: "pk", type: "S" },
        { name: "sk", type: "S" },
      ]);
      assert.deepEqual(inputs.ttl, { attributeName: "expiresAt", enabled: true });
    });

    it("archives in a private, encrypted bucket that keeps earlier versions", () => {
      const { bucket: _, ...block } = only(resources, "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock").inputs;
      assert.deepEqual(block, {
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      });
      const { rules } = only(
        resources,
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
      ).inputs;
      assert.deepEqual(rules, [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }]);
      assert.deepEqual(only(resources, "aws:s3/bucketOwnershipControls:BucketOwnershipControls").inputs.rule, {
        objectOwnership: "BucketOwnerEnforced",
      });
      assert.deepEqual(only(resources, "aws:s3/bucketVersioning:BucketVersioning").inputs.versioningConfiguration, {
        status: "Enabled",
      });
      for (const { inputs } of resources.filter(({ type }) => /^aws:s3\/bucket[A-Z]/.test(type))) {
        assert.equal(inputs.bucket, EXPECTED.bucketName);
      }
    });

    it("keeps reports and trend pages for two years, and earlier versions for a month", () => {
      const expiring = (id: string) => ({
        id,
        status: "Enabled",
        filter: { prefix: `${id}/` },
        expiration: { days: 730 },
        noncurrentVersionExpiration: { noncurrentDays: 30 },
        abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
      });
      assert.deepEqual(only(resources, LIFECYCLE).inputs.rules, [expiring("reports"), expiring("trend")]);
    });
  });

  it("hands every argument to its function", async () => {
    const choices = {
      recipients: [{ address: "finance@example.com" }, { address: "web@example.com", accounts: ["222222222222"] }],
      replyTo: "finops@example.com",
      title: "Costs of Example Inc.",
      subject: "{title}, {date}: {total}",
      metric: "NetAmortizedCost",
      recordTypes: { exclude: ["Credit", "Refund"] },
      accounts: { include: ["222222222222", "333333333333"] },
      knownAccounts: { "222222222222": { name: "web", owner: "web@example.com" } },
      billingRole: { roleArn: "arn:aws:iam::444444444444:role/cost-reader", externalId: "costs" },
      settlingDays: 3,
      trendDays: 14,
      bands: [1, 2, 3, 4],
      accountsInline: 5,
      servicesInline: 6,
      monthQuery: "separate",
      links: [{ label: "Dashboard", url: "https://costs.example.com/" }],
    } satisfies Partial<CostReportArgs>;
    const { resources } = await create({
      ...choices,
      sender: { address: "aws-costs@example.com", name: "Costs, AWS" },
      schedule: { expression: "cron(0 7 ? * MON-FRI *)", timeZone: "Europe/Berlin", flexibleMinutes: 0 },
      ownerTag: "owner",
      otherRecordTypes: ["Quantum Rebate"],
      archive: { prefix: "costs/", keepDays: 90 },
      alarmTopicArns: ["arn:topic"],
    });
    assert.deepEqual(await capturedSettings(only(resources, FUNCTION)), {
      ...EXPECTED,
      ...choices,
      // Outside of quotation marks, commas, semicolons and parentheses have a meaning of their own.
      sender: '"Costs, AWS" <aws-costs@example.com>',
      organizations: { lookup: true, ownerTag: "owner" },
      timeZone: "Europe/Berlin",
      prefix: "costs/",
    });
    const { scheduleExpression, scheduleExpressionTimezone, flexibleTimeWindow } = only(resources, SCHEDULE).inputs;
    assert.deepEqual(
      [scheduleExpression, scheduleExpressionTimezone, flexibleTimeWindow],
      ["cron(0 7 ? * MON-FRI *)", "Europe/Berlin", { mode: "OFF" }],
    );
    const rules = only(resources, LIFECYCLE).inputs.rules as Record<string, unknown>[];
    assert.deepEqual(
      rules.map(({ filter, expiration }) => [filter, expiration]),
      ["costs/reports/", "costs/trend/"].map((prefix) => [{ prefix }, { days: 90 }]),
    );
    assert.equal(ofType(resources, ALARM).length, 5);
    for (const { inputs } of ofType(resources, ALARM)) {
      assert.deepEqual([inputs.alarmActions, inputs.okActions], [["arn:topic"], ["arn:topic"]]);
    }
  });

  it("gives the function less where the accounts are few, and listed", async () => {
    const ids = (count: number) => Array.from({ length: count }, (_, n) => String(100_000_000_000 + n));
    const capacity = async (accounts: CostReportArgs["accounts"] & object): Promise<unknown> => {
      const { timeout, memorySize } = only((await create({ accounts })).resources, FUNCTION).inputs;
      return [timeout, memorySize];
    };
    assert.deepEqual(await capacity({ include: ids(100) }), [300, 512]);
    assert.deepEqual(await capacity({ include: ids(101) }), [900, 1536]);
    assert.deepEqual(await capacity({ exclude: ids(1) }), [900, 1536]);
  });

  it("asks nobody for names where it is asked not to", async () => {
    const { resources } = await create({ lookUpNames: false });
    const settings = (await capturedSettings(only(resources, FUNCTION))) as Record<string, unknown>;
    assert.deepEqual(settings.organizations, { lookup: false });
  });

  it("lets the schedule fire no sooner than all is there that a report takes", async () => {
    const { resources } = await create({}, { slow: ({ name }) => /-(function|policy|deliveries|set)$/.test(name) });
    const { after } = only(resources, SCHEDULE);
    for (const name of ["report-function", "report-policy", "daily-policy", "deliveries", "mail-set", "archive-bucket"])
      assert.ok(after.includes(`costs-${name}`), name);
  });

  describe("the archive", () => {
    interface Kept {
      name: string;
      type: string;
      retained: boolean;
    }

    /** The options that the engine knows of each resource of S3. */
    async function optionsOf(archive: CostReportArgs["archive"]): Promise<{ kept: Kept[]; resources: Registered[] }> {
      const kept: Kept[] = [];
      const note: pulumi.ResourceTransformation = ({ name, type, opts }) => {
        if (!type.startsWith("aws-patterns:"))
          kept.push({ name, type, retained: "retainOnDelete" in opts && opts.retainOnDelete === true });
        return undefined;
      };
      const args = { ...MINIMAL, ...(archive === undefined ? {} : { archive }) };
      const { resources } = await deploy(() => new CostReport("costs", args, { transformations: [note] }));
      return { kept, resources };
    }

    const forceDestroy = (resources: readonly Registered[]): unknown =>
      only(resources, "aws:s3/bucket:Bucket").inputs.forceDestroy;

    it("outlives the component, private and encrypted as it was, and nothing else does", async () => {
      const { kept, resources } = await optionsOf(undefined);
      const ofArchive = kept.filter(({ type }) => type.startsWith("aws:s3/"));
      assert.equal(ofArchive.length, 7);
      for (const { name, type, retained } of kept) assert.equal(retained, type.startsWith("aws:s3/"), name);
      assert.equal(forceDestroy(resources), false);
    });

    it("goes with all that is in it where it is not to be kept", async () => {
      const { kept, resources } = await optionsOf({ keepAfterDestroy: false });
      assert.deepEqual(
        kept.filter(({ retained }) => retained),
        [],
      );
      assert.equal(forceDestroy(resources), true);
    });
  });

  it("lets two reports live in one stack", async () => {
    const other: CostReportArgs = {
      sender: { address: "aws-costs@example.com", verification: { kind: "existing", identity: "address" } },
      recipients: [{ address: "web@example.com" }],
    };
    const { resources } = await deploy(() => [new CostReport("costs", MINIMAL), new CostReport("web", other)]);
    const sets = ofType(resources, "aws:sesv2/configurationSet:ConfigurationSet");
    assert.deepEqual(
      sets.map(({ inputs }) => inputs.configurationSetName),
      ["aws-patterns-test-costs-mail", "aws-patterns-test-web-mail"],
    );
    assert.equal(ofType(resources, "aws:sesv2/emailIdentity:EmailIdentity").length, 1);
  });
});
