import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { Component } from "../building-blocks/component";
import { lastingIdentity } from "../internal/lasting-identity";
import type { NextjsSiteArgs, SiteDomain } from "./args";
import { SiteAssets } from "./assets";

/** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html, and its kin */
const MANAGED = {
  cachingOptimized: "658327ea-f89d-4fab-a63d-7e88639e58f6",
  cachingDisabled: "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
  allViewerExceptHostHeader: "b689b0a8-53d0-40ab-baf2-68738e2966ac",
  securityHeaders: "67f7725c-6f97-4210-82d7-5512b31e9d03",
};

/** CloudFront, its certificates and its logs are there, whatever the region of the rest. */
const EDGE_REGION = "us-east-1";

/** Next.js compares the origin of a server action with the host that the browser sees, which the API does not. */
const FORWARDED_HOST = `function handler(event) {
  var request = event.request;
  request.headers["x-forwarded-host"] = { value: request.headers.host.value };
  return request;
}
`;

export interface SiteEdgeArgs {
  domain: SiteDomain | undefined;
  priceClass: NonNullable<NextjsSiteArgs["priceClass"]>;
  webAclArn: pulumi.Input<string> | undefined;
  assets: SiteAssets;
  api: aws.apigatewayv2.Api;
  /** Path patterns that lead to the bucket. */
  patterns: readonly string[];
}

/** The distribution in front of the bucket and the server. */
export class SiteEdge extends Component {
  readonly distribution: aws.cloudfront.Distribution;

  constructor(name: string, args: SiteEdgeArgs, opts?: pulumi.ComponentResourceOptions) {
    super("nextjs", name, opts);
    this.distribution = this.createDistribution(args);
    this.createLogs();
    if (args.domain !== undefined) this.createRecords(args.domain);
    this.registerOutputs({ distributionId: this.distribution.id });
  }

  private createDistribution(args: SiteEdgeArgs): aws.cloudfront.Distribution {
    const { assets, api, patterns, domain } = args;
    const control = new aws.cloudfront.OriginAccessControl(
      this.named("bucket-access"),
      { originAccessControlOriginType: "s3", signingBehavior: "always", signingProtocol: "sigv4" },
      this.child,
    );
    const https = { viewerProtocolPolicy: "redirect-to-https", compress: true };
    const headers = { responseHeadersPolicyId: MANAGED.securityHeaders };
    return new aws.cloudfront.Distribution(
      this.named("distribution"),
      {
        comment: `${this.componentName}: a Next.js site`,
        enabled: true,
        isIpv6Enabled: true,
        httpVersion: "http2and3",
        priceClass: args.priceClass,
        aliases: domain?.names ?? [],
        ...(args.webAclArn === undefined ? {} : { webAclId: args.webAclArn }),
        origins: [
          {
            originId: "bucket",
            domainName: assets.bucket.bucketRegionalDomainName,
            originPath: SiteAssets.originPath,
            originAccessControlId: control.id,
          },
          {
            originId: "server",
            // Mocks of users' tests may answer none.
            domainName: api.apiEndpoint.apply((url) => /^https:\/\/([^/]+)/.exec(url)?.[1] ?? url),
            customOriginConfig: {
              httpPort: 80,
              httpsPort: 443,
              originProtocolPolicy: "https-only",
              originSslProtocols: ["TLSv1.2"],
            },
          },
        ],
        orderedCacheBehaviors: patterns.map((pathPattern) => ({
          pathPattern,
          targetOriginId: "bucket",
          allowedMethods: ["GET", "HEAD", "OPTIONS"],
          cachedMethods: ["GET", "HEAD"],
          cachePolicyId: MANAGED.cachingOptimized,
          ...https,
          ...headers,
        })),
        defaultCacheBehavior: {
          targetOriginId: "server",
          allowedMethods: ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"],
          cachedMethods: ["GET", "HEAD"],
          cachePolicyId: MANAGED.cachingDisabled,
          originRequestPolicyId: MANAGED.allViewerExceptHostHeader,
          functionAssociations: [{ eventType: "viewer-request", functionArn: this.createFunction().arn }],
          ...https,
          ...headers,
        },
        restrictions: { geoRestriction: { restrictionType: "none" } },
        viewerCertificate: certificateOf(domain),
      },
      // Files are there before the paths that lead to them.
      { ...this.child, dependsOn: [assets.put] },
    );
  }

  private createFunction(): aws.cloudfront.Function {
    return new aws.cloudfront.Function(
      this.named("host"),
      { runtime: "cloudfront-js-2.0", comment: "Keeps the browser's host", code: FORWARDED_HOST, publish: true },
      this.child,
    );
  }

  private createLogs(): void {
    const here = { region: EDGE_REGION };
    const retention = { ...here, retentionInDays: 30 };
    const logGroup = new aws.cloudwatch.LogGroup(this.named("requests"), retention, this.child);
    const identity = lastingIdentity(this.named("identity"), this.componentName, this.child);
    // Names of deliveries have 60 characters at most.
    const name = identity.apply((text) => text.replace(/[^\w-]/g, "-").slice(-60));
    const source = new aws.cloudwatch.LogDeliverySource(
      this.named("log-source"),
      { ...here, name, logType: "ACCESS_LOGS", resourceArn: this.distribution.arn },
      this.child,
    );
    const destination = new aws.cloudwatch.LogDeliveryDestination(
      this.named("log-destination"),
      {
        ...here,
        name,
        outputFormat: "json",
        deliveryDestinationConfiguration: { destinationResourceArn: logGroup.arn },
      },
      this.child,
    );
    new aws.cloudwatch.LogDelivery(
      this.named("log-delivery"),
      { ...here, deliverySourceName: source.name, deliveryDestinationArn: destination.arn },
      this.child,
    );
  }

  private createRecords({ names, hostedZoneId: zoneId }: SiteDomain): void {
    if (zoneId === undefined) return;
    const { domainName, hostedZoneId } = this.distribution;
    for (const [i, name] of names.entries()) {
      for (const type of ["A", "AAAA"]) {
        new aws.route53.Record(
          this.named(`${type.toLowerCase()}-${i + 1}`),
          { zoneId, name, type, aliases: [{ name: domainName, zoneId: hostedZoneId, evaluateTargetHealth: false }] },
          this.child,
        );
      }
    }
  }
}

/** CloudFront's own certificate goes with its own name alone. */
function certificateOf(domain: SiteDomain | undefined): aws.types.input.cloudfront.DistributionViewerCertificate {
  if (domain === undefined) return { cloudfrontDefaultCertificate: true };
  const { certificateArn: acmCertificateArn } = domain;
  return { acmCertificateArn, minimumProtocolVersion: "TLSv1.2_2021", sslSupportMethod: "sni-only" };
}
