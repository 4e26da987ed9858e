/** Just enough of five AWS services over HTTP to see that the production clients are wired as AWS expects. */
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { GROUP } from "./fleet";

export interface SeenRequest {
  readonly operation: string;
  readonly body: string;
}

const xml = (body: string): string => `<?xml version="1.0"?>${body}`;

const answers: Record<string, (body: string) => string> = {
  DescribeAutoScalingGroups: () =>
    xml(`<DescribeAutoScalingGroupsResponse xmlns="http://autoscaling.amazonaws.com/doc/2011-01-01/"><DescribeAutoScalingGroupsResult>
      <AutoScalingGroups><member><AutoScalingGroupName>${GROUP}</AutoScalingGroupName><Instances>
      <member><InstanceId>i-1</InstanceId><LifecycleState>InService</LifecycleState><HealthStatus>Healthy</HealthStatus></member>
      <member><InstanceId>i-2</InstanceId><LifecycleState>Terminating:Wait</LifecycleState><HealthStatus>Healthy</HealthStatus></member>
      </Instances><WarmPoolConfiguration><MinSize>0</MinSize></WarmPoolConfiguration></member></AutoScalingGroups></DescribeAutoScalingGroupsResult></DescribeAutoScalingGroupsResponse>`),
  DescribeWarmPool: () =>
    xml(`<DescribeWarmPoolResponse xmlns="http://autoscaling.amazonaws.com/doc/2011-01-01/"><DescribeWarmPoolResult>
      <Instances><member><InstanceId>i-4</InstanceId><LifecycleState>Warmed:Terminating:Wait</LifecycleState>
      <HealthStatus>Healthy</HealthStatus></member></Instances></DescribeWarmPoolResult></DescribeWarmPoolResponse>`),
  DescribeInstances: () =>
    xml(`<DescribeInstancesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><reservationSet><item><instancesSet>
      <item><instanceId>i-1</instanceId><instanceState><code>16</code><name>running</name></instanceState>
      <instanceType>t3.medium</instanceType><launchTime>2026-01-01T00:00:00.000Z</launchTime>
      <tagSet><item><key>weight</key><value>7</value></item></tagSet>
      <networkInterfaceSet><item><attachment><deviceIndex>0</deviceIndex></attachment>
      <association><carrierIp>155.146.0.1</carrierIp></association></item></networkInterfaceSet></item>
      </instancesSet></item></reservationSet></DescribeInstancesResponse>`),
  ListResourceRecordSets: () =>
    xml(`<ListResourceRecordSetsResponse xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><ResourceRecordSets/>
      <IsTruncated>false</IsTruncated><MaxItems>300</MaxItems></ListResourceRecordSetsResponse>`),
  ChangeResourceRecordSets: () =>
    xml(`<ChangeResourceRecordSetsResponse xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><ChangeInfo>
      <Id>/change/C1</Id><Status>PENDING</Status><SubmittedAt>2026-01-01T00:00:00Z</SubmittedAt>
      </ChangeInfo></ChangeResourceRecordSetsResponse>`),
  GetChange: () =>
    xml(`<GetChangeResponse xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><ChangeInfo>
      <Id>/change/C1</Id><Status>INSYNC</Status><SubmittedAt>2026-01-01T00:00:00Z</SubmittedAt></ChangeInfo></GetChangeResponse>`),
  CompleteLifecycleAction: () =>
    xml(`<CompleteLifecycleActionResponse xmlns="http://autoscaling.amazonaws.com/doc/2011-01-01/">
      <CompleteLifecycleActionResult/></CompleteLifecycleActionResponse>`),
  UpdateItem: () => JSON.stringify({ Attributes: { requested: { N: "1" } } }),
  Query: () => JSON.stringify({ Items: [], Count: 0 }),
  BatchWriteItem: () => JSON.stringify({ UnprocessedItems: {} }),
  /** The record of i-3 is known to have left every name server, that of others is not yet. */
  GetItem: (body) =>
    JSON.stringify({
      Item: {
        removedAt: { N: "1" },
        ttlSeconds: { N: "30" },
        changeId: { S: "C1" },
        expiresAt: { N: "9999999999" },
        ...(body.includes("removal#i-3") && { syncedAt: { N: "2" } }),
      },
    }),
  SendMessageBatch: () => JSON.stringify({ Successful: [], Failed: [] }),
  ChangeMessageVisibilityBatch: () => JSON.stringify({ Successful: [], Failed: [] }),
};

export class AwsServer {
  readonly seen: SeenRequest[] = [];
  private readonly server: Server;

  constructor() {
    this.server = createServer((request, response) => {
      let body = "";
      request.on("data", (chunk: Buffer) => (body += chunk.toString()));
      request.on("end", () => {
        const operation = operationOf(request, body);
        this.seen.push({ operation, body });
        const answer = answers[operation]?.(body);
        response.statusCode = answer === undefined ? 400 : 200;
        response.end(answer ?? "");
      });
    });
  }

  /** Listens on a free port of this machine alone; gives the address. */
  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  bodyOf(operation: string): string {
    return this.seen.find((it) => it.operation === operation)?.body ?? "";
  }
}

/** By header for the JSON services, by form field for the query services, by path for Route 53. */
function operationOf(request: IncomingMessage, body: string): string {
  const target = request.headers["x-amz-target"];
  if (typeof target === "string") return target.split(".")[1] ?? "";
  const action = new URLSearchParams(body).get("Action");
  if (action !== null) return action;
  if (request.url?.includes("/change/")) return "GetChange";
  if (request.url?.includes("/rrset"))
    return request.method === "POST" ? "ChangeResourceRecordSets" : "ListResourceRecordSets";
  return request.url ?? "";
}
