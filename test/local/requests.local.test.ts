import * as assert from "node:assert/strict";
import { AutoScalingClient, PutLifecycleHookCommand } from "@aws-sdk/client-auto-scaling";
import { CreateLogGroupCommand, CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { CreateNetworkInterfaceCommand, DescribeCarrierGatewaysCommand, EC2Client } from "@aws-sdk/client-ec2";
import { CreateUserCommand, IAMClient } from "@aws-sdk/client-iam";
import { GetFunctionCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { ChangeResourceRecordSetsCommand, Route53Client } from "@aws-sdk/client-route-53";
import { ListSchedulesCommand, SchedulerClient } from "@aws-sdk/client-scheduler";
import { startTestCloud, type ClientSettings, type TestCloud } from "../support/cloud";

const account = "888888888881";

describe("requests to the local cloud", () => {
  let cloud: TestCloud;
  let settings: ClientSettings;

  before(async () => {
    cloud = await startTestCloud();
    settings = cloud.as(account);
  });
  after(() => cloud.stop());

  const problem = (place: string, rule: string): string =>
    `1 validation error detected: Value ${place} failed to satisfy constraint: Member must ${rule}`;

  /** Call an operation without an SDK, which would not let such a request out. */
  async function call(scope: string, headers: Record<string, string>, body: string): Promise<string> {
    const authorization = `AWS4-HMAC-SHA256 Credential=${account}/20260101/us-east-1/${scope}/aws4_request, SignedHeaders=host, Signature=0`;
    const answer = await fetch(cloud.endpoint, { method: "POST", headers: { authorization, ...headers }, body });
    return answer.text();
  }
  const form = { "content-type": "application/x-www-form-urlencoded" };

  it("are refused in AWS's words, whichever protocol the service speaks", async () => {
    // JSON: what deployed without fault here was refused by AWS.
    await assert.rejects(
      new CloudWatchLogsClient(settings).send(new CreateLogGroupCommand({ logGroupName: "/a", tags: {} })),
      {
        name: "InvalidParameterException",
        message: problem("'{}' at 'tags'", "have length greater than or equal to 1"),
      },
    );
    // Query.
    await assert.rejects(new IAMClient(settings).send(new CreateUserCommand({ UserName: "a b" })), {
      name: "ValidationError",
      message: problem("'a b' at 'userName'", "satisfy regular expression pattern: [\\w+=,.@-]+"),
    });
    // REST with JSON: a member in the path, and one in the query.
    await assert.rejects(new LambdaClient(settings).send(new GetFunctionCommand({ FunctionName: "a b" })), {
      name: "ValidationException",
      message: /^1 validation error detected: Value 'a b' at 'functionName' failed to satisfy constraint/,
    });
    await assert.rejects(new SchedulerClient(settings).send(new ListSchedulesCommand({ MaxResults: 101 })), {
      name: "ValidationException",
      message: problem("'101' at 'maxResults'", "have value less than or equal to 100"),
    });
    // REST with XML.
    await assert.rejects(
      new Route53Client(settings).send(
        new ChangeResourceRecordSetsCommand({ HostedZoneId: "Z1", ChangeBatch: { Changes: [] } }),
      ),
      {
        name: "InvalidInput",
        message: problem("'[]' at 'changeBatch.changes'", "have length greater than or equal to 1"),
      },
    );
    // EC2, in words of its own.
    await assert.rejects(new EC2Client(settings).send(new DescribeCarrierGatewaysCommand({ MaxResults: 4 })), {
      name: "InvalidParameterValue",
      message: "Value (4) for parameter MaxResults is invalid. It must have value greater than or equal to 5.",
    });
    await assert.rejects(new EC2Client(settings).send(new CreateNetworkInterfaceCommand({ SubnetId: undefined })), {
      name: "MissingParameter",
      message: "The request must contain the parameter SubnetId",
    });
  });

  it("are answered with all of their faults at once", async () => {
    const hook = { AutoScalingGroupName: "group", LifecycleHookName: "a b", RoleARN: "" };
    await assert.rejects(new AutoScalingClient(settings).send(new PutLifecycleHookCommand(hook)), {
      name: "ValidationError",
      message: /^2 validation errors detected: Value 'a b' at 'lifecycleHookName' .*; Value '' at 'roleARN' /,
    });
  });

  it("may hold what the patterns' classes of characters allow, which are written for Java", async () => {
    const iam = new IAMClient(settings);
    const tagged = (Value: string) => new CreateUserCommand({ UserName: "tagged", Tags: [{ Key: "team", Value }] });
    await assert.rejects(iam.send(tagged("a|b")), /'tags\.1\.member\.value' failed to satisfy/);
    assert.equal((await iam.send(tagged("Größe 7 東京"))).User?.UserName, "tagged");
  });

  it("may hold members that nobody knows, but not those to EC2", async () => {
    const target = { "x-amz-target": "AmazonSSM.DescribeParameters", "content-type": "application/x-amz-json-1.1" };
    assert.match(await call("ssm", target, '{"Novelty": 1}'), /"Parameters"/);
    assert.match(await call("iam", form, "Action=ListUsers&Version=2010-05-08&Novelty=1"), /<ListUsersResult>/);
    const ec2 = await call("ec2", form, "Action=DescribeVpcs&Version=2016-11-15&Novelty=1");
    assert.match(ec2, /<Code>UnknownParameter<\/Code><Message>The parameter Novelty is not recognized</);
  });

  it("are refused when a value is of another kind, or the body no document", async () => {
    const target = { "x-amz-target": "AmazonSSM.DescribeParameters", "content-type": "application/x-amz-json-1.1" };
    assert.match(
      await call("ssm", target, '{"MaxResults": "2"}'),
      /SerializationException.*maxResults is not of type integer/,
    );
    assert.match(await call("ssm", target, "{"), /SerializationException.*The request is no valid document/);
    const numbers = "Action=DescribeVpcs&Version=2016-11-15&MaxResults=many";
    assert.match(
      await call("ec2", form, numbers),
      /<Code>InvalidParameterValue<.*Value \(many\) for parameter MaxResults/,
    );
  });

  it("to SQS have the errors of that service", async () => {
    const target = { "x-amz-target": "AmazonSQS.SendMessage", "content-type": "application/x-amz-json-1.0" };
    assert.match(await call("sqs", target, '{"QueueUrl": "x"}'), /"QueueDoesNotExist"/);
  });
});
