/** Amazon CloudFront in front of a function URL, and of a site. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { SECRET_HEADER } from "../../handlers/secured-function/headers";
import { Component, type ComponentOptions } from "../building-blocks/component";
import type { CustomDomain } from "./args";

/** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html */
const CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad";
const CACHING_OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6";
/** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-origin-request-policies.html */
const ALL_VIEWER_EXCEPT_HOST_HEADER = "b689b0a8-53d0-40ab-baf2-68738e2966ac";

/** Nothing but the site's own files and its own function; no frame around it. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** Where CloudFront's logs begin, whatever the region of the stack. */
const LOG_REGION = "us-east-1";

/**
 * What is logged of a request: not its query string, in which codes come back, nor cookies and the page before.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logging.html
 */
const LOGGED = [
  ...["date", "time", "x-edge-location", "x-edge-result-type", "x-edge-request-id"],
  ...["c-ip", "cs-method", "cs(Host)", "cs-uri-stem", "cs-protocol", "cs(User-Agent)"],
  ...["sc-status", "sc-content-type", "sc-bytes", "cs-bytes", "time-taken"],
];

export interface EdgeArgs {
  readonly functionUrl: pulumi.Output<string>;
  /** Default: CloudFront signs its requests. */
  readonly secret: pulumi.Output<string> | undefined;
  readonly site: aws.s3.Bucket | undefined;
  readonly aclArn: pulumi.Output<string>;
  readonly domain: CustomDomain | undefined;
}

export class Edge extends Component {
  readonly distribution: aws.cloudfront.Distribution;
  /** Name that people use. */
  readonly domainName: pulumi.Output<string>;
  private readonly headers: aws.cloudfront.ResponseHeadersPolicy;

  constructor(name: string, args: EdgeArgs, opts?: ComponentOptions) {
    super("secured", name, opts);
    this.headers = this.createHeaders();
    this.distribution = this.createDistribution(args);
    this.createLog();
    this.domainName = args.domain === undefined ? this.distribution.domainName : pulumi.output(args.domain.name);
    this.registerOutputs({ domainName: this.domainName });
  }

  private createHeaders(): aws.cloudfront.ResponseHeadersPolicy {
    const override = true;
    return new aws.cloudfront.ResponseHeadersPolicy(
      this.named("headers"),
      {
        comment: `Security headers of ${this.componentName}`,
        securityHeadersConfig: {
          contentSecurityPolicy: { contentSecurityPolicy: CONTENT_SECURITY_POLICY, override },
          contentTypeOptions: { override },
          frameOptions: { frameOption: "DENY", override },
          // Pages are called back with a code in their address.
          referrerPolicy: { referrerPolicy: "no-referrer", override },
          strictTransportSecurity: { accessControlMaxAgeSec: 31_536_000, includeSubdomains: true, override },
        },
      },
      this.child,
    );
  }

  private createLog(): void {
    const logs = new aws.cloudwatch.LogGroup(
      this.named("requests"),
      { region: LOG_REGION, retentionInDays: 30 },
      this.child,
    );
    const source = new aws.cloudwatch.LogDeliverySource(
      this.named("log-source"),
      { region: LOG_REGION, logType: "ACCESS_LOGS", resourceArn: this.distribution.arn },
      this.child,
    );
    const destination = new aws.cloudwatch.LogDeliveryDestination(
      this.named("log-target"),
      {
        region: LOG_REGION,
        outputFormat: "json",
        deliveryDestinationConfiguration: { destinationResourceArn: logs.arn },
      },
      this.child,
    );
    new aws.cloudwatch.LogDelivery(
      this.named("log-delivery"),
      {
        region: LOG_REGION,
        deliverySourceName: source.name,
        deliveryDestinationArn: destination.arn,
        recordFields: LOGGED,
      },
      this.child,
    );
  }

  private accessControl(kind: "lambda" | "s3"): pulumi.Output<string> {
    const control = new aws.cloudfront.OriginAccessControl(
      this.named(`${kind}-access`),
      { originAccessControlOriginType: kind, signingBehavior: "always", signingProtocol: "sigv4" },
      this.child,
    );
    return control.id;
  }

  private functionOrigin({ functionUrl, secret }: EdgeArgs): aws.types.input.cloudfront.DistributionOrigin {
    const access =
      secret === undefined
        ? { originAccessControlId: this.accessControl("lambda") }
        : { customHeaders: [{ name: SECRET_HEADER, value: secret }] };
    return {
      originId: "function",
      // Mocks of users' tests may answer none.
      domainName: functionUrl.apply((url) => /^https:\/\/([^/]+)/.exec(url)?.[1] ?? url),
      customOriginConfig: {
        httpPort: 80,
        httpsPort: 443,
        originProtocolPolicy: "https-only",
        originSslProtocols: ["TLSv1.2"],
        originReadTimeout: 60,
      },
      ...access,
    };
  }

  private siteOrigin(site: aws.s3.Bucket): aws.types.input.cloudfront.DistributionOrigin {
    return {
      originId: "site",
      domainName: site.bucketRegionalDomainName,
      originAccessControlId: this.accessControl("s3"),
    };
  }

  private createDistribution(args: EdgeArgs): aws.cloudfront.Distribution {
    const { site, domain } = args;
    const common = {
      viewerProtocolPolicy: "https-only",
      responseHeadersPolicyId: this.headers.id,
      compress: true,
      cachedMethods: ["GET", "HEAD"],
    };
    const toFunction = {
      ...common,
      targetOriginId: "function",
      allowedMethods: ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"],
      cachePolicyId: CACHING_DISABLED,
      originRequestPolicyId: ALL_VIEWER_EXCEPT_HOST_HEADER,
    };
    const toSite = {
      ...common,
      viewerProtocolPolicy: "redirect-to-https",
      targetOriginId: "site",
      allowedMethods: ["GET", "HEAD"],
      cachePolicyId: CACHING_OPTIMIZED,
    };
    const withSite = site !== undefined && {
      defaultRootObject: "index.html",
      orderedCacheBehaviors: [{ pathPattern: "/api/*", ...toFunction }],
    };
    return new aws.cloudfront.Distribution(
      this.named("distribution"),
      {
        enabled: true,
        comment: this.componentName,
        isIpv6Enabled: true,
        httpVersion: "http2and3",
        // North America and Europe.
        priceClass: "PriceClass_100",
        webAclId: args.aclArn,
        origins: [this.functionOrigin(args), ...(site === undefined ? [] : [this.siteOrigin(site)])],
        defaultCacheBehavior: site === undefined ? toFunction : toSite,
        ...withSite,
        // Countries are the firewall's business, whose refusals are in its log.
        restrictions: { geoRestriction: { restrictionType: "none" } },
        viewerCertificate:
          domain === undefined
            ? { cloudfrontDefaultCertificate: true }
            : {
                acmCertificateArn: domain.certificateArn,
                minimumProtocolVersion: "TLSv1.2_2021",
                sslSupportMethod: "sni-only",
              },
        ...(domain !== undefined && { aliases: [domain.name] }),
      },
      this.child,
    );
  }
}
