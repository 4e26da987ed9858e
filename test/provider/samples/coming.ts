import { allow } from "../support";
import { madeRole } from "./iam";
import type { Sample } from "./sample";

const definition = (result: string): string =>
  JSON.stringify({ StartAt: "Pass", States: { Pass: { Type: "Pass", Result: result, End: true } } });

/** Types that the patterns to come begin with. */
export const coming: readonly Sample[] = [
  {
    token: "aws:sfn/stateMachine:StateMachine",
    program: async (make) => {
      const group = await make("aws:cloudwatch/logGroup:LogGroup", {});
      const [one, other] = [await madeRole(make, "states"), await madeRole(make, "states")];
      return {
        inputs: { definition: definition("one"), roleArn: one.output("arn") },
        changes: [
          { definition: definition("two") },
          { roleArn: other.output("arn") },
          { loggingConfiguration: { level: "ALL", logDestination: `${group.output("arn")}:*` } },
          { tracingConfiguration: { enabled: true } },
        ],
      };
    },
  },
  {
    token: "aws:ecr/repository:Repository",
    program: () => ({
      inputs: { encryptionConfigurations: [{ encryptionType: "AES256" }], forceDelete: true },
      notRead: ["forceDelete"],
      changes: [{ imageTagMutability: "IMMUTABLE" }, { imageScanningConfiguration: { scanOnPush: true } }],
    }),
  },
  {
    token: "aws:cognito/userPool:UserPool",
    program: () => ({
      inputs: { usernameAttributes: ["email"] },
      changes: [
        { passwordPolicy: { minimumLength: 12, requireNumbers: true } },
        { autoVerifiedAttributes: ["email"], adminCreateUserConfig: { allowAdminCreateUserOnly: true } },
        { mfaConfiguration: "OPTIONAL", deletionProtection: "ACTIVE" },
      ],
    }),
  },
  {
    token: "aws:apigatewayv2/api:Api",
    program: () => ({
      inputs: { protocolType: "HTTP" },
      changes: [
        { description: "widgets", version: "2" },
        { corsConfiguration: { allowMethods: ["GET"], allowOrigins: ["https://example.com"], maxAge: 60 } },
        { name: "renamed" },
        { disableExecuteApiEndpoint: true },
      ],
    }),
  },
  {
    token: "aws:apigatewayv2/integration:Integration",
    program: async (make) => {
      const api = await make("aws:apigatewayv2/api:Api", { protocolType: "HTTP" });
      return {
        inputs: {
          apiId: api.id,
          integrationType: "HTTP_PROXY",
          integrationMethod: "GET",
          integrationUri: "https://example.com",
        },
        importId: (id) => `${api.id}/${id}`,
        changes: [{ integrationUri: "https://example.org", timeoutMilliseconds: 1000 }, { description: "elsewhere" }],
      };
    },
  },
  {
    token: "aws:apigatewayv2/route:Route",
    program: async (make) => {
      const api = await make("aws:apigatewayv2/api:Api", { protocolType: "HTTP" });
      return {
        inputs: { apiId: api.id, routeKey: "GET /records" },
        importId: (id) => `${api.id}/${id}`,
        changes: [{ routeKey: "GET /records/{id}" }, { authorizationType: "AWS_IAM" }],
      };
    },
  },
  {
    token: "aws:apigatewayv2/stage:Stage",
    program: async (make) => {
      const api = await make("aws:apigatewayv2/api:Api", { protocolType: "HTTP" });
      const group = await make("aws:cloudwatch/logGroup:LogGroup", {});
      return {
        inputs: { apiId: api.id, name: "$default", autoDeploy: true },
        importId: `${api.id}/$default`,
        changes: [
          { accessLogSettings: { destinationArn: group.output("arn"), format: "$context.requestId" } },
          { defaultRouteSettings: { throttlingBurstLimit: 10, throttlingRateLimit: 5 } },
          { description: "all requests" },
        ],
      };
    },
  },
  {
    token: "aws:pipes/pipe:Pipe",
    program: async (make) => {
      const madePipeRole = async (): Promise<string> => {
        const role = await madeRole(make, "pipes");
        await make("aws:iam/rolePolicy:RolePolicy", { role: role.id, policy: allow("sqs:*") });
        return role.output("arn");
      };
      const queue = async (): Promise<string> => (await make("aws:sqs/queue:Queue", {})).output("arn");
      return {
        inputs: { roleArn: await madePipeRole(), source: await queue(), target: await queue() },
        changes: [
          { description: "orders" },
          { desiredState: "STOPPED" },
          { sourceParameters: { filterCriteria: { filters: [{ pattern: '{"body":["a"]}' }] } } },
          { target: await queue(), targetParameters: { inputTemplate: "<$.body>" } },
          { enrichment: "arn:aws:lambda:us-east-1:111122223333:function:enrich" },
          { enrichmentParameters: { inputTemplate: '{"id":<$.body.id>}' } },
          { roleArn: await madePipeRole() },
        ],
      };
    },
  },
  {
    token: "aws:codebuild/project:Project",
    program: async (make) => {
      const image = {
        computeType: "BUILD_GENERAL1_SMALL",
        image: "aws/codebuild/standard:7.0",
        type: "LINUX_CONTAINER",
      };
      const [one, other] = [await madeRole(make, "codebuild"), await madeRole(make, "codebuild")];
      return {
        inputs: {
          serviceRole: one.output("arn"),
          artifacts: { type: "NO_ARTIFACTS" },
          source: { type: "NO_SOURCE", buildspec: "version: 0.2" },
          environment: image,
        },
        changes: [
          { buildTimeout: 10, description: "builds" },
          { source: { type: "NO_SOURCE", buildspec: "version: 0.2\nphases: {}" } },
          { environment: { ...image, environmentVariables: [{ name: "STAGE", value: "test" }] } },
          { artifacts: { type: "S3", location: "artifacts" } },
          { serviceRole: other.output("arn") },
        ],
      };
    },
  },
];
