/**
 * What the real `aws` plugin says of types that the stand-in has. Facts only, in Pulumi's names, from
 * - the schemas of the provider under version 7, hashicorp/terraform-provider-aws (its version 6; for some types an older
 *   revision was at hand): what replaces, and defaults;
 * - exchanges that pulumi/pulumi-aws keeps under provider/testdata/recorded/TestProviderUpgrade, of versions 5.42 and
 *   6.31: outputs and ids, and where no schema was at hand the rest.
 */
import type { Values } from "../../local/provider/property-values";

export interface Facts {
  /** The file under internal/service/; its lists are complete. */
  readonly schema?: string;
  /** The recording's folder. */
  readonly recording?: string;
  /** Inputs of which a change replaces: those with ForceNew, or those that a recorded Diff called stable. */
  readonly replaces?: string;
  /** Defaults of the schema, or what a recorded Check added to the program's inputs, but for generated names. */
  readonly defaults?: Values;
  /** Outputs that are not inputs as well. */
  readonly outputs?: string;
  /** The form of the id: `{name}` stands for an output, `*` for anything. */
  readonly id?: string;
}

export const ORACLE: Readonly<Record<string, Facts>> = {
  "aws:autoscaling/lifecycleHook:LifecycleHook": { schema: "autoscaling/lifecycle_hook.go", replaces: "name" },
  "aws:budgets/budget:Budget": {
    schema: "budgets/budget.go",
    replaces: "accountId name namePrefix",
    defaults: { timePeriodEnd: "2087-06-15_00:00" },
  },
  "aws:cloudwatch/dashboard:Dashboard": { schema: "cloudwatch/dashboard.go", replaces: "dashboardName" },
  "aws:cloudwatch/eventRule:EventRule": {
    schema: "events/rule.go",
    recording: "cloudwatch-eventrule",
    replaces: "eventBusName name namePrefix",
    defaults: { eventBusName: "default", forceDestroy: false },
    outputs: "arn",
    id: "{name}",
  },
  "aws:cloudwatch/eventTarget:EventTarget": {
    recording: "cloudwatch-eventrule",
    replaces: "eventBusName rule targetId",
    defaults: { eventBusName: "default" },
    id: "{rule}-{targetId}",
  },
  "aws:cloudwatch/logGroup:LogGroup": {
    schema: "logs/group.go",
    recording: "cloudwatch-loggroup",
    replaces: "logGroupClass name namePrefix",
    defaults: { retentionInDays: 0, skipDestroy: false },
    outputs: "arn",
    id: "{name}",
  },
  "aws:cloudwatch/metricAlarm:MetricAlarm": {
    schema: "cloudwatch/metric_alarm.go",
    replaces: "name",
    defaults: { actionsEnabled: true, treatMissingData: "missing" },
  },
  "aws:costexplorer/anomalyMonitor:AnomalyMonitor": {
    schema: "ce/anomaly_monitor.go",
    replaces: "monitorDimension monitorSpecification monitorType",
  },
  "aws:costexplorer/anomalySubscription:AnomalySubscription": {
    schema: "ce/anomaly_subscription.go",
    replaces: "name",
  },
  "aws:costexplorer/costAllocationTag:CostAllocationTag": { schema: "ce/cost_allocation_tag.go", replaces: "" },
  "aws:dynamodb/table:Table": {
    recording: "dynamodb-table",
    replaces: "hashKey localSecondaryIndexes name rangeKey restoreDateTime restoreToLatestTime",
    defaults: { tableClass: "STANDARD" },
    outputs: "arn streamArn streamLabel",
    id: "{name}",
  },
  "aws:ec2/carrierGateway:CarrierGateway": { schema: "ec2/wavelength_carrier_gateway.go", replaces: "vpcId" },
  "aws:ec2/route:Route": {
    schema: "ec2/vpc_route.go",
    recording: "ec2-networking",
    replaces: "destinationCidrBlock destinationIpv6CidrBlock destinationPrefixListId routeTableId",
    outputs: "instanceId instanceOwnerId origin state",
    id: "r-{routeTableId}1080289494",
  },
  "aws:ec2/routeTable:RouteTable": { recording: "ec2-networking", outputs: "arn ownerId", id: "rtb-*" },
  "aws:ec2/routeTableAssociation:RouteTableAssociation": { recording: "ec2-networking", id: "rtbassoc-*" },
  "aws:ec2/securityGroup:SecurityGroup": {
    schema: "ec2/vpc_security_group.go",
    replaces: "description name namePrefix vpcId",
    defaults: { description: "Managed by Pulumi", revokeRulesOnDelete: false },
  },
  "aws:ec2/subnet:Subnet": {
    schema: "ec2/vpc_subnet.go",
    recording: "ec2-networking",
    replaces: `availabilityZone availabilityZoneId cidrBlock ipv4IpamPoolId ipv4NetmaskLength ipv6IpamPoolId
      ipv6Native ipv6NetmaskLength outpostArn vpcId`,
    defaults: {
      assignIpv6AddressOnCreation: false,
      enableDns64: false,
      enableResourceNameDnsARecordOnLaunch: false,
      enableResourceNameDnsAaaaRecordOnLaunch: false,
      ipv6Native: false,
      mapPublicIpOnLaunch: false,
    },
    outputs: "arn ipv6CidrBlockAssociationId ownerId",
    id: "subnet-*",
  },
  "aws:ec2/vpc:Vpc": {
    schema: "ec2/vpc_.go",
    recording: "ec2-networking",
    replaces: "cidrBlock ipv4IpamPoolId ipv4NetmaskLength",
    defaults: { enableDnsSupport: true, instanceTenancy: "default" },
    outputs: `arn defaultNetworkAclId defaultRouteTableId defaultSecurityGroupId dhcpOptionsId ipv6AssociationId
      mainRouteTableId ownerId`,
    id: "vpc-*",
  },
  "aws:iam/instanceProfile:InstanceProfile": {
    recording: "iam-instanceprofile",
    replaces: "name namePrefix path",
    defaults: { path: "/" },
    outputs: "arn createDate uniqueId",
    id: "{name}",
  },
  "aws:iam/role:Role": {
    recording: "iam-instanceprofile",
    replaces: "name namePrefix path",
    defaults: { forceDetachPolicies: false, maxSessionDuration: 3600, path: "/" },
    outputs: "arn createDate uniqueId",
    id: "{name}",
  },
  "aws:iam/rolePolicy:RolePolicy": { schema: "iam/role_policy.go", replaces: "name namePrefix role" },
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": {
    schema: "iam/role_policy_attachment.go",
    recording: "cloudwatch",
    replaces: "policyArn role",
    // By this `pulumi import` of version 7 takes it; version 5 made an id of the time.
    id: "{role}/{policyArn}",
  },
  "aws:kms/key:Key": {
    schema: "kms/key.go",
    recording: "kms-key",
    replaces: "customKeyStoreId customerMasterKeySpec keyUsage multiRegion xksKeyId",
    defaults: {
      bypassPolicyLockoutSafetyCheck: false,
      customerMasterKeySpec: "SYMMETRIC_DEFAULT",
      enableKeyRotation: false,
      isEnabled: true,
      keyUsage: "ENCRYPT_DECRYPT",
    },
    outputs: "arn keyId",
    id: "{keyId}",
  },
  "aws:lambda/eventSourceMapping:EventSourceMapping": {
    schema: "lambda/event_source_mapping.go",
    recording: "queue",
    replaces: `amazonManagedKafkaEventSourceConfig eventSourceArn queues selfManagedEventSource
      selfManagedKafkaEventSourceConfig startingPosition startingPositionTimestamp topics`,
    defaults: { enabled: true },
    outputs: "functionArn lastModified lastProcessingResult state stateTransitionReason uuid",
    id: "{uuid}",
  },
  "aws:lambda/function:Function": {
    schema: "lambda/function.go",
    recording: "queue",
    replaces: "name packageType tenancyConfig",
    defaults: {
      memorySize: 128,
      packageType: "Zip",
      publish: false,
      reservedConcurrentExecutions: -1,
      skipDestroy: false,
      timeout: 3,
    },
    outputs: `arn invokeArn lastModified qualifiedArn qualifiedInvokeArn signingJobArn signingProfileVersionArn
      sourceCodeSize version`,
    id: "{name}",
  },
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": {
    schema: "lambda/function_event_invoke_config.go",
    replaces: "functionName qualifier",
    defaults: { maximumRetryAttempts: 2 },
  },
  "aws:lambda/invocation:Invocation": {
    schema: "lambda/invocation.go",
    replaces: "functionName qualifier triggers",
    defaults: { lifecycleScope: "CREATE_ONLY", qualifier: "$LATEST", terraformKey: "tf" },
  },
  "aws:lambda/permission:Permission": {
    schema: "lambda/permission.go",
    recording: "queue",
    replaces: `action eventSourceToken function functionUrlAuthType invokedViaFunctionUrl principal principalOrgId
      qualifier sourceAccount sourceArn statementId statementIdPrefix`,
    id: "{statementId}",
  },
  "aws:organizations/policy:Policy": {
    schema: "organizations/policy.go",
    replaces: "type",
    defaults: { type: "SERVICE_CONTROL_POLICY" },
  },
  "aws:organizations/policyAttachment:PolicyAttachment": {
    schema: "organizations/policy_attachment.go",
    replaces: "policyId targetId",
  },
  "aws:route53/record:Record": {
    schema: "route53/record.go",
    recording: "route53",
    replaces: "name zoneId",
    outputs: "fqdn",
    id: "{zoneId}_{name}_{type}",
  },
  "aws:s3/bucket:Bucket": {
    recording: "bucket",
    replaces: "bucket bucketPrefix",
    defaults: { acl: "private", forceDestroy: false },
    outputs: "arn bucketDomainName bucketRegionalDomainName hostedZoneId",
    id: "{bucket}",
  },
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": {
    schema: "s3/bucket_public_access_block.go",
    replaces: "bucket",
    defaults: {
      blockPublicAcls: false,
      blockPublicPolicy: false,
      ignorePublicAcls: false,
      restrictPublicBuckets: false,
    },
  },
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": {
    schema: "s3/bucket_server_side_encryption_configuration.go",
    replaces: "bucket expectedBucketOwner",
  },
  "aws:scheduler/schedule:Schedule": {
    schema: "scheduler/schedule.go",
    replaces: "groupName name namePrefix",
    defaults: { scheduleExpressionTimezone: "UTC", state: "ENABLED" },
  },
  "aws:sesv2/configurationSet:ConfigurationSet": {
    schema: "sesv2/configuration_set.go",
    replaces: "configurationSetName",
  },
  "aws:sesv2/configurationSetEventDestination:ConfigurationSetEventDestination": {
    schema: "sesv2/configuration_set_event_destination.go",
    replaces: "configurationSetName eventDestinationName",
  },
  "aws:sesv2/emailIdentity:EmailIdentity": { schema: "sesv2/email_identity.go", replaces: "emailIdentity" },
  "aws:sns/topic:Topic": {
    recording: "sns-topic",
    replaces: "fifoTopic name namePrefix",
    defaults: { contentBasedDeduplication: false, fifoTopic: false },
    outputs: "arn beginningArchiveTime owner",
    id: "{arn}",
  },
  "aws:sns/topicPolicy:TopicPolicy": {
    recording: "cloudwatch-eventrule",
    replaces: "arn",
    outputs: "owner",
    id: "{arn}",
  },
  "aws:sqs/queue:Queue": {
    schema: "sqs/queue.go",
    recording: "queue",
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
    outputs: "arn url",
    id: "{url}",
  },
  "aws:ssm/parameter:Parameter": { schema: "ssm/parameter.go", replaces: "dataType name" },
};
