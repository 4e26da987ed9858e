/**
 * Actions for which IAM knows no resources, so that `*` is the narrowest that a policy can say: those that read, and
 * the few others that programs need. (Billing views and metric data sets are optional and rare, and not counted.) As listed, without a resource type, in the Service Authorization Reference:
 * https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 * (September 2026). An action that is missing here is exempted, or added.
 */
const ACTIONS: Readonly<Record<string, string>> = {
  acm: `
    GetAccountConfiguration ListAcmeEndpoints ListCertificates`,
  autoscaling: `
    DescribeAccountLimits DescribeAccountSettings DescribeAdjustmentTypes DescribeAutoScalingGroups
    DescribeAutoScalingInstances DescribeAutoScalingNotificationTypes DescribeInstanceRefreshes
    DescribeLaunchConfigurations DescribeLoadBalancerTargetGroups DescribeLoadBalancers
    DescribeMetricCollectionTypes DescribeNotificationConfigurations DescribePolicies DescribeScalingActivities
    DescribeScalingProcessTypes DescribeTags DescribeTerminationPolicyTypes DescribeTrafficSources DescribeWarmPool
    GetPredictiveScalingForecast`,
  batch: `
    DescribeComputeEnvironments DescribeJobDefinitions DescribeJobQueues DescribeJobs DescribeSchedulingPolicies
    DescribeServiceEnvironments DescribeServiceJob ListConsumableResources ListJobs ListSchedulingPolicies
    ListServiceJobs`,
  budgets: `
    DescribeBudgetActionsForAccount`,
  ce: `
    DescribeNotificationSubscription DescribeReport GetApproximateUsageRecords GetCommitmentPurchaseAnalysis
    GetConsoleActionSetEnforced GetCostAndUsage GetCostAndUsageComparisons GetCostAndUsageWithResources
    GetCostCategories GetCostComparisonDrivers GetCostForecast GetDimensionValues GetReservationCoverage
    GetReservationPurchaseRecommendation GetReservationUtilization GetRightsizingRecommendation
    GetSavingsPlanPurchaseRecommendationDetails GetSavingsPlansCoverage GetSavingsPlansPurchaseRecommendation
    GetSavingsPlansUtilization GetSavingsPlansUtilizationDetails GetTags GetUsageForecast
    ListCommitmentPurchaseAnalyses ListCostAllocationTagBackfillHistory ListCostAllocationTags
    ListCostCategoryDefinitions ListCostCategoryResourceAssociations
    ListSavingsPlansPurchaseRecommendationGeneration ProvideAnomalyFeedback UpdateCostAllocationTagsStatus`,
  cloudformation: `
    DescribeAccountLimits DescribeOrganizationsAccess DescribeStackDriftDetectionStatus DescribeType
    DescribeTypeRegistration GetResource GetResourceRequestStatus ListExports ListImports ListResourceRequests
    ListResources ListStackSets ListStacks ListTypeRegistrations ListTypeVersions ListTypes TestType
    ValidateTemplate`,
  cloudfront: `
    GetKeyGroup GetKeyGroupConfig GetMonitoringSubscription GetPublicKey GetPublicKeyConfig GetSavingsPlan
    ListAnycastIpLists ListCachePolicies ListCloudFrontOriginAccessIdentities ListConnectionFunctions
    ListConnectionGroups ListContinuousDeploymentPolicies ListDistributionTenants
    ListDistributionTenantsByCustomization ListDistributions ListDistributionsByAnycastIpListId
    ListDistributionsByCachePolicyId ListDistributionsByConnectionMode ListDistributionsByKeyGroup
    ListDistributionsByLambdaFunction ListDistributionsByOriginRequestPolicyId ListDistributionsByRealtimeLogConfig
    ListDistributionsByResponseHeadersPolicyId ListDistributionsByVpcOriginId ListDistributionsByWebACLId
    ListFieldLevelEncryptionConfigs ListFieldLevelEncryptionProfiles ListFunctions ListKeyGroups ListKeyValueStores
    ListOriginAccessControls ListOriginRequestPolicies ListPublicKeys ListRateCards ListRealtimeLogConfigs
    ListResponseHeadersPolicies ListSavingsPlans ListStreamingDistributions ListTrustStores ListUsages
    ListVpcOrigins`,
  cloudwatch: `
    BatchGetServiceLevelIndicatorReport DescribeAlarmsForMetric DescribeAnomalyDetectors GenerateQuery
    GenerateQueryResultsSummary GetMetricStatistics GetMetricWidgetImage GetRecords ListDashboards ListDomains
    ListEntitiesForMetric ListIngestionEndpoints ListIntegrations ListMetricStreams ListServiceLevelObjectives
    ListServices ListViews PutMetricData`,
  codecommit: `
    GetApprovalRuleTemplate ListApprovalRuleTemplates ListRepositories ListRepositoriesForApprovalRuleTemplate`,
  codepipeline: `
    AcknowledgeJob GetActionType GetJobDetails GetThirdPartyJobDetails ListActionTypes ListPipelines ListRuleTypes
    PutJobFailureResult PutJobSuccessResult`,
  "compute-optimizer": `
    DescribeRecommendationExportJobs GetAutoScalingGroupRecommendations GetEBSVolumeRecommendations
    GetEC2InstanceRecommendations GetEC2RecommendationProjectedMetrics GetECSServiceRecommendationProjectedMetrics
    GetECSServiceRecommendations GetEnrollmentStatus GetEnrollmentStatusesForOrganization GetIdleRecommendations
    GetLambdaFunctionRecommendations GetLicenseRecommendations GetRDSDatabaseRecommendationProjectedMetrics
    GetRDSDatabaseRecommendations GetRecommendationSummaries`,
  cur: `
    DescribeReportDefinitions GetClassicReport GetUsageReport ValidateReportDestination`,
  dynamodb: `
    DescribeEndpoints DescribeLimits DescribeReservedCapacity DescribeReservedCapacityOfferings GetAbacStatus
    ListBackups ListGlobalTables ListStreams ListTables`,
  ec2: `
    DescribeAccountAttributes DescribeAddressTransfers DescribeAddresses DescribeAddressesAttribute
    DescribeAggregateIdFormat DescribeApplicationStatus DescribeApplicationStatusCheckAssociations
    DescribeApplicationStatusChecks DescribeAvailabilityZones DescribeAwsNetworkPerformanceMetricSubscriptions
    DescribeCapacityReservationBillingRequests DescribeCapacityReservationCancellationQuotes
    DescribeCapacityReservationFleets DescribeCapacityReservations DescribeCarrierGateways
    DescribeClassicLinkInstances DescribeClientVpnEndpoints DescribeCoipPools DescribeConversionTasks
    DescribeCustomerGateways DescribeDhcpOptions DescribeEgressOnlyInternetGateways DescribeExportImageTasks
    DescribeExportTasks DescribeFastLaunchImages DescribeFastSnapshotRestores DescribeFleets DescribeFlowLogs
    DescribeHostReservationOfferings DescribeHostReservations DescribeHosts DescribeIamInstanceProfileAssociations
    DescribeIdFormat DescribeIdentityIdFormat DescribeImageReferences DescribeImageUsageReportEntries
    DescribeImageUsageReports DescribeImages DescribeImportSnapshotTasks DescribeInstanceConnectEndpoints
    DescribeInstanceCreditSpecifications DescribeInstanceEventNotificationAttributes DescribeInstanceEventWindows
    DescribeInstanceImageMetadata DescribeInstanceSqlHaHistoryStates DescribeInstanceSqlHaStates
    DescribeInstanceStatus DescribeInstanceTypeOfferings DescribeInstanceTypes DescribeInstances
    DescribeInternetGateways DescribeIpv6Pools DescribeKeyPairs DescribeLaunchTemplateVersions
    DescribeLaunchTemplates DescribeLockedSnapshots DescribeMacHosts DescribeManagedPrefixLists
    DescribeMovingAddresses DescribeNatGateways DescribeNetworkAcls DescribeNetworkInterfaceAttribute
    DescribeNetworkInterfacePermissions DescribeNetworkInterfaces DescribePlacementGroups DescribePrefixLists
    DescribePrincipalIdFormat DescribePublicIpv4Pools DescribeRegions DescribeReplaceRootVolumeTasks
    DescribeReservedInstances DescribeReservedInstancesListings DescribeReservedInstancesModifications
    DescribeReservedInstancesOfferings DescribeRouteTables DescribeSecurityGroupRules
    DescribeSecurityGroupVpcAssociations DescribeSecurityGroups DescribeServiceLinkVirtualInterfaces
    DescribeSnapshots DescribeSpotDatafeedSubscription DescribeSpotFleetRequests DescribeSpotInstanceRequests
    DescribeSpotPriceHistory DescribeStaleSecurityGroups DescribeStoreImageTasks DescribeSubnets DescribeTags
    DescribeTrafficMirrorFilterRules DescribeTrafficMirrorFilters DescribeTrafficMirrorSessions
    DescribeTrafficMirrorTargets DescribeVolumeStatus DescribeVolumes DescribeVolumesModifications
    DescribeVpcClassicLink DescribeVpcClassicLinkDnsSupport DescribeVpcEndpointAssociations
    DescribeVpcEndpointConnectionNotifications DescribeVpcEndpointConnections
    DescribeVpcEndpointServiceConfigurations DescribeVpcEndpointServices DescribeVpcEndpoints
    DescribeVpcPeeringConnections DescribeVpcs DescribeVpnConcentrators DescribeVpnConnections DescribeVpnGateways
    GetAllowedImagesSettings GetAwsNetworkPerformanceData GetDefaultCreditSpecification GetEbsDefaultKmsKeyId
    GetEbsEncryptionByDefault GetHostReservationPurchasePreview GetImageBlockPublicAccessState
    GetInstanceMetadataDefaults GetInstanceTypesFromInstanceRequirements GetManagedResourceVisibility
    GetSerialConsoleAccessStatus GetSnapshotBlockPublicAccessState GetSpotPlacementScores GetSubnetCidrReservations
    GetVpnConnectionDeviceTypes ListImagesInRecycleBin ListSnapshotsInRecycleBin ListVolumesInRecycleBin`,
  ec2messages: `
    AcknowledgeMessage DeleteMessage FailMessage GetEndpoint GetMessages SendReply`,
  ecr: `
    DescribePullThroughCacheRules DescribeRegistry DescribeRepositoryCreationTemplates GetAccountSetting
    GetAuthorizationToken GetRegistryPolicy GetRegistryScanningConfiguration GetSigningConfiguration
    ListPullTimeUpdateExclusions ValidatePullThroughCacheRule`,
  ecs: `
    DescribeTaskDefinition ListAccountSettings ListClusters ListDaemonTaskDefinitions ListDaemons ListServices
    ListServicesByNamespace ListTaskDefinitionFamilies ListTaskDefinitions`,
  eks: `
    DescribeAddonConfiguration DescribeAddonVersions DescribeClusterVersions ListAccessPolicies ListClusters
    ListEksAnywhereSubscriptions`,
  elasticache: `
    DescribeCacheEngineVersions DescribeEngineDefaultParameters DescribeEvents DescribeReservedCacheNodesOfferings
    DescribeServiceUpdates`,
  elasticloadbalancing: `
    DescribeAccountLimits DescribeCapacityReservation DescribeInstanceHealth DescribeListenerAttributes
    DescribeListenerCertificates DescribeListeners DescribeLoadBalancerAttributes DescribeLoadBalancerPolicies
    DescribeLoadBalancerPolicyTypes DescribeLoadBalancers DescribeRules DescribeSSLPolicies DescribeTags
    DescribeTargetGroupAttributes DescribeTargetGroups DescribeTargetHealth DescribeTrustStoreAssociations
    DescribeTrustStoreRevocations DescribeTrustStores DescribeWebACLAssociation`,
  es: `
    DescribeElasticsearchInstanceTypeLimits DescribeInstanceTypeLimits DescribePackages
    DescribeReservedElasticsearchInstanceOfferings DescribeReservedElasticsearchInstances
    DescribeReservedInstanceOfferings DescribeReservedInstances DescribeVpcEndpoints GetPackageVersionHistory
    ListDomainNames ListDomainsForPackage ListElasticsearchInstanceTypeDetails ListElasticsearchInstanceTypes
    ListElasticsearchVersions ListInstanceTypeDetails ListVersions ListVpcEndpointAccess ListVpcEndpoints
    ListVpcEndpointsForDomain`,
  events: `
    ListApiDestinations ListArchives ListConnections ListEndpoints ListEventBuses ListEventSources
    ListPartnerEventSources ListReplays ListRuleNamesByTarget ListRules ListSubscribers TestEventPattern`,
  firehose: `
    ListDeliveryStreams`,
  iam: `
    GenerateCredentialReport GetAccountAuthorizationDetails GetAccountEmailAddress GetAccountName
    GetAccountPasswordPolicy GetAccountProperties GetAccountSummary GetCloudFrontPublicKey
    GetContextKeysForCustomPolicy GetCredentialReport GetOrganizationsAccessReport GetServiceLastAccessedDetails
    GetServiceLastAccessedDetailsWithEntities ListAccountAliases ListCloudFrontPublicKeys ListGroups
    ListInstanceProfiles ListOpenIDConnectProviders ListOrganizationsFeatures ListPolicies ListRoles
    ListSAMLProviders ListSTSRegionalEndpointsStatus ListServerCertificates ListUsers ListVirtualMFADevices`,
  kinesis: `
    DescribeAccountSettings DescribeLimits ListChannels ListStreams`,
  kms: `
    DescribeCustomKeyStores GenerateRandom ListAliases ListKeys ListRetirableGrants`,
  lambda: `
    GetAccountSettings ListCapacityProviders ListCodeSigningConfigs ListEventSourceMappings ListFunctions
    ListLayerVersions ListLayers ListNetworkConnectors`,
  logs: `
    CreateLogDelivery DeleteLogDelivery DescribeAccountPolicies DescribeConfigurationTemplates DescribeDeliveries
    DescribeDeliveryDestinations DescribeDeliverySources DescribeDestinations DescribeExportTasks
    DescribeFieldIndexes DescribeImportTaskBatches DescribeImportTasks DescribeIndexPolicies DescribeLogGroups
    DescribeQueries DescribeQueryDefinitions DescribeResourcePolicies GetIntegration GetLogDelivery GetLogFields
    GetStorageTierPolicy ListAggregateLogGroupSummaries ListEntitiesForLogGroup ListIntegrations ListLogDeliveries
    ListLogGroups ListLogGroupsForEntity ListLogGroupsForQuery ListSourcesForS3TableIntegration
    ListSyslogConfigurations PutResourcePolicy TestMetricFilter TestTransformer UpdateLogDelivery`,
  organizations: `
    DescribeCreateAccountStatus DescribeOrganization DescribeResourcePolicy ListAWSServiceAccessForOrganization
    ListAccounts ListAccountsWithInvalidEffectivePolicy ListCreateAccountStatus ListDelegatedAdministrators
    ListHandshakesForAccount ListHandshakesForOrganization ListPolicies ListRoots`,
  pricing: `
    DescribeServices GetAttributeValues GetPriceListFileUrl GetProducts ListPriceLists`,
  rds: `
    DescribeAccountAttributes DescribeCertificates DescribeDBEngineVersions DescribeDBMajorEngineVersions
    DescribeDBRecommendations DescribeEngineDefaultClusterParameters DescribeEngineDefaultParameters
    DescribeEventCategories DescribeEvents DescribeOptionGroupOptions DescribeOrderableDBInstanceOptions
    DescribeRecommendationGroups DescribeRecommendations DescribeReservedDBInstancesOfferings DescribeSourceRegions`,
  route53: `
    GetAccountLimit GetCheckerIpRanges GetGeoLocation GetHealthCheckCount GetHostedZoneCount
    GetTrafficPolicyInstanceCount ListCidrCollections ListGeoLocations ListHealthChecks ListHostedZones
    ListHostedZonesByName ListHostedZonesByVPC ListTrafficPolicies ListTrafficPolicyInstances TestDNSAnswer`,
  route53domains: `
    GetContactReachabilityStatus GetDomainDetail GetDomainSuggestions GetOperationDetail ListDomains ListOperations
    ListPrices ListTagsForDomain`,
  s3: `
    GetAccessPoint GetAccountPublicAccessBlock ListAccessPoints ListAccessPointsForObjectLambda ListAllMyBuckets
    ListJobs ListMultiRegionAccessPoints ListStorageLensConfigurations ListStorageLensGroups`,
  savingsplans: `
    DescribeSavingsPlansOfferingRates DescribeSavingsPlansOfferings`,
  scheduler: `
    ListScheduleGroups ListSchedules ListSchedulesByTarget`,
  secretsmanager: `
    BatchGetSecretValue GetRandomPassword ListSecrets`,
  servicediscovery: `
    ListNamespaces ListOperations ListServices ListTagsForResource`,
  servicequotas: `
    GetAWSDefaultServiceQuota GetAssociationForServiceQuotaTemplate GetAutoManagementConfiguration
    GetQuotaUtilizationReport GetRequestedServiceQuotaChange ListAWSDefaultServiceQuotas
    ListRequestedServiceQuotaChangeHistory ListServiceQuotaIncreaseRequestsInTemplate ListServiceQuotas ListServices
    ListTagsForResource`,
  ses: `
    DescribeActiveReceiptRuleSet DescribeConfigurationSet DescribeReceiptRule DescribeReceiptRuleSet GetAccount
    GetAccountSendingEnabled GetBlacklistReports GetDedicatedIp GetDeliverabilityDashboardOptions
    GetDomainDeliverabilityCampaign GetIdentityDkimAttributes GetIdentityMailFromDomainAttributes
    GetIdentityNotificationAttributes GetIdentityPolicies GetIdentityVerificationAttributes GetSendQuota
    GetSendStatistics GetTemplate ListAddonInstances ListAddonSubscriptions ListAddressLists ListArchiveExports
    ListArchiveSearches ListArchives ListConfigurationSets ListContactLists ListCustomVerificationEmailTemplates
    ListDedicatedIpPools ListDeliverabilityTestReports ListDomainDeliverabilityCampaigns ListEmailIdentities
    ListEmailTemplates ListExportJobs ListIdentities ListIdentityPolicies ListImportJobs ListIngressPoints
    ListMultiRegionEndpoints ListReceiptFilters ListReceiptRuleSets ListRelays ListRuleSets ListTemplates
    ListTenants ListTrafficPolicies ListVerifiedEmailAddresses TestRenderTemplate`,
  sns: `
    GetEndpointAttributes GetPlatformApplicationAttributes GetSMSAttributes GetSMSSandboxAccountStatus
    ListEndpointsByPlatformApplication ListOriginationNumbers ListPhoneNumbersOptedOut ListPlatformApplications
    ListSMSSandboxPhoneNumbers ListSubscriptions ListTopics`,
  sqs: `
    ListQueues`,
  ssm: `
    DescribeActivations DescribeAutomationExecutions DescribeInstanceInformation DescribeInstanceProperties
    DescribeParameters DescribeSessions GetCommandInvocation GetExecutionPreview GetManifest ListAssociations
    ListCloudConnectors ListCommandInvocations ListCommands ListComplianceItems ListComplianceSummaries
    ListDocuments ListOpsMetadata ListResourceComplianceSummaries ListResourceDataSync`,
  ssmmessages: `
    CreateControlChannel CreateDataChannel OpenControlChannel OpenDataChannel`,
  states: `
    ListActivities ListStateMachines SendTaskFailure SendTaskHeartbeat SendTaskSuccess TestState
    ValidateStateMachineDefinition`,
  sts: `
    DecodeAuthorizationMessage GetAccessKeyInfo GetCallerIdentity GetDelegatedAccessToken GetSessionToken
    GetWebIdentityToken`,
  tag: `
    DescribeReportCreation GetComplianceSummary GetResources GetTagKeys GetTagValues ListRequiredTags`,
  "vpc-lattice": `
    ListAccessLogSubscriptions ListDomainVerifications ListListeners ListResourceConfigurations
    ListResourceEndpointAssociations ListResourceGateways ListRules ListServiceNetworkResourceAssociations
    ListServiceNetworkServiceAssociations ListServiceNetworkVpcAssociations
    ListServiceNetworkVpcEndpointAssociations ListServiceNetworks ListServices ListTagsForResource ListTargetGroups`,
  xray: `
    BatchGetTraceSummaryById BatchGetTraces GetEncryptionConfig GetGroups GetIndexingRules GetSamplingRules
    GetSamplingStatisticSummaries GetSamplingTargets GetTimeSeriesServiceStatistics GetTraceSegmentDestination
    GetTraceSummaries ListResourcePolicies ListRetrievedTraces PutTelemetryRecords PutTraceSegments`,
};

const KNOWN = new Set(
  Object.entries(ACTIONS).flatMap(([service, names]) =>
    names
      .trim()
      .split(/\s+/)
      .map((name) => `${service}:${name}`.toLowerCase()),
  ),
);

/** Whether IAM knows no resources for an action; how it is spelt in capitals does not count. */
export function allowNoResource(action: string): boolean {
  return KNOWN.has(action.toLowerCase());
}
