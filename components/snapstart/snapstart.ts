import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { alarmTopics, checkName, Component, type ComponentOptions } from "../building-blocks/component";
import { SnapStartFunction } from "../building-blocks/snap-start-function";
import { withDefaults } from "../internal/argument-checks";
import { arnBeside } from "../internal/arn";
import type { SnapstartArgs } from "./args";
import { DEFAULTS } from "./args.schema";
import { checkSnapstart } from "./checks";

export type * from "./args";

type Settings = SnapstartArgs & Required<Omit<SnapstartArgs, "alarmTopicArns" | "canary">>;

/** What the service answers to. */
const ROUTES = {
  create: "POST /records",
  read: "GET /records/{id}",
  update: "PUT /records/{id}",
  delete: "DELETE /records/{id}",
};

/**
 * Records by REST: an HTTP API → the alias of a function that starts from a snapshot → a table.
 *
 * ```ts
 * new Snapstart("records", { code: "apps/snapstart-java/target/function", keyParameter: "/records/key" });
 * ```
 *
 * Arguments win over defaults. Invariants: those of `SnapStartFunction`, an encrypted table, logs of requests.
 *
 * @throws ArgumentsError naming every wrong argument, before any resource is registered
 * @see https://aws.amazon.com/blogs/compute/reducing-java-cold-starts-on-aws-lambda-functions-with-snapstart/
 */
export class Snapstart extends Component {
  readonly records: aws.dynamodb.Table;
  readonly service: SnapStartFunction;
  readonly api: aws.apigatewayv2.Api;

  constructor(name: string, args: SnapstartArgs, opts?: ComponentOptions) {
    const checks = checkSnapstart(args);
    checkName(checks, name);
    checks.finish(`Snapstart "${name}"`);
    super("lambda", name, opts, { ...args });
    const settings = withDefaults(DEFAULTS.SnapstartArgs, args);
    this.records = this.createTable();
    this.service = this.createService(settings);
    this.api = this.createApi(settings);
    this.registerOutputs({ apiEndpoint: this.api.apiEndpoint, tableName: this.records.name });
  }

  private createTable(): aws.dynamodb.Table {
    return new aws.dynamodb.Table(
      this.named("records"),
      {
        billingMode: "PAY_PER_REQUEST",
        hashKey: "id",
        attributes: [{ name: "id", type: "S" }],
        pointInTimeRecovery: { enabled: true },
        serverSideEncryption: { enabled: true },
      },
      this.child,
    );
  }

  private createService(args: Settings): SnapStartFunction {
    const key = arnBeside(this.records.arn, "ssm", `parameter${args.keyParameter}`);
    return new SnapStartFunction(
      this.named("service"),
      {
        description: `${this.componentName}: records by REST`,
        code: args.code,
        handler: args.handler,
        runtime: args.runtime,
        memoryMegabytes: args.memoryMegabytes,
        ...(args.canary !== undefined && { canary: args.canary }),
        environment: { TABLE_NAME: this.records.name, KEY_PARAMETER: args.keyParameter },
        policies: [
          {
            actions: ["dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"],
            resources: [this.records.arn],
          },
          { actions: ["ssm:GetParameter"], resources: [key] },
        ],
        ...alarmTopics(args),
      },
      this.child,
    );
  }

  private createApi(args: Settings): aws.apigatewayv2.Api {
    const description = `${this.componentName}: records by REST`;
    const api = new aws.apigatewayv2.Api(this.named("api"), { description, protocolType: "HTTP" }, this.child);
    const integration = new aws.apigatewayv2.Integration(
      this.named("integration"),
      {
        apiId: api.id,
        integrationType: "AWS_PROXY",
        integrationUri: this.service.alias.invokeArn,
        payloadFormatVersion: "2.0",
      },
      this.child,
    );
    for (const [role, routeKey] of Object.entries(ROUTES)) {
      new aws.apigatewayv2.Route(
        this.named(`${role}-route`),
        {
          apiId: api.id,
          routeKey,
          authorizationType: args.authorization,
          target: pulumi.interpolate`integrations/${integration.id}`,
        },
        this.child,
      );
    }
    this.createStage(api, args);
    this.service.allow("api", {
      principal: "apigateway.amazonaws.com",
      sourceArn: pulumi.interpolate`${api.executionArn}/*/*`,
    });
    return api;
  }

  private createStage(api: aws.apigatewayv2.Api, args: Settings): void {
    const logs = new aws.cloudwatch.LogGroup(this.named("requests"), { retentionInDays: 30 }, this.child);
    const limit = args.requestsPerSecond;
    new aws.apigatewayv2.Stage(
      this.named("stage"),
      {
        apiId: api.id,
        name: "$default",
        autoDeploy: true,
        accessLogSettings: { destinationArn: logs.arn, format: ACCESS_LOG },
        defaultRouteSettings: { throttlingBurstLimit: limit, throttlingRateLimit: limit },
      },
      this.child,
    );
  }
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html */
const ACCESS_LOG = JSON.stringify({
  requestId: "$context.requestId",
  time: "$context.requestTime",
  ip: "$context.identity.sourceIp",
  route: "$context.routeKey",
  status: "$context.status",
  latency: "$context.responseLatency",
  error: "$context.integrationErrorMessage",
});
