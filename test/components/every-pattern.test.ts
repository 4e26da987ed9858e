import * as assert from "node:assert/strict";
import { unguardedPaths } from "../support/asynchronous-paths";
import { ofType, type Registered } from "../support/mocks";
import { deployedPatterns, INSTANCE, type Sample } from "../support/patterns";
import { statementsOf } from "../support/policies";

/** Longest physical names in AWS. Pulumi makes them from logical ones, a hyphen and seven digits. */
const NAME_LIMITS: Readonly<Record<string, number>> = {
  "aws:apigateway/restApi:RestApi": 1024,
  "aws:apigatewayv2/api:Api": 128,
  "aws:budgets/budget:Budget": 100,
  "aws:cloudfront/function:Function": 64,
  "aws:cloudfront/originAccessControl:OriginAccessControl": 64,
  "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy": 128,
  "aws:cloudwatch/eventRule:EventRule": 64,
  "aws:cloudwatch/eventTarget:EventTarget": 64,
  "aws:cloudwatch/logGroup:LogGroup": 512,
  "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination": 60,
  "aws:cloudwatch/logDeliverySource:LogDeliverySource": 60,
  "aws:cloudwatch/metricAlarm:MetricAlarm": 255,
  "aws:cognito/userPool:UserPool": 128,
  "aws:cognito/userPoolClient:UserPoolClient": 128,
  "aws:costexplorer/anomalyMonitor:AnomalyMonitor": 1024,
  "aws:costexplorer/anomalySubscription:AnomalySubscription": 1024,
  "aws:dynamodb/table:Table": 255,
  "aws:ec2/launchTemplate:LaunchTemplate": 128,
  "aws:ec2/securityGroup:SecurityGroup": 255,
  "aws:iam/instanceProfile:InstanceProfile": 128,
  "aws:iam/role:Role": 64,
  "aws:iam/rolePolicy:RolePolicy": 128,
  "aws:inspector2/filter:Filter": 128,
  "aws:lambda/function:Function": 64,
  "aws:lambda/permission:Permission": 100,
  "aws:pipes/pipe:Pipe": 64,
  "aws:s3/bucket:Bucket": 63,
  "aws:organizations/policy:Policy": 128,
  "aws:scheduler/schedule:Schedule": 64,
  "aws:scheduler/scheduleGroup:ScheduleGroup": 64,
  "aws:sfn/stateMachine:StateMachine": 80,
  "aws:sns/topic:Topic": 256,
  "aws:sqs/queue:Queue": 80,
  "aws:wafv2/webAcl:WebAcl": 128,
};

/** Types without a name of their own, or with one that the pattern gives. */
const WITHOUT_NAME = [
  "aws:apigateway/account:Account",
  "aws:apigateway/deployment:Deployment",
  "aws:apigateway/methodSettings:MethodSettings",
  "aws:apigateway/stage:Stage",
  "aws:apigatewayv2/integration:Integration",
  "aws:apigatewayv2/route:Route",
  "aws:apigatewayv2/stage:Stage",
  "aws:autoscaling/group:Group",
  "aws:autoscaling/lifecycleHook:LifecycleHook",
  "aws:cloudfront/distribution:Distribution",
  "aws:cloudwatch/dashboard:Dashboard",
  "aws:cloudwatch/logDelivery:LogDelivery",
  "aws:cognito/userPoolDomain:UserPoolDomain",
  "aws:costexplorer/costAllocationTag:CostAllocationTag",
  "aws:ec2/carrierGateway:CarrierGateway",
  "aws:ec2/route:Route",
  "aws:ec2/routeTable:RouteTable",
  "aws:ec2/routeTableAssociation:RouteTableAssociation",
  "aws:ec2/subnet:Subnet",
  "aws:ec2/vpc:Vpc",
  "aws:inspector2/enabler:Enabler",
  "aws:kms/key:Key",
  "aws:lambda/alias:Alias",
  "aws:lambda/eventSourceMapping:EventSourceMapping",
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
  "aws:lambda/functionUrl:FunctionUrl",
  "aws:lambda/invocation:Invocation",
  "aws:organizations/policyAttachment:PolicyAttachment",
  "aws:route53/record:Record",
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
  "aws:s3/bucketObjectv2:BucketObjectv2",
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
  "aws:s3/bucketPolicy:BucketPolicy",
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
  "aws:s3/bucketVersioning:BucketVersioning",
  "aws:sesv2/configurationSet:ConfigurationSet",
  "aws:sesv2/configurationSetEventDestination:ConfigurationSetEventDestination",
  "aws:sesv2/emailIdentity:EmailIdentity",
  "aws:sns/topicPolicy:TopicPolicy",
  "aws:sqs/queuePolicy:QueuePolicy",
  "aws:ssm/parameter:Parameter",
  "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration",
];

/** Actions for which AWS knows no resources, so that `*` is the narrowest that there is. */
const WITHOUT_RESOURCES = [
  "autoscaling:DescribeAutoScalingGroups",
  "autoscaling:DescribeWarmPool",
  "ce:GetCostAndUsage",
  "ec2:DescribeInstances",
  "logs:CreateLogDelivery",
  "logs:DeleteLogDelivery",
  "logs:DescribeLogGroups",
  "logs:DescribeResourcePolicies",
  "logs:GetLogDelivery",
  "logs:ListLogDeliveries",
  "logs:PutResourcePolicy",
  "logs:UpdateLogDelivery",
  "organizations:ListAccounts",
  "xray:GetSamplingRules",
  "xray:GetSamplingTargets",
  "xray:PutTelemetryRecords",
  "xray:PutTraceSegments",
];

const ARN = /^arn:aws:[a-z0-9-]+:([a-z0-9-]*):(\d{12})?:[^\s]+$/;

describe("every pattern", () => {
  let samples: Sample[];
  before(async () => (samples = await deployedPatterns()));

  /** Tells of every resource of a type that does not keep a rule, by pattern and name. */
  function everyOf(type: string, rule: (resource: Registered, all: readonly Registered[]) => unknown): void {
    for (const { pattern, resources } of samples) {
      for (const resource of ofType(resources, type)) {
        try {
          rule(resource, resources);
        } catch (error) {
          throw new Error(`${pattern}: ${resource.name}`, { cause: error });
        }
      }
    }
  }

  const resourcesOf = (): Registered[] =>
    samples.flatMap(({ resources }) => resources.filter(({ type }) => /^aws(-patterns)?:/.test(type)));

  it("names everything after its instance, and makes it with the account's provider", () => {
    assert.ok(resourcesOf().length > 50);
    for (const { type, name, provider } of resourcesOf()) {
      assert.ok(name === INSTANCE || name.startsWith(`${INSTANCE}-`), name);
      if (type.startsWith("aws:")) assert.match(provider, /pulumi:providers:aws::account/, name);
    }
  });

  it("leaves room for Pulumi's random suffix in every physical name", () => {
    for (const { type, name, inputs } of resourcesOf()) {
      if (!type.startsWith("aws:") || WITHOUT_NAME.includes(type)) continue;
      const limit = NAME_LIMITS[type];
      assert.ok(limit !== undefined, `add ${type} to a table of this test`);
      const longest = `${name}-1234567${inputs.fifoQueue === true ? ".fifo" : ""}`;
      assert.ok(longest.length <= limit, `${type} ${longest}: ${longest.length} of ${limit} characters`);
    }
  });

  it("lets no work vanish: every asynchronous path ends in dead letters with an alarm", () => {
    for (const { resources } of samples) assert.deepEqual(unguardedPaths(resources), []);
  });

  it("would be informed of a path without dead letters, without an alarm, or without permission", () => {
    const asynchronous = samples.filter(({ resources }) => ofType(resources, "aws:sqs/queue:Queue").length > 0);
    assert.ok(asynchronous.length > 0);
    for (const { resources } of asynchronous) {
      for (const type of ["aws:cloudwatch/metricAlarm:MetricAlarm", "aws:iam/rolePolicy:RolePolicy"]) {
        assert.notDeepEqual(unguardedPaths(resources.filter((resource) => resource.type !== type)), [], type);
      }
      const withoutDeadLetters = resources.map((resource) => {
        const { deadLetterConfig: _, redrivePolicy: __, destinationConfig: ___, ...inputs } = resource.inputs;
        return { ...resource, inputs };
      });
      assert.match(unguardedPaths(withoutDeadLetters).join("\n"), /no dead-letter queue/);
    }
  });

  it("names every action, and every resource by its ARN", () => {
    everyOf("aws:iam/rolePolicy:RolePolicy", ({ inputs }) => {
      for (const { Effect, Action, Resource } of statementsOf(inputs.policy)) {
        assert.equal(Effect, "Allow");
        for (const action of Action) assert.match(action, /^[a-z0-9-]+:[A-Za-z]+$/);
        for (const resource of Resource) {
          if (resource !== "*") assert.match(resource, ARN);
          else
            assert.deepEqual(
              Action.filter((action) => !WITHOUT_RESOURCES.includes(action)),
              [],
            );
        }
      }
    });
    everyOf("aws:iam/role:Role", ({ inputs }) => {
      const statements = statementsOf(inputs.assumeRolePolicy);
      assert.equal(statements.length, 1);
      assert.match(JSON.stringify(statements[0]?.Principal), /^\{"Service":"[a-z0-9]+\.amazonaws\.com"\}$/);
      assert.equal(inputs.managedPolicyArns, undefined);
    });
    for (const { type } of resourcesOf()) assert.doesNotMatch(type, /^aws:iam\/.*PolicyAttachment/);
  });

  it("encrypts queues, takes no clear text, and lets only named senders in", () => {
    everyOf("aws:sqs/queue:Queue", ({ name, inputs }, all) => {
      assert.ok(inputs.sqsManagedSseEnabled === true || inputs.kmsMasterKeyId !== undefined);
      const url = `https://sqs.us-east-1.amazonaws.com/111111111111/${name}`;
      const policies = ofType(all, "aws:sqs/queuePolicy:QueuePolicy").filter(
        (policy) => policy.inputs.queueUrl === url,
      );
      const statements = policies.flatMap((policy) => statementsOf(policy.inputs.policy));
      const denials = statements.filter(({ Effect }) => Effect === "Deny");
      assert.deepEqual(
        denials.map(({ Principal, Action, Condition }) => [Principal, Action, Condition]),
        [["*", ["sqs:*"], { Bool: { "aws:SecureTransport": "false" } }]],
      );
      for (const { Effect, Action, Principal, Resource, Condition } of statements) {
        assert.deepEqual(Resource, [`arn:aws:sqs:us-east-1:111111111111:${name}`]);
        if (Effect === "Deny") continue;
        assert.deepEqual(Action, ["sqs:SendMessage"]);
        assert.match(JSON.stringify(Principal), /^\{"Service":"[a-z0-9]+\.amazonaws\.com"\}$/);
        assert.match(String(Condition?.ArnLike?.["aws:SourceArn"]), ARN);
      }
    });
  });

  it("runs its functions on arm64 with traces, and logs that are kept for a while", () => {
    everyOf("aws:lambda/function:Function", ({ inputs }, all) => {
      assert.deepEqual(inputs.architectures, ["arm64"]);
      // What is not made of a callback starts from a snapshot.
      if (inputs.snapStart === undefined) assert.equal(inputs.runtime, "nodejs24.x");
      assert.deepEqual(inputs.tracingConfig, { mode: "Active" });
      const { logGroup } = inputs.loggingConfig as { logGroup: string };
      assert.ok(ofType(all, "aws:cloudwatch/logGroup:LogGroup").some(({ name }) => name === logGroup));
    });
    everyOf("aws:cloudwatch/logGroup:LogGroup", ({ inputs }) => assert.ok(Number(inputs.retentionInDays) > 0));
  });

  it("encrypts and can restore its tables", () => {
    everyOf("aws:dynamodb/table:Table", ({ inputs }) => {
      assert.deepEqual(inputs.serverSideEncryption, { enabled: true });
      assert.deepEqual(inputs.pointInTimeRecovery, { enabled: true });
    });
  });
});
