/** Networks, instances, functions and builds. */
import { answering, GRANTED, PARTITION } from "./others";
import type { Samples } from "./sample";

const HOOK = { lifecycleTransition: "autoscaling:EC2_INSTANCE_TERMINATING", heartbeatTimeout: 60 };
const GROUP = {
  minSize: 0,
  maxSize: 2,
  vpcZoneIdentifiers: ["{subnet.id}"],
  launchTemplate: { id: "{launchTemplate.id}" },
};
const IMAGE = { computeType: "BUILD_GENERAL1_SMALL", image: "aws/codebuild/standard:7.0", type: "LINUX_CONTAINER" };

const https = { protocol: "tcp", fromPort: 443, toPort: 443, cidrBlocks: ["0.0.0.0/0", "10.0.0.0/8"] };
const everything = { protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] };
const named = (tags: Record<string, string>) => [{ resourceType: "instance", tags: { Name: "edge", ...tags } }];

export const compute: Samples = {
  "aws:lambda/alias:Alias": {
    inputs: { functionName: "{published.id}", functionVersion: "1", name: "live" },
    importId: "{published.id}/live",
    changes: [
      { functionVersion: "2", description: "the newest" },
      { routingConfig: { additionalVersionWeights: { "1": 0.25 } } },
    ],
  },
  "aws:ec2/vpc:Vpc": {
    inputs: { cidrBlock: "10.7.0.0/16", enableDnsHostnames: true },
    changes: { enableDnsHostnames: false, enableDnsSupport: false },
  },
  "aws:ec2/subnet:Subnet": {
    inputs: { vpcId: "{vpc.id}", cidrBlock: "10.7.1.0/24", availabilityZone: "us-east-1a" },
    changes: { mapPublicIpOnLaunch: true },
  },
  "aws:ec2/carrierGateway:CarrierGateway": { inputs: { vpcId: "{vpc.id}" } },
  "aws:ec2/internetGateway:InternetGateway": { inputs: { vpcId: "{vpc.id}" }, changes: { vpcId: "{vpc 2.id}" } },
  "aws:ec2/routeTable:RouteTable": { inputs: { vpcId: "{vpc.id}" } },
  "aws:ec2/route:Route": {
    inputs: {
      routeTableId: "{routeTable.id}",
      destinationCidrBlock: "0.0.0.0/0",
      carrierGatewayId: "{carrierGateway.id}",
    },
    importId: "{routeTable.id}_0.0.0.0/0",
    changes: [{ carrierGatewayId: null, gatewayId: "{internetGateway.id}" }],
  },
  "aws:ec2/routeTableAssociation:RouteTableAssociation": {
    inputs: { subnetId: "{subnet.id}", routeTableId: "{routeTable.id}" },
    importId: "{subnet.id}/{routeTable.id}",
    changes: { routeTableId: "{routeTable 2.id}" },
  },
  "aws:ec2/securityGroup:SecurityGroup": {
    inputs: { vpcId: "{vpc.id}", description: "clients", ingress: [https], egress: [everything] },
    changes: {
      ingress: [https, { ...https, fromPort: 80, toPort: 80 }],
      egress: [{ ...https, cidrBlocks: ["10.7.0.0/16"] }],
    },
  },
  "aws:ec2/launchTemplate:LaunchTemplate": {
    inputs: {
      imageId: "ami-0123456789abcdef0",
      instanceType: "t3.medium",
      networkInterfaces: [{ associateCarrierIpAddress: "true", deviceIndex: 0, securityGroups: ["sg-1"] }],
      tagSpecifications: named({}),
      updateDefaultVersion: true,
    },
    notRead: ["updateDefaultVersion"],
    changes: [
      { imageId: "ami-0123456789abcdef1", instanceType: "c5.large", keyName: "operators" },
      { networkInterfaces: [{ deviceIndex: 0, deleteOnTermination: "true", securityGroups: ["sg-2"] }] },
      { tagSpecifications: named({ weight: "2" }) },
      { description: "third", userData: Buffer.from("#!/bin/sh\n").toString("base64"), ebsOptimized: "true" },
      { blockDeviceMappings: [{ deviceName: "/dev/xvda", ebs: { encrypted: "true", volumeSize: 20 } }] },
      { iamInstanceProfile: { arn: `${PARTITION}:instance-profile/edge` } },
      { instanceMarketOptions: { marketType: "spot" }, monitoring: { enabled: true } },
      { metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 } },
      { networkInterfaces: null, vpcSecurityGroupIds: ["sg-3"] },
    ],
  },
  "aws:autoscaling/group:Group": [
    {
      inputs: GROUP,
      changes: [
        { maxSize: 3 },
        { vpcZoneIdentifiers: ["{subnet 2.id}", "{subnet.id}"] },
        { launchTemplate: { id: "{launchTemplate 2.id}", version: "1" } },
        { healthCheckType: "EC2", healthCheckGracePeriod: 60 },
        { tags: [{ key: "Name", value: "edge", propagateAtLaunch: true }] },
        { minSize: 1, desiredCapacity: 1 },
      ],
    },
    {
      variant: "with a lifecycle hook from the beginning",
      inputs: { ...GROUP, initialLifecycleHooks: [{ name: "drain", ...HOOK }] },
      notRead: ["initialLifecycleHooks"],
    },
  ],
  "aws:autoscaling/lifecycleHook:LifecycleHook": {
    inputs: { autoscalingGroupName: "{group.id}", name: "drain", ...HOOK },
    importId: "{group.id}/drain",
    changes: {
      heartbeatTimeout: 90,
      defaultResult: "CONTINUE",
      lifecycleTransition: "autoscaling:EC2_INSTANCE_LAUNCHING",
    },
  },
  "aws:lambda/function:Function": {
    inputs: { role: GRANTED, runtime: "nodejs22.x", handler: "index.handler", code: answering("one"), publish: true },
    notRead: ["code", "publish"],
    changes: [
      { code: answering("two"), architectures: ["arm64"] },
      { description: "says a word", environment: { variables: { LEVEL: "debug" } } },
      { memorySize: 256, timeout: 10, ephemeralStorage: { size: 1024 } },
      { loggingConfig: { logFormat: "JSON", logGroup: "/own/group" }, tracingConfig: { mode: "Active" } },
      { reservedConcurrentExecutions: 2 },
      { layers: ["arn:aws:lambda:us-east-1:753240598075:layer:LambdaAdapterLayerArm64:1"] },
      { publish: false },
      // Published, it would have to be initialized, which this code cannot.
      { handler: "other.handler", runtime: "python3.13", role: GRANTED.replace("grant", "grant 2") },
      { snapStart: { applyOn: "PublishedVersions" }, ephemeralStorage: { size: 512 } },
    ],
  },
  "aws:lambda/permission:Permission": [
    {
      inputs: {
        function: "{function.id}",
        action: "lambda:InvokeFunction",
        principal: "events.amazonaws.com",
        statementId: "rule",
        sourceArn: "arn:aws:events:us-east-1:111122223333:rule/one",
        sourceAccount: "111122223333",
      },
      importId: "{function.id}/rule",
    },
    {
      variant: "of a URL",
      inputs: {
        function: "{function.id}",
        ...{ action: "lambda:InvokeFunctionUrl", functionUrlAuthType: "NONE", principal: "*", statementId: "open" },
      },
      importId: "{function.id}/open",
    },
    {
      variant: "by a URL",
      inputs: {
        function: "{function.id}",
        ...{ action: "lambda:InvokeFunction", invokedViaFunctionUrl: true, principal: "*", statementId: "by-url" },
      },
      importId: "{function.id}/by-url",
    },
  ],
  "aws:lambda/eventSourceMapping:EventSourceMapping": [
    {
      inputs: { functionName: "{function.arn}", eventSourceArn: "{queue.arn}", batchSize: 5 },
      changes: [
        { batchSize: 20, maximumBatchingWindowInSeconds: 1 },
        { functionResponseTypes: ["ReportBatchItemFailures"] },
        { scalingConfig: { maximumConcurrency: 3 }, filterCriteria: { filters: [{ pattern: '{"body":["a"]}' }] } },
        { enabled: false },
        { functionName: "{function 2.arn}" },
      ],
    },
    {
      variant: "of a stream",
      inputs: {
        functionName: "{function.arn}",
        eventSourceArn: "{table.streamArn}",
        startingPosition: "TRIM_HORIZON",
        maximumRetryAttempts: 3,
      },
      changes: [
        { maximumRetryAttempts: 5, maximumRecordAgeInSeconds: 120 },
        { bisectBatchOnFunctionError: true, parallelizationFactor: 2 },
        { destinationConfig: { onFailure: { destinationArn: "{queue.arn}" } } },
      ],
    },
  ],
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": {
    inputs: { functionName: "{function.id}" },
    changes: {
      maximumRetryAttempts: 0,
      maximumEventAgeInSeconds: 60,
      destinationConfig: { onFailure: { destination: "{queue.arn}" } },
    },
  },
  "aws:codebuild/project:Project": {
    inputs: {
      serviceRole: "{role.arn}",
      artifacts: { type: "NO_ARTIFACTS" },
      source: { type: "NO_SOURCE", buildspec: "version: 0.2" },
      environment: IMAGE,
    },
    changes: {
      buildTimeout: 10,
      description: "builds",
      source: { type: "NO_SOURCE", buildspec: "version: 0.2\nphases: {}" },
      environment: { ...IMAGE, environmentVariables: [{ name: "STAGE", value: "test" }] },
      artifacts: { type: "S3", location: "artifacts" },
      serviceRole: "{role 2.arn}",
    },
  },
  "aws:ecr/repository:Repository": {
    inputs: { encryptionConfigurations: [{ encryptionType: "AES256" }], forceDelete: true },
    notRead: ["forceDelete"],
    changes: { imageTagMutability: "IMMUTABLE", imageScanningConfiguration: { scanOnPush: true } },
  },
};
