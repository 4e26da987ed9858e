import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { alarmAbove, alarmTopics, Component, type ObservabilityArgs } from "../building-blocks/component";
import { type PolicyStatement, serviceTrust } from "../internal/policy";
import { lastingPolicy, logsAndTraces } from "../internal/role-policy";
import { serverArchive } from "./archives";
import type { NextBuild } from "./build";

/**
 * AWS Lambda Web Adapter 1.0.0: what turns events into HTTP requests, and answers into results.
 * https://github.com/awslabs/aws-lambda-web-adapter
 */
const ADAPTER = { account: "753240598075", layer: "LambdaAdapterLayerArm64", version: 27 };

const PORT = "3000";

export interface SiteServerArgs extends ObservabilityArgs {
  build: NextBuild;
  memoryMegabytes: number;
  timeoutSeconds: number;
  requestsPerSecond: number;
  environment: Record<string, pulumi.Input<string>>;
  policies: readonly PolicyStatement[];
  /** What has to be there before the server runs. */
  after: pulumi.Resource[];
}

/** The application's own server in a function, and the API in front of it. */
export class SiteServer extends Component {
  readonly function: aws.lambda.Function;
  readonly api: aws.apigatewayv2.Api;
  /** All that has to be there until the API answers by this build. */
  readonly running: pulumi.Resource[];

  constructor(name: string, args: SiteServerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("nextjs", name, opts);
    this.function = this.createFunction(args);
    const description = `${this.componentName}: leads to the Next.js server`;
    this.api = new aws.apigatewayv2.Api(this.named("api"), { description, protocolType: "HTTP" }, this.child);
    this.running = [this.function, ...this.createRoute(), this.createStage(args)];
    this.createAlarms(args);
    this.registerOutputs({ functionName: this.function.name, apiId: this.api.id });
  }

  private createFunction(args: SiteServerArgs): aws.lambda.Function {
    const description = `${this.componentName}: the Next.js server`;
    const logGroup = new aws.cloudwatch.LogGroup(this.named("logs"), { retentionInDays: 30 }, this.child);
    const assumeRolePolicy = serviceTrust("lambda.amazonaws.com");
    const role = new aws.iam.Role(this.named("role"), { assumeRolePolicy, description }, this.child);
    const statements = [...args.policies, ...logsAndTraces(logGroup)];
    const policy = lastingPolicy(this.named("policy"), role, statements, this.child);
    const { region } = aws.getRegionOutput({}, this.child);
    return new aws.lambda.Function(
      this.named("function"),
      {
        description,
        runtime: "nodejs24.x",
        architectures: ["arm64"],
        handler: "run.sh",
        code: serverArchive(this.componentName, args.build),
        layers: [
          this.arn(pulumi.interpolate`lambda:${region}:${ADAPTER.account}:layer:${ADAPTER.layer}:${ADAPTER.version}`),
        ],
        role: role.arn,
        timeout: args.timeoutSeconds,
        memorySize: args.memoryMegabytes,
        environment: {
          variables: {
            ...args.environment,
            AWS_LAMBDA_EXEC_WRAPPER: "/opt/bootstrap",
            AWS_LWA_PORT: PORT,
            PORT,
            // Any answer says that it is ready. Nothing is there: it is the page for that, which the build has rendered.
            AWS_LWA_READINESS_CHECK_PATH: `${args.build.basePath}/_next/ready`,
          },
        },
        tracingConfig: { mode: "Active" },
        loggingConfig: { logFormat: "JSON", logGroup: logGroup.name },
      },
      { ...this.child, dependsOn: [policy, ...args.after] },
    );
  }

  private createRoute(): pulumi.Resource[] {
    const apiId = this.api.id;
    const integration = new aws.apigatewayv2.Integration(
      this.named("integration"),
      {
        apiId,
        integrationType: "AWS_PROXY",
        integrationUri: this.function.invokeArn,
        payloadFormatVersion: "2.0",
        timeoutMilliseconds: 30_000,
      },
      this.child,
    );
    const target = pulumi.interpolate`integrations/${integration.id}`;
    const route = new aws.apigatewayv2.Route(
      this.named("route"),
      // A site is for everybody; what is not, the application itself decides.
      { apiId, routeKey: "$default", authorizationType: "NONE", target },
      this.child,
    );
    const permission = new aws.lambda.Permission(
      this.named("permission"),
      {
        action: "lambda:InvokeFunction",
        function: this.function.name,
        principal: "apigateway.amazonaws.com",
        sourceArn: pulumi.interpolate`${this.api.executionArn}/*/$default`,
      },
      this.child,
    );
    return [route, permission];
  }

  private createStage({ requestsPerSecond }: SiteServerArgs): aws.apigatewayv2.Stage {
    const logs = new aws.cloudwatch.LogGroup(this.named("requests"), { retentionInDays: 30 }, this.child);
    return new aws.apigatewayv2.Stage(
      this.named("stage"),
      {
        apiId: this.api.id,
        name: "$default",
        autoDeploy: true,
        accessLogSettings: { destinationArn: logs.arn, format: ACCESS_LOG },
        defaultRouteSettings: { throttlingBurstLimit: requestsPerSecond, throttlingRateLimit: requestsPerSecond },
      },
      this.child,
    );
  }

  private createAlarms(args: SiteServerArgs): void {
    const ofFunction = { namespace: "AWS/Lambda", dimensions: { FunctionName: this.function.name } };
    const ofApi = { namespace: "AWS/ApiGateway", dimensions: { ApiId: this.api.id } };
    for (const [role, metricName, of, what] of [
      ["errors", "Errors", ofFunction, "the server crashed or took too long. Read the function's logs"],
      ["throttles", "Throttles", ofFunction, "requests were refused. Raise the account's concurrency"],
      ["failures", "5xx", ofApi, "pages failed. Read the function's logs"],
    ] as const) {
      new aws.cloudwatch.MetricAlarm(
        this.named(`${role}-alarm`),
        {
          alarmDescription: `${this.componentName}: ${what}.`,
          metricName,
          ...of,
          statistic: "Sum",
          period: 60,
          ...alarmAbove(0, alarmTopics(args)),
        },
        this.child,
      );
    }
  }
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html */
const ACCESS_LOG = JSON.stringify({
  requestId: "$context.requestId",
  time: "$context.requestTime",
  ip: "$context.identity.sourceIp",
  method: "$context.httpMethod",
  path: "$context.path",
  status: "$context.status",
  latency: "$context.responseLatency",
  error: "$context.integrationErrorMessage",
});
