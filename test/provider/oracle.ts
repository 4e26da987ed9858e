/** What the real `aws` plugin says of types that the stand-in has. Facts only, in Pulumi's names; lists as words. */
import type { Values } from "../../local/provider/property-values";

interface Facts {
  /** Inputs of which a change replaces: those with ForceNew, or those that a recorded Diff called stable. */
  readonly replaces?: string;
  /** Those of the schema, or what a recorded Check added to the program's inputs, but for generated names. */
  readonly defaults?: Values;
}

export interface Schema extends Facts {
  /** Under internal/service/. */
  readonly file: string;
}

/**
 * Complete, from the provider under the real plugin, hashicorp/terraform-provider-aws. Version 7 of the plugin is made
 * from its version 6; for some types an older revision was at hand.
 */
export const SCHEMAS: Readonly<Record<string, Schema>> = {
  "aws:autoscaling/lifecycleHook:LifecycleHook": { file: "autoscaling/lifecycle_hook.go", replaces: "name" },
  "aws:budgets/budget:Budget": {
    file: "budgets/budget.go",
    replaces: "accountId name namePrefix",
    defaults: { timePeriodEnd: "2087-06-15_00:00" },
  },
  "aws:cloudwatch/dashboard:Dashboard": { file: "cloudwatch/dashboard.go", replaces: "dashboardName" },
  "aws:cloudwatch/eventRule:EventRule": {
    file: "events/rule.go",
    replaces: "eventBusName name namePrefix",
    defaults: { eventBusName: "default", forceDestroy: false },
  },
  "aws:cloudwatch/logGroup:LogGroup": {
    file: "logs/group.go",
    replaces: "logGroupClass name namePrefix",
    defaults: { retentionInDays: 0, skipDestroy: false },
  },
  "aws:cloudwatch/metricAlarm:MetricAlarm": {
    file: "cloudwatch/metric_alarm.go",
    replaces: "name",
    defaults: { actionsEnabled: true, treatMissingData: "missing" },
  },
  "aws:costexplorer/anomalyMonitor:AnomalyMonitor": {
    file: "ce/anomaly_monitor.go",
    replaces: "monitorDimension monitorSpecification monitorType",
  },
  "aws:costexplorer/anomalySubscription:AnomalySubscription": { file: "ce/anomaly_subscription.go", replaces: "name" },
  "aws:costexplorer/costAllocationTag:CostAllocationTag": { file: "ce/cost_allocation_tag.go", replaces: "" },
  "aws:ec2/carrierGateway:CarrierGateway": { file: "ec2/wavelength_carrier_gateway.go", replaces: "vpcId" },
  "aws:ec2/route:Route": {
    file: "ec2/vpc_route.go",
    replaces: "destinationCidrBlock destinationIpv6CidrBlock destinationPrefixListId routeTableId",
  },
  "aws:ec2/securityGroup:SecurityGroup": {
    file: "ec2/vpc_security_group.go",
    replaces: "description name namePrefix vpcId",
    defaults: { description: "Managed by Pulumi", revokeRulesOnDelete: false },
  },
  "aws:ec2/subnet:Subnet": {
    file: "ec2/vpc_subnet.go",
    replaces: `availabilityZone availabilityZoneId cidrBlock ipv4IpamPoolId ipv4NetmaskLength ipv6IpamPoolId ipv6Native
      ipv6NetmaskLength outpostArn vpcId`,
    defaults: {
      assignIpv6AddressOnCreation: false,
      enableDns64: false,
      enableResourceNameDnsARecordOnLaunch: false,
      enableResourceNameDnsAaaaRecordOnLaunch: false,
      ipv6Native: false,
      mapPublicIpOnLaunch: false,
    },
  },
  "aws:ec2/vpc:Vpc": {
    file: "ec2/vpc_.go",
    replaces: "cidrBlock ipv4IpamPoolId ipv4NetmaskLength",
    defaults: { enableDnsSupport: true, instanceTenancy: "default" },
  },
  "aws:iam/rolePolicy:RolePolicy": { file: "iam/role_policy.go", replaces: "name namePrefix role" },
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": {
    file: "iam/role_policy_attachment.go",
    replaces: "policyArn role",
  },
  "aws:kms/key:Key": {
    file: "kms/key.go",
    replaces: "customKeyStoreId customerMasterKeySpec keyUsage multiRegion xksKeyId",
    defaults: {
      bypassPolicyLockoutSafetyCheck: false,
      customerMasterKeySpec: "SYMMETRIC_DEFAULT",
      enableKeyRotation: false,
      isEnabled: true,
      keyUsage: "ENCRYPT_DECRYPT",
    },
  },
  "aws:lambda/eventSourceMapping:EventSourceMapping": {
    file: "lambda/event_source_mapping.go",
    replaces: `amazonManagedKafkaEventSourceConfig eventSourceArn queues selfManagedEventSource
      selfManagedKafkaEventSourceConfig startingPosition startingPositionTimestamp topics`,
    defaults: { enabled: true },
  },
  "aws:lambda/function:Function": {
    file: "lambda/function.go",
    replaces: "name packageType tenancyConfig",
    defaults: {
      memorySize: 128,
      packageType: "Zip",
      publish: false,
      reservedConcurrentExecutions: -1,
      skipDestroy: false,
      timeout: 3,
    },
  },
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": {
    file: "lambda/function_event_invoke_config.go",
    replaces: "functionName qualifier",
    defaults: { maximumRetryAttempts: 2 },
  },
  "aws:lambda/invocation:Invocation": {
    file: "lambda/invocation.go",
    replaces: "functionName qualifier triggers",
    defaults: { lifecycleScope: "CREATE_ONLY", qualifier: "$LATEST", terraformKey: "tf" },
  },
  "aws:lambda/permission:Permission": {
    file: "lambda/permission.go",
    replaces: `action eventSourceToken function functionUrlAuthType invokedViaFunctionUrl principal principalOrgId
      qualifier sourceAccount sourceArn statementId statementIdPrefix`,
  },
  "aws:organizations/policy:Policy": {
    file: "organizations/policy.go",
    replaces: "type",
    defaults: { type: "SERVICE_CONTROL_POLICY" },
  },
  "aws:organizations/policyAttachment:PolicyAttachment": {
    file: "organizations/policy_attachment.go",
    replaces: "policyId targetId",
  },
  "aws:route53/record:Record": { file: "route53/record.go", replaces: "name zoneId" },
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": {
    file: "s3/bucket_public_access_block.go",
    replaces: "bucket",
    defaults: {
      blockPublicAcls: false,
      blockPublicPolicy: false,
      ignorePublicAcls: false,
      restrictPublicBuckets: false,
    },
  },
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": {
    file: "s3/bucket_server_side_encryption_configuration.go",
    replaces: "bucket expectedBucketOwner",
  },
  "aws:scheduler/schedule:Schedule": {
    file: "scheduler/schedule.go",
    replaces: "groupName name namePrefix",
    defaults: { scheduleExpressionTimezone: "UTC", state: "ENABLED" },
  },
  "aws:securityhub/account:Account": {
    file: "securityhub/account.go",
    replaces: "enableDefaultStandards",
    defaults: { autoEnableControls: true, enableDefaultStandards: true },
  },
  "aws:sesv2/configurationSet:ConfigurationSet": {
    file: "sesv2/configuration_set.go",
    replaces: "configurationSetName",
  },
  "aws:sesv2/configurationSetEventDestination:ConfigurationSetEventDestination": {
    file: "sesv2/configuration_set_event_destination.go",
    replaces: "configurationSetName eventDestinationName",
  },
  "aws:sesv2/emailIdentity:EmailIdentity": { file: "sesv2/email_identity.go", replaces: "emailIdentity" },
  "aws:sqs/queue:Queue": {
    file: "sqs/queue.go",
    replaces: "fifoQueue name namePrefix",
    defaults: {
      contentBasedDeduplication: false,
      delaySeconds: 0,
      fifoQueue: false,
      maxMessageSize: 262144,
      messageRetentionSeconds: 345600,
      receiveWaitTimeSeconds: 0,
      visibilityTimeoutSeconds: 30,
    },
  },
  "aws:ssm/parameter:Parameter": { file: "ssm/parameter.go", replaces: "dataType name" },
};

/** With replacements and defaults where there is no schema above. */
export interface Recorded extends Facts {
  /** Under provider/testdata/recorded/TestProviderUpgrade/. */
  readonly folder: string;
  /** Those that are not inputs as well. */
  readonly outputs?: string;
  /** Its form: `{name}` stands for an output, `*` for anything. */
  readonly id: string;
}

/** From exchanges of the plugin's versions 5.42 and 6.31 in pulumi/pulumi-aws; version 7 renamed some properties. */
export const RECORDED: Readonly<Record<string, Recorded>> = {
  "aws:cloudwatch/eventRule:EventRule": { folder: "cloudwatch-eventrule", id: "{name}", outputs: "arn" },
  "aws:cloudwatch/eventTarget:EventTarget": {
    folder: "cloudwatch-eventrule",
    id: "{rule}-{targetId}",
    replaces: "eventBusName rule targetId",
    defaults: { eventBusName: "default" },
  },
  "aws:cloudwatch/logGroup:LogGroup": { folder: "cloudwatch-loggroup", id: "{name}", outputs: "arn" },
  "aws:dynamodb/table:Table": {
    folder: "dynamodb-table",
    id: "{name}",
    outputs: "arn streamArn streamLabel",
    replaces: "hashKey localSecondaryIndexes name rangeKey restoreDateTime restoreToLatestTime",
    defaults: { tableClass: "STANDARD" },
  },
  "aws:ec2/route:Route": {
    folder: "ec2-networking",
    id: "r-{routeTableId}1080289494",
    outputs: "instanceId instanceOwnerId origin state",
  },
  "aws:ec2/routeTable:RouteTable": { folder: "ec2-networking", id: "rtb-*", outputs: "arn ownerId" },
  "aws:ec2/routeTableAssociation:RouteTableAssociation": { folder: "ec2-networking", id: "rtbassoc-*" },
  "aws:ec2/subnet:Subnet": {
    folder: "ec2-networking",
    id: "subnet-*",
    outputs: "arn ipv6CidrBlockAssociationId ownerId",
  },
  "aws:ec2/vpc:Vpc": {
    folder: "ec2-networking",
    id: "vpc-*",
    outputs: `arn defaultNetworkAclId defaultRouteTableId defaultSecurityGroupId dhcpOptionsId ipv6AssociationId
      mainRouteTableId ownerId`,
  },
  "aws:iam/instanceProfile:InstanceProfile": {
    folder: "iam-instanceprofile",
    id: "{name}",
    outputs: "arn createDate uniqueId",
    replaces: "name namePrefix path",
    defaults: { path: "/" },
  },
  "aws:iam/role:Role": {
    folder: "iam-instanceprofile",
    id: "{name}",
    outputs: "arn createDate uniqueId",
    replaces: "name namePrefix path",
    defaults: { forceDetachPolicies: false, maxSessionDuration: 3600, path: "/" },
  },
  // By this id `pulumi import` of version 7 takes it; version 5 made one of the time.
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": { folder: "cloudwatch", id: "{role}/{policyArn}" },
  "aws:kms/key:Key": { folder: "kms-key", id: "{keyId}", outputs: "arn keyId" },
  "aws:lambda/eventSourceMapping:EventSourceMapping": {
    folder: "queue",
    id: "{uuid}",
    outputs: "functionArn lastModified lastProcessingResult state stateTransitionReason uuid",
  },
  "aws:lambda/function:Function": {
    folder: "queue",
    id: "{name}",
    outputs: `arn invokeArn lastModified qualifiedArn qualifiedInvokeArn signingJobArn signingProfileVersionArn
      sourceCodeSize version`,
  },
  "aws:lambda/permission:Permission": { folder: "queue", id: "{statementId}" },
  "aws:route53/record:Record": { folder: "route53", id: "{zoneId}_{name}_{type}", outputs: "fqdn" },
  "aws:s3/bucket:Bucket": {
    folder: "bucket",
    id: "{bucket}",
    outputs: "arn bucketDomainName bucketRegionalDomainName hostedZoneId",
    replaces: "bucket bucketPrefix",
    defaults: { acl: "private", forceDestroy: false },
  },
  "aws:sns/topic:Topic": {
    folder: "sns-topic",
    id: "{arn}",
    outputs: "arn beginningArchiveTime owner",
    replaces: "fifoTopic name namePrefix",
    defaults: { contentBasedDeduplication: false, fifoTopic: false },
  },
  "aws:sns/topicPolicy:TopicPolicy": { folder: "cloudwatch-eventrule", id: "{arn}", outputs: "owner", replaces: "arn" },
  "aws:sqs/queue:Queue": { folder: "queue", id: "{url}", outputs: "arn url" },
};
