import * as assert from "node:assert/strict";
import {
  AutoScalingClient,
  DescribeAutoScalingGroupsCommand,
  SetDesiredCapacityCommand,
} from "@aws-sdk/client-auto-scaling";
import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  GetDashboardCommand,
  GetMetricStatisticsCommand,
  PutDashboardCommand,
  PutMetricAlarmCommand,
} from "@aws-sdk/client-cloudwatch";
import {
  CreateCarrierGatewayCommand,
  CreateVpcCommand,
  DescribeCarrierGatewaysCommand,
  DescribeInstancesCommand,
  EC2Client,
  ModifyAvailabilityZoneGroupCommand,
} from "@aws-sdk/client-ec2";
import { CreateAccessKeyCommand, CreateUserCommand, IAMClient, PutUserPolicyCommand } from "@aws-sdk/client-iam";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { GetParameterCommand, GetParametersCommand, PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { startTestCloud, until, type ClientSettings, type TestCloud } from "../support/cloud";
import { collectEvents, type AwsEvent } from "../support/events";
import { createFunction, createQueue, createRole, policy, type Permission } from "../support/functions";
import { createEdgeTemplate, createGroup, describeGroup } from "../support/groups";
import { createWavelengthNetwork, given } from "../support/network";

const account = "888888888888";

describe("the local cloud's other services", () => {
  let cloud: TestCloud;
  let settings: ClientSettings;

  before(async () => {
    cloud = await startTestCloud();
    settings = cloud.as(account);
  });
  after(() => cloud.stop());

  describe("IAM", () => {
    let users = 0;
    /** Settings of a user who may do exactly this. */
    const userWho = async (...permissions: Permission[]): Promise<ClientSettings> => {
      const iam = new IAMClient(settings);
      const UserName = `user-${users++}`;
      await iam.send(new CreateUserCommand({ UserName }));
      if (permissions.length > 0)
        await iam.send(
          new PutUserPolicyCommand({ UserName, PolicyName: "may", PolicyDocument: policy(...permissions) }),
        );
      const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
      const key = given(AccessKey, "access key");
      const accessKeyId = given(key.AccessKeyId, "id");
      return { ...settings, credentials: { accessKeyId, secretAccessKey: given(key.SecretAccessKey, "secret") } };
    };

    it("guards the calls that the extensions add", async () => {
      const root = new EC2Client(settings);
      const VpcId = given((await root.send(new CreateVpcCommand({ CidrBlock: "10.0.0.0/16" }))).Vpc?.VpcId, "VpcId");
      const powerless = new EC2Client(await userWho());
      const unauthorized = { name: "UnauthorizedOperation" };
      await assert.rejects(powerless.send(new CreateCarrierGatewayCommand({ VpcId })), unauthorized);
      await assert.rejects(powerless.send(new DescribeCarrierGatewaysCommand({})), unauthorized);
      const group = { GroupName: "us-east-1-wl1", OptInStatus: "opted-in" as const };
      await assert.rejects(powerless.send(new ModifyAvailabilityZoneGroupCommand(group)), unauthorized);
      const able = new EC2Client(await userWho({ Action: "ec2:CreateCarrierGateway", Resource: "*" }));
      await able.send(new CreateCarrierGatewayCommand({ VpcId }));
      await assert.rejects(able.send(new DescribeCarrierGatewaysCommand({})), unauthorized);
    });

    it("takes an Auto Scaling group's full ARN, and no resource at all for Describe calls", async () => {
      const ec2 = new EC2Client(settings);
      const network = await createWavelengthNetwork(ec2);
      const root = new AutoScalingClient(settings);
      const template = await createEdgeTemplate(ec2, network);
      for (const name of ["mine", "other"]) await createGroup(root, network, template, { AutoScalingGroupName: name });
      const Resource = given((await describeGroup(root, "mine"))?.AutoScalingGroupARN, "ARN");
      const Action = [
        "autoscaling:SetDesiredCapacity",
        "autoscaling:DescribeAutoScalingGroups",
        "ec2:DescribeInstances",
      ];
      const limited = await userWho({ Action, Resource });
      const client = new AutoScalingClient(limited);
      const set = (AutoScalingGroupName: string) =>
        client.send(new SetDesiredCapacityCommand({ AutoScalingGroupName, DesiredCapacity: 0 }));
      await set("mine");
      await assert.rejects(set("other"), { name: "AccessDenied" });
      await assert.rejects(client.send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: ["mine"] })), {
        name: "AccessDenied",
      });
      await assert.rejects(new EC2Client(limited).send(new DescribeInstancesCommand({ InstanceIds: ["i-12345678"] })), {
        name: "UnauthorizedOperation",
      });
    });
  });

  describe("SSM", () => {
    it("has the public parameters of Amazon Linux 2023 for both architectures", async () => {
      const ssm = new SSMClient(settings);
      const prefix = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-";
      const { Parameters, InvalidParameters } = await ssm.send(
        new GetParametersCommand({ Names: [`${prefix}arm64`, `${prefix}x86_64`] }),
      );
      assert.deepEqual(InvalidParameters, []);
      assert.equal(new Set(Parameters?.map((p) => p.Value)).size, 2);
      assert.ok(Parameters?.every((p) => /^ami-[0-9a-f]{17}$/.test(p.Value ?? "")));
      await ssm.send(new PutParameterCommand({ Name: "/mine", Type: "String", Value: "1" }));
      const { Parameter } = await ssm.send(new GetParameterCommand({ Name: "/mine" }));
      assert.equal(Parameter?.Value, "1");
    });
  });

  describe("CloudWatch", () => {
    it("alarms on the queue that an alarm names, on no other, and tells EventBridge", async () => {
      const client = new CloudWatchClient(settings);
      const watched = await createQueue(settings, "watched");
      const busy = await createQueue(settings, "busy");
      const events = await collectEvents(settings, ["aws.cloudwatch"]);
      await client.send(
        new PutMetricAlarmCommand({
          AlarmName: "letters",
          Namespace: "AWS/SQS",
          MetricName: "ApproximateNumberOfMessagesVisible",
          Dimensions: [{ Name: "QueueName", Value: "watched" }],
          Statistic: "Maximum",
          Period: 60,
          EvaluationPeriods: 1,
          Threshold: 0,
          ComparisonOperator: "GreaterThanThreshold",
          TreatMissingData: "notBreaching",
        }),
      );
      const sqs = new SQSClient(settings);
      await sqs.send(new SendMessageCommand({ QueueUrl: busy.url, MessageBody: "busy" }));
      const stateIs = (state: string) =>
        until(`the alarm to be ${state}`, async () => {
          const { MetricAlarms } = await client.send(new DescribeAlarmsCommand({ AlarmNames: ["letters"] }));
          return MetricAlarms?.[0]?.StateValue === state;
        });
      await stateIs("OK");
      await sqs.send(new SendMessageCommand({ QueueUrl: watched.url, MessageBody: "dead" }));
      await stateIs("ALARM");
      const isAlarm = (e: AwsEvent): boolean => (e.detail["state"] as { value: string }).value === "ALARM";
      const event = await events.waitFor("the alarm's event", isAlarm);
      assert.deepEqual([event["detail-type"], event.detail["alarmName"]], ["CloudWatch Alarm State Change", "letters"]);
    });

    it("keeps alarms and dashboards", async () => {
      const client = new CloudWatchClient(settings);
      await client.send(
        new PutMetricAlarmCommand({
          AlarmName: "dead-letters",
          Namespace: "AWS/SQS",
          MetricName: "ApproximateNumberOfMessagesVisible",
          Dimensions: [{ Name: "QueueName", Value: "dead" }],
          Statistic: "Maximum",
          Period: 60,
          EvaluationPeriods: 1,
          Threshold: 0,
          ComparisonOperator: "GreaterThanThreshold",
          TreatMissingData: "notBreaching",
        }),
      );
      const { MetricAlarms } = await client.send(new DescribeAlarmsCommand({ AlarmNames: ["dead-letters"] }));
      assert.equal(MetricAlarms?.[0]?.TreatMissingData, "notBreaching");
      const DashboardBody = JSON.stringify({ widgets: [] });
      await client.send(new PutDashboardCommand({ DashboardName: "dns", DashboardBody }));
      const dashboard = await client.send(new GetDashboardCommand({ DashboardName: "dns" }));
      assert.deepEqual(JSON.parse(given(dashboard.DashboardBody, "body")), { widgets: [] });
    });

    it("takes metrics from the embedded metric format in a function's log", async () => {
      const role = await createRole(settings, "measured", "lambda.amazonaws.com", []);
      const line = {
        _aws: {
          Timestamp: 0,
          CloudWatchMetrics: [
            { Namespace: "aws-patterns", Dimensions: [["pattern"]], Metrics: [{ Name: "Registered", Unit: "Count" }] },
          ],
        },
        pattern: "wavelength-dns",
        Registered: 3,
      };
      const source = `exports.handler = async () => { const line = ${JSON.stringify(line)}; line._aws.Timestamp = Date.now(); console.log(JSON.stringify(line)); };`;
      await createFunction(settings, "measured", role, source);
      await new LambdaClient(settings).send(new InvokeCommand({ FunctionName: "measured" }));
      const client = new CloudWatchClient(settings);
      await until("the metric", async () => {
        const statistics = await client.send(
          new GetMetricStatisticsCommand({
            Namespace: "aws-patterns",
            MetricName: "Registered",
            Dimensions: [{ Name: "pattern", Value: "wavelength-dns" }],
            StartTime: new Date(Date.now() - 300_000),
            EndTime: new Date(Date.now() + 60_000),
            Period: 60,
            Statistics: ["Maximum"],
          }),
        );
        return statistics.Datapoints?.[0]?.Maximum === 3;
      });
    });
  });
});
