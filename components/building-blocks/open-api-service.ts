import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ArgumentChecks, ArgumentsError, withDefaults } from "../internal/argument-checks";
import { arnParts } from "../internal/arn";
import { FORMATS } from "../internal/formats";
import { lastingIdentity } from "../internal/lasting-identity";
import { metricDashboard } from "../internal/metric-dashboard";
import { serviceTrust } from "../internal/policy";
import { lastingPolicy } from "../internal/role-policy";
import { AccountLogRole } from "../open-api/account-log-role";
import { importBody, type Integration, tableFaults } from "../open-api/body";
import { hashOf, type OpenApiDocument } from "../open-api/document";
import type { DynamoDbOperation, OpenApiOperation } from "../open-api/operations";
import { DEFAULTS, OPEN_API_SERVICE } from "./args.schema";
import { CallbackLambda } from "./callback-lambda";
import { alarmAbove, Component, type ComponentOptions, type ObservabilityArgs } from "./component";

export interface OpenApiServiceArgs extends ObservabilityArgs {
  /** The split document. @rule */
  document: OpenApiDocument;
  /** What answers each operation, by operationId: exactly those of the document. @rule */
  operations: Readonly<Record<string, OpenApiOperation>>;
  /** Name of the stage, with which the API's paths begin. @format stage-name @default "prod" */
  stageName?: string;
  /** Requests a second, and at once, that the API takes. @integer @minimum 1 @maximum 10000 @unit requests @default 100 */
  requestsPerSecond?: number;
  /** Share of server errors above which an alarm goes off. @minimum 0 @maximum 100 @unit percent @default 1 */
  serverErrorPercent?: number;
  /** Time of the slowest hundredth above which an alarm goes off. @integer @minimum 1 @unit ms @default 3000 */
  latencyMilliseconds?: number;
  /** How long logs of requests are kept. @unit days @default 30 */
  logRetentionDays?: 1 | 3 | 5 | 7 | 14 | 30 | 60 | 90 | 180 | 365;
  /**
   * Whether this API sets the role with which API Gateway writes logs: one API of an account and region does, and it is
   * the last to be deleted. Without any, AWS refuses the stage.
   *
   * @default false
   */
  accountLogRole?: boolean;
}

type Settings = OpenApiServiceArgs & Required<Omit<OpenApiServiceArgs, "alarmTopicArns">>;

/**
 * A REST API that an OpenAPI document describes, of which each operation has a function or goes to DynamoDB directly.
 *
 * ```ts
 * const document = new OpenApiDocument("api/apiSkeleton.yaml");
 * new OpenApiService("widgets", { document, operations: { getWidget: { lambda: getWidget } } });
 * ```
 *
 * Arguments win over defaults. Invariants: requests are validated by the document's schemas, access logs, tracing,
 * throttling, functions that this API's own operations alone may invoke. A stage gets a new deployment exactly when the
 * document with its integrations changes.
 *
 * @throws ArgumentsError in the preview: for wrong arguments before any resource is registered; for a document with
 *   faults, an operation without a function and a function without an operation, all together, each with file and line
 * @see https://aws.amazon.com/blogs/devops/organize-your-aws-serverless-code-to-prevent-merge-conflicts/
 */
export class OpenApiService extends Component {
  readonly api: aws.apigateway.RestApi;
  readonly stage: aws.apigateway.Stage;
  readonly accessLogs: aws.cloudwatch.LogGroup;

  constructor(name: string, args: OpenApiServiceArgs, opts?: ComponentOptions) {
    const checks = new ArgumentChecks();
    checks.declared({ schema: OPEN_API_SERVICE, formats: FORMATS }, args, [checkOperations]);
    checks.finish(`OpenApiService "${name}"`);
    super("api", name, opts);
    const settings = withDefaults(DEFAULTS.OpenApiServiceArgs, args);
    const body = this.createBody(settings);
    this.api = this.createApi(body);
    this.accessLogs = new aws.cloudwatch.LogGroup(
      this.named("requests"),
      { retentionInDays: settings.logRetentionDays },
      this.child,
    );
    this.stage = this.createStage(settings, body);
    this.createPermissions(settings);
    this.createAlarms(settings);
    this.createDashboard(settings);
    this.registerOutputs({ apiId: this.api.id, invokeUrl: this.stage.invokeUrl });
  }

  /** The document as API Gateway imports it. */
  private createBody({ document, operations }: Settings): pulumi.Output<string> {
    const entries = Object.entries(operations).map(([id, operation]) => [id, this.integration(id, operation)] as const);
    return pulumi.all(Object.fromEntries(entries)).apply(async (integrations) => {
      const read = await document.read();
      const faults = read.faults.length > 0 ? read.faults : tableFaults(read, document.file, Object.keys(operations));
      if (faults.length > 0) throw new ArgumentsError(`OpenApiService "${this.componentName}"`, faults);
      return importBody(read.bundle, integrations);
    });
  }

  private integration(operationId: string, operation: OpenApiOperation): pulumi.Output<Integration> {
    if ("lambda" in operation) {
      const { invokeArn } = functionOf(operation.lambda);
      return invokeArn.apply((arn): Integration => ({ kind: "function", invokeArn: arn }));
    }
    const { action, resources, request, responses } = operation.dynamodb;
    const role = this.createDirectRole(operationId, operation);
    return pulumi.all([role, request, pulumi.output(resources[0])]).apply(([roleArn, text, resource]): Integration => {
      const { partition, region } = arnParts(resource);
      const uri = `arn:${partition}:apigateway:${region}:dynamodb:action/${action}`;
      return { kind: "dynamodb", uri, roleArn, request: text, responses };
    });
  }

  /** With which API Gateway calls DynamoDB; its ARN is known when it may. */
  private createDirectRole(operationId: string, { dynamodb }: DynamoDbOperation): pulumi.Output<string> {
    const role = new aws.iam.Role(
      this.named(`${operationId}-role`),
      { assumeRolePolicy: serviceTrust("apigateway.amazonaws.com"), description: `API Gateway: ${operationId}` },
      this.child,
    );
    const statement = { actions: [`dynamodb:${dynamodb.action}`], resources: dynamodb.resources };
    const policy = lastingPolicy(this.named(`${operationId}-policy`), role, [statement], this.child);
    return pulumi.all([role.arn, policy.id]).apply(([arn]) => arn);
  }

  private createApi(body: pulumi.Output<string>): aws.apigateway.RestApi {
    return new aws.apigateway.RestApi(
      this.named("api"),
      {
        description: `${this.componentName}: by its OpenAPI document`,
        endpointConfiguration: { types: "REGIONAL" },
        body,
      },
      this.child,
    );
  }

  private createStage(args: Settings, body: pulumi.Output<string>): aws.apigateway.Stage {
    const deployment = new aws.apigateway.Deployment(
      this.named("deployment"),
      { restApi: this.api.id, triggers: { document: body.apply(hashOf) } },
      this.child,
    );
    const logRole = args.accountLogRole
      ? [new AccountLogRole(this.named("log"), { logGroup: this.accessLogs }, this.child)]
      : [];
    const stage = new aws.apigateway.Stage(
      this.named("stage"),
      {
        restApi: this.api.id,
        deployment: deployment.id,
        stageName: args.stageName,
        xrayTracingEnabled: true,
        accessLogSettings: { destinationArn: this.accessLogs.arn, format: ACCESS_LOG },
      },
      { ...this.child, dependsOn: logRole },
    );
    const limit = args.requestsPerSecond;
    new aws.apigateway.MethodSettings(
      this.named("limits"),
      {
        restApi: this.api.id,
        stageName: stage.stageName,
        methodPath: "*/*",
        settings: { throttlingRateLimit: limit, throttlingBurstLimit: limit, metricsEnabled: true },
      },
      this.child,
    );
    return stage;
  }

  /** Each function for its own operation, on this stage. */
  private createPermissions({ document, operations, stageName }: Settings): void {
    for (const [operationId, operation] of Object.entries(operations)) {
      if (!("lambda" in operation)) continue;
      const route = pulumi
        .output(document.read().then(({ operations }) => operations.get(operationId)))
        .apply((found) => {
          return `${found?.method.toUpperCase()}${found?.path.replaceAll(/\{[^}]+\}/g, "*")}`;
        });
      new aws.lambda.Permission(
        this.named(`${operationId}-permission`),
        {
          action: "lambda:InvokeFunction",
          function: functionOf(operation.lambda).name,
          principal: "apigateway.amazonaws.com",
          sourceArn: pulumi.interpolate`${this.api.executionArn}/${stageName}/${route}`,
        },
        this.child,
      );
    }
  }

  private createAlarms(args: Settings): void {
    const dimensions = { ApiName: this.api.name, Stage: args.stageName };
    new aws.cloudwatch.MetricAlarm(
      this.named("server-errors"),
      {
        alarmDescription: `${this.componentName}: more than ${args.serverErrorPercent} % of requests end in a server error`,
        namespace: "AWS/ApiGateway",
        metricName: "5XXError",
        dimensions,
        // Of zeros and ones, the average is the share.
        statistic: "Average",
        period: 300,
        ...alarmAbove(args.serverErrorPercent / 100, args),
      },
      this.child,
    );
    new aws.cloudwatch.MetricAlarm(
      this.named("latency"),
      {
        alarmDescription: `${this.componentName}: one of a hundred requests takes more than ${args.latencyMilliseconds} ms`,
        namespace: "AWS/ApiGateway",
        metricName: "Latency",
        dimensions,
        extendedStatistic: "p99",
        period: 300,
        ...alarmAbove(args.latencyMilliseconds, args),
      },
      this.child,
    );
  }

  private createDashboard({ stageName }: Settings): void {
    const metric = (name: string, stat: string) =>
      ["AWS/ApiGateway", name, "ApiName", this.api.name, "Stage", stageName, { stat }] as const;
    metricDashboard(
      this.named("dashboard"),
      {
        identity: lastingIdentity(this.named("identity"), this.componentName, this.child),
        role: "api",
        region: this.api.arn.apply((arn) => arnParts(arn).region),
        columns: 3,
        widgets: [
          { title: "Requests", metrics: [metric("Count", "Sum")] },
          { title: "Errors", metrics: [metric("4XXError", "Sum"), metric("5XXError", "Sum")] },
          { title: "Latency in ms", metrics: [metric("Latency", "p50"), metric("Latency", "p99")] },
        ],
      },
      this.child,
    );
  }
}

function functionOf(lambda: CallbackLambda | aws.lambda.Function): aws.lambda.Function {
  return lambda instanceof CallbackLambda ? lambda.function : lambda;
}

/** What the types cannot say. */
function checkOperations(checks: ArgumentChecks, { operations }: OpenApiServiceArgs): void {
  for (const [operationId, operation] of Object.entries(operations)) {
    if ("lambda" in operation) continue;
    const { action, resources, responses } = operation.dynamodb;
    const at = `operations.${operationId}.dynamodb`;
    checks.require(/^[A-Z][A-Za-z]+$/.test(action), {
      path: `${at}.action`,
      received: action,
      allowed: "the name of one of DynamoDB's actions",
      fix: "Name it as its API does: DeleteItem.",
    });
    checks.require(resources.length > 0 && !resources.includes("*"), {
      path: `${at}.resources`,
      received: resources.filter((resource) => typeof resource === "string"),
      allowed: "ARNs",
      fix: "Name the table's ARN.",
    });
    checks.require(responses.filter(({ pattern }) => pattern === undefined).length === 1, {
      path: `${at}.responses`,
      received: responses.map(({ status, pattern }) => ({ status, pattern })),
      allowed: "one without a pattern, which is for all that no other one is for",
      fix: "Leave the pattern out of the one that a success has.",
    });
  }
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-variables-for-access-logging.html */
const ACCESS_LOG = JSON.stringify({
  requestId: "$context.requestId",
  time: "$context.requestTime",
  ip: "$context.identity.sourceIp",
  caller: "$context.identity.userArn",
  method: "$context.httpMethod",
  path: "$context.resourcePath",
  status: "$context.status",
  latency: "$context.responseLatency",
  error: "$context.error.responseType",
});
