/**
 * Actions that a limit to regions leaves alone: those of AWS's global services, whose requests count as made to
 * us-east-1 or us-west-2 wherever they come from, and reads that the console needs. They are from three sources, each
 * with its date, and each held to IAM's table of actions by a test.
 */
import { isIamService } from "../internal/iam-data";
import { GLOBAL_SERVICES } from "./global-services";

/**
 * The list of AWS Control Tower's Region deny control (September 2026):
 * https://docs.aws.amazon.com/controltower/latest/controlreference/primary-region-deny-policy.html
 */
const CONTROL_TOWER: readonly string[] = [
  "a4b:*",
  "access-analyzer:*",
  "account:*",
  "acm:*",
  "activate:*",
  "artifact:*",
  "aws-marketplace-management:*",
  "aws-marketplace:*",
  "aws-portal:*",
  "billing:*",
  "billingconductor:*",
  "budgets:*",
  "ce:*",
  "chatbot:*",
  "chime:*",
  "cloudfront:*",
  "cloudtrail:LookupEvents",
  "compute-optimizer:*",
  "config:*",
  "consoleapp:*",
  "consolidatedbilling:*",
  "cur:*",
  "datapipeline:GetAccountLimits",
  "devicefarm:*",
  "directconnect:*",
  "ec2:DescribeRegions",
  "ec2:DescribeTransitGateways",
  "ec2:DescribeVpnGateways",
  "ecr-public:*",
  "fms:*",
  "freetier:*",
  "globalaccelerator:*",
  "health:*",
  "iam:*",
  "importexport:*",
  "invoicing:*",
  "iq:*",
  "kms:*",
  "license-manager:ListReceivedLicenses",
  "lightsail:Get*",
  "mobileanalytics:*",
  "networkmanager:*",
  "notifications-contacts:*",
  "notifications:*",
  "organizations:*",
  "payments:*",
  "pricing:*",
  "quicksight:DescribeAccountSubscription",
  "resource-explorer-2:*",
  "route53-recovery-cluster:*",
  "route53-recovery-control-config:*",
  "route53-recovery-readiness:*",
  "route53:*",
  "route53domains:*",
  "s3:CreateMultiRegionAccessPoint",
  "s3:DeleteMultiRegionAccessPoint",
  "s3:DescribeMultiRegionAccessPointOperation",
  "s3:GetAccountPublicAccessBlock",
  "s3:GetBucketLocation",
  "s3:GetBucketPolicyStatus",
  "s3:GetBucketPublicAccessBlock",
  "s3:GetMultiRegionAccessPoint*", // Three lines there; policies are short of characters.
  "s3:GetStorageLensConfiguration",
  "s3:GetStorageLensDashboard",
  "s3:ListAllMyBuckets",
  "s3:ListMultiRegionAccessPoints",
  "s3:ListStorageLensConfigurations",
  "s3:PutAccountPublicAccessBlock",
  "s3:PutMultiRegionAccessPointPolicy",
  "savingsplans:*",
  "shield:*",
  "sso:*",
  "sts:*",
  "support:*",
  "supportapp:*",
  "supportplans:*",
  "sustainability:*",
  "tag:GetResources",
  "tax:*",
  "trustedadvisor:*",
  "vendor-insights:ListEntitledSecurityProfiles",
  "waf-regional:*",
  "waf:*",
  "wafv2:*",
];

/**
 * What botocore's data shows in us-east-1 only although it is no service for all regions: what is bought and runs there,
 * and so is limited like any other service.
 */
export const ONLY_OFFERED_THERE: readonly string[] = [
  "cloudhsm",
  "managedblockchain-query",
  "mturk-requester",
  "nova-act",
];

/** Services with one endpoint for all regions, by the data of AWS's SDKs (local/emulators/global_services.py). */
export const ONE_ENDPOINT: readonly string[] = [
  ...GLOBAL_SERVICES.services,
  ...GLOBAL_SERVICES.onlyInUsEast1.filter((name) => !ONLY_OFFERED_THERE.includes(name)),
].filter(isIamService); // A few sign requests by another name than IAM's; their actions have the main service's.

/**
 * What neither list has (IAM's table of September 2026): parts of the console that have no API of their own, and what
 * keeps its settings for global services in us-east-1.
 */
const OTHERS: Readonly<Record<string, readonly string[]>> = {
  /** Billing, buying and partners' pages: https://docs.aws.amazon.com/general/latest/gr/billing.html */
  billing: ["mapcredits:*", "partnercentral-account-management:*", "purchase-orders:*", "user-subscriptions:*"],
  /** Signing in, and who may: in the region of IAM Identity Center, or in that of the console's sign-in page. */
  signIn: ["identitystore-auth:*", "identitystore:*", "signin:*", "sso-directory:*", "sso-oauth:*"],
  /** The console and AWS's help. */
  console: ["health-agent:*", "support-console:*", "supportauthz:*", "uxc:*"],
  /** Tags and quotas of global resources: https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/overview.html */
  globalResources: ["servicequotas:*", "tag:*"],
};

/** In order, without what another entry has already. */
export const GLOBAL_ACTIONS: readonly string[] = withoutCovered([
  ...CONTROL_TOWER,
  ...ONE_ENDPOINT.map((name) => `${name}:*`),
  ...Object.values(OTHERS).flat(),
]);

function withoutCovered(actions: readonly string[]): string[] {
  const all = new Set(actions);
  return [...all].filter((action) => action.endsWith(":*") || !all.has(action.replace(/:.*/, ":*"))).sort();
}
