/** What an EventBridge target can have. https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_Target.html */
import { boolean, named, nested, nestedList, number, record, type Shape, tags, text, texts } from "../shape";

const ECS: Shape = {
  capacityProviderStrategies: named(
    "CapacityProviderStrategy",
    nestedList({
      base: named("base", number),
      capacityProvider: named("capacityProvider", text),
      weight: named("weight", number),
    }),
  ),
  enableEcsManagedTags: named("EnableECSManagedTags", boolean),
  enableExecuteCommand: boolean,
  group: text,
  launchType: text,
  orderedPlacementStrategies: named(
    "PlacementStrategy",
    nestedList({ field: named("field", text), type: named("type", text) }),
  ),
  placementConstraints: nestedList({ expression: named("expression", text), type: named("type", text) }),
  platformVersion: text,
  propagateTags: text,
  tags,
  taskCount: number,
  taskDefinitionArn: text,
};

/** Where Pulumi is flatter than AWS, `fromAws` and `toAws` of `event-target.ts` fold. */
export const TARGET: Shape = {
  appsyncTarget: named("AppSyncParameters", nested({ graphqlOperation: named("GraphQLOperation", text) })),
  arn: text,
  deadLetterConfig: nested({ arn: text }),
  ecsTarget: named("EcsParameters", nested(ECS)),
  httpTarget: named(
    "HttpParameters",
    nested({ headerParameters: record, pathParameterValues: texts, queryStringParameters: record }),
  ),
  input: text,
  inputPath: text,
  inputTransformer: nested({ inputPaths: named("InputPathsMap", record), inputTemplate: text }),
  kinesisTarget: named("KinesisParameters", nested({ partitionKeyPath: text })),
  redshiftTarget: named(
    "RedshiftDataParameters",
    nested({
      database: text,
      dbUser: text,
      secretsManagerArn: named("SecretManagerArn", text),
      sql: text,
      statementName: text,
      withEvent: boolean,
    }),
  ),
  retryPolicy: nested({ maximumEventAgeInSeconds: number, maximumRetryAttempts: number }),
  roleArn: text,
  sagemakerPipelineTarget: named(
    "SageMakerPipelineParameters",
    nested({ pipelineParameterLists: named("PipelineParameterList", nestedList({ name: text, value: text })) }),
  ),
  sqsTarget: named("SqsParameters", nested({ messageGroupId: text })),
};

/** These two have no structure of AWS's that a shape could follow. */
export const BATCH: Shape = { arraySize: number, jobAttempts: number, jobDefinition: text, jobName: text };
export const NETWORK: Shape = { assignPublicIp: boolean, securityGroups: texts, subnets: texts };
export const RUN_COMMANDS: Shape = { key: text, values: texts };
