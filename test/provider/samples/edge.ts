/** What stands between the internet and the origins. */
import { DISTRIBUTION, VISIBILITY } from "./others";
import { archive, asset } from "../support";
import type { Samples } from "./sample";

const NONE = {
  cookiesConfig: { cookieBehavior: "none" },
  headersConfig: { headerBehavior: "none" },
  queryStringsConfig: { queryStringBehavior: "none" },
};
const SOME = {
  cookiesConfig: { cookieBehavior: "whitelist", cookies: { items: ["session"] } },
  headersConfig: { headerBehavior: "whitelist", headers: { items: ["accept-language"] } },
  queryStringsConfig: { queryStringBehavior: "whitelist", queryStrings: { items: ["page", "size"] } },
};
const COMPRESSED = { enableAcceptEncodingGzip: true, enableAcceptEncodingBrotli: true };
const AT_EDGE = {
  originId: "bucket",
  domainName: "{bucket.bucketRegionalDomainName}",
  originAccessControlId: "",
};
const FUNCTION_ORIGIN = {
  originId: "function",
  domainName: "abc.lambda-url.us-east-1.on.aws",
  customHeaders: [{ name: "x-origin-secret", value: "swordfish" }],
  customOriginConfig: {
    ...{ httpPort: 80, httpsPort: 443, originProtocolPolicy: "https-only", originSslProtocols: ["TLSv1.2"] },
  },
};
const RULE = { priority: 1, visibilityConfig: VISIBILITY };
const GEO = {
  ...RULE,
  name: "countries",
  action: { block: {} },
  statement: { notStatement: { statements: [{ geoMatchStatement: { countryCodes: ["US", "CA"] } }] } },
};
const RATE = {
  ...{ ...RULE, priority: 2, name: "rate" },
  action: { block: { customResponse: { responseCode: 429 } } },
  statement: { rateBasedStatement: { limit: 100, aggregateKeyType: "IP", evaluationWindowSec: 60 } },
};
const COMMON = {
  ...{ ...RULE, priority: 3, name: "common" },
  overrideAction: { none: {} },
  statement: { managedRuleGroupStatement: { vendorName: "AWS", name: "AWSManagedRulesCommonRuleSet" } },
};

export const edge: Samples = {
  "aws:cloudfront/distribution:Distribution": {
    inputs: DISTRIBUTION,
    changes: [
      { comment: "the edge", httpVersion: "http2and3", isIpv6Enabled: true, priceClass: "PriceClass_100" },
      { enabled: false, defaultRootObject: "index.html" },
      { origins: [AT_EDGE, FUNCTION_ORIGIN] },
      {
        defaultCacheBehavior: {
          ...(DISTRIBUTION.defaultCacheBehavior as object),
          allowedMethods: ["GET", "HEAD", "OPTIONS"],
        },
      },
      {
        orderedCacheBehaviors: [
          { ...(DISTRIBUTION.defaultCacheBehavior as object), pathPattern: "/static/*", compress: false },
        ],
      },
      {
        customErrorResponses: [
          { errorCode: 403, responseCode: 404, responsePagePath: "/404.html", errorCachingMinTtl: 5 },
        ],
      },
      { restrictions: { geoRestriction: { restrictionType: "whitelist", locations: ["US", "CA"] } } },
      {
        aliases: ["edge.example.com"],
        viewerCertificate: {
          acmCertificateArn: "arn:aws:acm:us-east-1:111122223333:certificate/1",
          ...{ minimumProtocolVersion: "TLSv1.2_2021", sslSupportMethod: "sni-only" },
        },
      },
      { webAclId: "{webAcl.arn}" },
      {
        defaultCacheBehavior: {
          ...(DISTRIBUTION.defaultCacheBehavior as object),
          functionAssociations: [{ eventType: "viewer-request", functionArn: "{edgeFunction.arn}" }],
        },
      },
    ],
  },
  "aws:cloudfront/originAccessControl:OriginAccessControl": {
    inputs: { originAccessControlOriginType: "s3", signingBehavior: "always", signingProtocol: "sigv4" },
    changes: [
      { description: "for the site", name: "site", signingBehavior: "no-override" },
      { originAccessControlOriginType: "lambda" },
    ],
  },
  "aws:cloudfront/cachePolicy:CachePolicy": {
    inputs: { minTtl: 1, parametersInCacheKeyAndForwardedToOrigin: { ...NONE, ...COMPRESSED } },
    changes: [
      { comment: "kept", defaultTtl: 60, maxTtl: 600, minTtl: 2, name: "kept" },
      { parametersInCacheKeyAndForwardedToOrigin: { ...SOME, enableAcceptEncodingGzip: false } },
    ],
  },
  "aws:cloudfront/originRequestPolicy:OriginRequestPolicy": {
    inputs: SOME,
    changes: { ...NONE, comment: "none", name: "none" },
  },
  "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy": {
    inputs: {
      customHeadersConfig: { items: [{ header: "x-powered-by", value: "edge", override: true }] },
      securityHeadersConfig: { contentTypeOptions: { override: true } },
    },
    changes: [
      { comment: "secure", name: "secure", removeHeadersConfig: { items: [{ header: "server" }] } },
      {
        securityHeadersConfig: {
          contentSecurityPolicy: { contentSecurityPolicy: "default-src 'self'", override: true },
          strictTransportSecurity: { accessControlMaxAgeSec: 63072000, includeSubdomains: true, override: true },
        },
      },
      { customHeadersConfig: { items: [] } },
      {
        corsConfig: {
          accessControlAllowCredentials: false,
          accessControlAllowHeaders: { items: ["content-type"] },
          accessControlAllowMethods: { items: ["GET"] },
          accessControlAllowOrigins: { items: ["https://example.com"] },
          originOverride: true,
        },
      },
    ],
  },
  "aws:cloudfront/function:Function": {
    inputs: { runtime: "cloudfront-js-2.0", code: "function handler(event) { return event.request; }" },
    changes: {
      ...{ code: "function handler(event) { return { statusCode: 404 }; }", comment: "closed" },
      ...{ publish: false, runtime: "cloudfront-js-1.0" },
    },
  },
  "aws:wafv2/webAcl:WebAcl": {
    inputs: { scope: "CLOUDFRONT", defaultAction: { allow: {} }, visibilityConfig: VISIBILITY, rules: [RATE] },
    changes: [
      { defaultAction: { block: {} }, description: "all closed" },
      { customResponseBodies: [{ key: "slow", content: "slower, please", contentType: "TEXT_PLAIN" }] },
      { rules: [GEO, RATE, COMMON], visibilityConfig: { ...VISIBILITY, metricName: "other" } },
    ],
    importId: "{id}/it/CLOUDFRONT",
  },
  "aws:wafv2/ipSet:IpSet": {
    inputs: { scope: "CLOUDFRONT", ipAddressVersion: "IPV4", name: "known", addresses: ["192.0.2.0/24"] },
    changes: { addresses: ["198.51.100.0/24"], description: "documentation" },
    importId: "{id}/known/CLOUDFRONT",
  },
  "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration": {
    inputs: { resourceArn: "{webAcl.arn}", logDestinationConfigs: ["{wafLogs.arn}"] },
    changes: {
      redactedFields: [{ singleHeader: { name: "authorization" } }],
      logDestinationConfigs: ["{wafLogs 2.arn}"],
    },
  },
  "aws:lambda/functionUrl:FunctionUrl": {
    inputs: { functionName: "{function.id}", authorizationType: "AWS_IAM" },
    changes: {
      authorizationType: "NONE",
      invokeMode: "RESPONSE_STREAM",
      cors: { allowOrigins: ["https://example.com"] },
    },
  },
  "aws:cognito/userPoolClient:UserPoolClient": {
    inputs: { userPoolId: "{userPool.id}", generateSecret: false },
    changes: [
      { name: "site", allowedOauthFlowsUserPoolClient: true, allowedOauthFlows: ["code"] },
      { allowedOauthScopes: ["openid"], callbackUrls: ["https://example.com/"], logoutUrls: ["https://example.com/"] },
      {
        supportedIdentityProviders: ["COGNITO"],
        explicitAuthFlows: ["ALLOW_USER_SRP_AUTH"],
        enableTokenRevocation: true,
      },
      { preventUserExistenceErrors: "ENABLED", accessTokenValidity: 1, idTokenValidity: 1, refreshTokenValidity: 2 },
      { tokenValidityUnits: { accessToken: "hours", idToken: "hours", refreshToken: "days" } },
    ],
    importId: "{userPool.id}/{id}",
  },
  "aws:cognito/userPoolDomain:UserPoolDomain": {
    inputs: { domain: "edge-site", userPoolId: "{userPool.id}", managedLoginVersion: 1 },
    changes: { managedLoginVersion: 2 },
  },
  "aws:s3/bucketObjectv2:BucketObjectv2": [
    {
      inputs: { bucket: "{bucket.id}", key: "static/index.html", content: "<p>one</p>", contentType: "text/html" },
      changes: [{ content: "<p>two</p>", cacheControl: "no-cache" }, { contentType: "text/plain" }],
      notRead: ["content"],
    },
    {
      variant: "of a file",
      inputs: { bucket: "{bucket.id}", key: "app.js", source: asset("one") },
      changes: { source: asset("two") },
      notRead: ["source"],
    },
    {
      variant: "of an archive",
      inputs: { bucket: "{bucket.id}", key: "site.zip", source: archive({ "index.html": "one" }) },
      changes: { source: archive({ "index.html": "two" }) },
      notRead: ["source"],
    },
  ],
  "aws:cloudwatch/logDeliverySource:LogDeliverySource": {
    inputs: { name: "edge", logType: "ACCESS_LOGS", resourceArn: "{distribution.arn}" },
  },
  "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination": {
    inputs: { name: "edge", deliveryDestinationConfiguration: { destinationResourceArn: "{bucket.arn}" } },
    changes: { deliveryDestinationConfiguration: { destinationResourceArn: "{bucket 2.arn}" } },
  },
  "aws:cloudwatch/logDelivery:LogDelivery": {
    inputs: {
      deliverySourceName: "{deliverySource.name}",
      deliveryDestinationArn: "{deliveryDestination.arn}",
    },
  },
};
