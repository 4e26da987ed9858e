/**
 * What the schemas of the provider under the real plugin say: hashicorp/terraform-provider-aws, internal/service/. Version
 * 7 of the plugin is made from its version 6; for some types an older revision was at hand. Facts only, in Pulumi's names.
 */
import type { Values } from "../../../local/provider/property-values";

export interface Schema {
  /** The file under internal/service/. */
  readonly file: string;
  /** Every input with ForceNew: a change of it replaces. */
  readonly replaces: readonly string[];
  readonly defaults: Values;
}

export const SCHEMAS: Readonly<Record<string, Schema>> = {
  "aws:autoscaling/lifecycleHook:LifecycleHook": {
    file: "autoscaling/lifecycle_hook.go",
    replaces: ["name"],
    defaults: {},
  },
  "aws:budgets/budget:Budget": {
    file: "budgets/budget.go",
    replaces: ["accountId", "name", "namePrefix"],
    defaults: { timePeriodEnd: "2087-06-15_00:00" },
  },
  "aws:cloudwatch/dashboard:Dashboard": { file: "cloudwatch/dashboard.go", replaces: ["dashboardName"], defaults: {} },
  "aws:cloudwatch/eventRule:EventRule": {
    file: "events/rule.go",
    replaces: ["eventBusName", "name", "namePrefix"],
    defaults: { eventBusName: "default", forceDestroy: false },
  },
  "aws:cloudwatch/logGroup:LogGroup": {
    file: "logs/group.go",
    replaces: ["logGroupClass", "name", "namePrefix"],
    defaults: { retentionInDays: 0, skipDestroy: false },
  },
  "aws:cloudwatch/metricAlarm:MetricAlarm": {
    file: "cloudwatch/metric_alarm.go",
    replaces: ["name"],
    defaults: { actionsEnabled: true, treatMissingData: "missing" },
  },
  "aws:costexplorer/anomalyMonitor:AnomalyMonitor": {
    file: "ce/anomaly_monitor.go",
    replaces: ["monitorDimension", "monitorSpecification", "monitorType"],
    defaults: {},
  },
  "aws:costexplorer/anomalySubscription:AnomalySubscription": {
    file: "ce/anomaly_subscription.go",
    replaces: ["name"],
    defaults: {},
  },
  "aws:costexplorer/costAllocationTag:CostAllocationTag": {
    file: "ce/cost_allocation_tag.go",
    replaces: [],
    defaults: {},
  },
  "aws:ec2/carrierGateway:CarrierGateway": {
    file: "ec2/wavelength_carrier_gateway.go",
    replaces: ["vpcId"],
    defaults: {},
  },
  "aws:ec2/route:Route": {
    file: "ec2/vpc_route.go",
    replaces: ["destinationCidrBlock", "destinationIpv6CidrBlock", "destinationPrefixListId", "routeTableId"],
    defaults: {},
  },
  "aws:ec2/securityGroup:SecurityGroup": {
    file: "ec2/vpc_security_group.go",
    replaces: ["description", "name", "namePrefix", "vpcId"],
    defaults: { description: "Managed by Pulumi", revokeRulesOnDelete: false },
  },
  "aws:ec2/subnet:Subnet": {
    file: "ec2/vpc_subnet.go",
    replaces: [
      "availabilityZone",
      "availabilityZoneId",
      "cidrBlock",
      "ipv4IpamPoolId",
      "ipv4NetmaskLength",
      "ipv6IpamPoolId",
      "ipv6Native",
      "ipv6NetmaskLength",
      "outpostArn",
      "vpcId",
    ],
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
    replaces: ["cidrBlock", "ipv4IpamPoolId", "ipv4NetmaskLength"],
    defaults: { enableDnsSupport: true, instanceTenancy: "default" },
  },
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider": {
    file: "iam/openid_connect_provider.go",
    replaces: ["url"],
    defaults: {},
  },
  "aws:iam/policy:Policy": {
    file: "iam/policy.go",
    replaces: ["description", "name", "namePrefix", "path"],
    defaults: { path: "/" },
  },
  "aws:iam/rolePolicy:RolePolicy": {
    file: "iam/role_policy.go",
    replaces: ["name", "namePrefix", "role"],
    defaults: {},
  },
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": {
    file: "iam/role_policy_attachment.go",
    replaces: ["policyArn", "role"],
    defaults: {},
  },
  "aws:kms/key:Key": {
    file: "kms/key.go",
    replaces: ["customKeyStoreId", "customerMasterKeySpec", "keyUsage", "multiRegion", "xksKeyId"],
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
    replaces: [
      "amazonManagedKafkaEventSourceConfig",
      "eventSourceArn",
      "queues",
      "selfManagedEventSource",
      "selfManagedKafkaEventSourceConfig",
      "startingPosition",
      "startingPositionTimestamp",
      "topics",
    ],
    defaults: { enabled: true },
  },
  "aws:lambda/function:Function": {
    file: "lambda/function.go",
    replaces: ["name", "packageType", "tenancyConfig"],
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
    replaces: ["functionName", "qualifier"],
    defaults: { maximumRetryAttempts: 2 },
  },
  "aws:lambda/invocation:Invocation": {
    file: "lambda/invocation.go",
    replaces: ["functionName", "qualifier", "triggers"],
    defaults: { lifecycleScope: "CREATE_ONLY", qualifier: "$LATEST", terraformKey: "tf" },
  },
  "aws:lambda/permission:Permission": {
    file: "lambda/permission.go",
    replaces: [
      "action",
      "eventSourceToken",
      "function",
      "functionUrlAuthType",
      "invokedViaFunctionUrl",
      "principal",
      "principalOrgId",
      "qualifier",
      "sourceAccount",
      "sourceArn",
      "statementId",
      "statementIdPrefix",
    ],
    defaults: {},
  },
  "aws:organizations/policy:Policy": {
    file: "organizations/policy.go",
    replaces: ["type"],
    defaults: { type: "SERVICE_CONTROL_POLICY" },
  },
  "aws:organizations/policyAttachment:PolicyAttachment": {
    file: "organizations/policy_attachment.go",
    replaces: ["policyId", "targetId"],
    defaults: {},
  },
  "aws:route53/record:Record": { file: "route53/record.go", replaces: ["name", "zoneId"], defaults: {} },
  "aws:route53/zone:Zone": {
    file: "route53/zone.go",
    replaces: ["delegationSetId", "name"],
    defaults: { comment: "Managed by Pulumi", forceDestroy: false },
  },
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": {
    file: "s3/bucket_public_access_block.go",
    replaces: ["bucket"],
    defaults: {
      blockPublicAcls: false,
      blockPublicPolicy: false,
      ignorePublicAcls: false,
      restrictPublicBuckets: false,
    },
  },
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": {
    file: "s3/bucket_server_side_encryption_configuration.go",
    replaces: ["bucket", "expectedBucketOwner"],
    defaults: {},
  },
  "aws:scheduler/schedule:Schedule": {
    file: "scheduler/schedule.go",
    replaces: ["groupName", "name", "namePrefix"],
    defaults: { scheduleExpressionTimezone: "UTC", state: "ENABLED" },
  },
  "aws:sesv2/configurationSet:ConfigurationSet": {
    file: "sesv2/configuration_set.go",
    replaces: ["configurationSetName"],
    defaults: {},
  },
  "aws:sesv2/configurationSetEventDestination:ConfigurationSetEventDestination": {
    file: "sesv2/configuration_set_event_destination.go",
    replaces: ["configurationSetName", "eventDestinationName"],
    defaults: {},
  },
  "aws:sesv2/emailIdentity:EmailIdentity": {
    file: "sesv2/email_identity.go",
    replaces: ["emailIdentity"],
    defaults: {},
  },
  "aws:sns/topicSubscription:TopicSubscription": {
    file: "sns/topic_subscription.go",
    replaces: ["endpoint", "protocol", "topic"],
    defaults: { confirmationTimeoutInMinutes: 1, endpointAutoConfirms: false, rawMessageDelivery: false },
  },
  "aws:sqs/queue:Queue": {
    file: "sqs/queue.go",
    replaces: ["fifoQueue", "name", "namePrefix"],
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
  "aws:ssm/parameter:Parameter": { file: "ssm/parameter.go", replaces: ["dataType", "name"], defaults: {} },
};
