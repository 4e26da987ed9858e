/** Distributions, web ACLs and sign-in. */
import { policy, subject } from "../subjects";
import { right, type RuleSamples, wrong } from "./sample";

const DISTRIBUTION = "aws:cloudfront/distribution:Distribution";
const WEB_ACL = "aws:wafv2/webAcl:WebAcl";
const POOL = "aws:cognito/userPool:UserPool";
const CLIENT = "aws:cognito/userPoolClient:UserPoolClient";
const BUCKET_POLICY = "aws:s3/bucketPolicy:BucketPolicy";
const OWN = "arn:aws:acm:us-east-1:111111111111:certificate/1";

const behaviour = (viewerProtocolPolicy: string) => ({ viewerProtocolPolicy });
const origin = (domainName: string, originAccessControlId?: string) => ({
  origins: [{ domainName, ...(originAccessControlId === undefined ? {} : { originAccessControlId }) }],
});
const control = (value?: string) => ({ property: "origins[0].originAccessControlId", value });
const named = (type: string, arn: string) => subject(type, { arn });
const read = (more: object = {}) => ({
  policy: policy({
    Effect: "Allow",
    Principal: { Service: "cloudfront.amazonaws.com" },
    ...{ Action: "s3:GetObject", Resource: "arn:aws:s3:::b/*" },
    ...more,
  }),
});
const logging = (type: string, resourceArn: string) => [subject(type, { resourceArn })];

export const edgeSamples: Readonly<Record<string, RuleSamples>> = {
  "edge-https": {
    passes: [
      right(DISTRIBUTION, {
        defaultCacheBehavior: behaviour("redirect-to-https"),
        orderedCacheBehaviors: [behaviour("https-only")],
      }),
    ],
    fails: [
      wrong(
        DISTRIBUTION,
        { defaultCacheBehavior: behaviour("https-only"), orderedCacheBehaviors: [behaviour("allow-all")] },
        "orderedCacheBehaviors[0].viewerProtocolPolicy",
        "allow-all",
      ),
    ],
  },
  "edge-tls": {
    passes: [
      right(DISTRIBUTION, { viewerCertificate: { cloudfrontDefaultCertificate: true } }),
      right(DISTRIBUTION, { viewerCertificate: { acmCertificateArn: OWN, minimumProtocolVersion: "TLSv1.2_2021" } }),
    ],
    fails: ["TLSv1.1_2016", undefined].map((minimumProtocolVersion) =>
      wrong(
        DISTRIBUTION,
        { viewerCertificate: { acmCertificateArn: OWN, minimumProtocolVersion } },
        "viewerCertificate.minimumProtocolVersion",
        minimumProtocolVersion,
      ),
    ),
  },
  "edge-logs": {
    passes: [
      right(DISTRIBUTION, { loggingConfig: { bucket: "b" } }),
      {
        subject: named(DISTRIBUTION, "arn:1"),
        others: logging("aws:cloudwatch/logDeliverySource:LogDeliverySource", "arn:1"),
      },
    ],
    fails: [
      {
        subject: named(DISTRIBUTION, "arn:1"),
        others: logging("aws:cloudwatch/logDeliverySource:LogDeliverySource", "arn:2"),
        found: [{ property: "loggingConfig", value: undefined }],
      },
    ],
  },
  "edge-origin-access": {
    passes: [
      right(DISTRIBUTION, origin("b.s3.eu-west-1.amazonaws.com", "E1")),
      right(DISTRIBUTION, origin("www.example.com")),
    ],
    fails: [
      ...["b.s3.eu-west-1.amazonaws.com", "b.s3.amazonaws.com", "abc.lambda-url.eu-west-1.on.aws"].map((domain) => ({
        ...wrong(DISTRIBUTION, origin(domain), "", undefined),
        found: [control()],
      })),
      { ...wrong(DISTRIBUTION, origin("b.s3.amazonaws.com", ""), "", ""), found: [control("")] },
    ],
  },
  "edge-bucket-source": {
    passes: [
      right(BUCKET_POLICY, read({ Condition: { StringEquals: { "AWS:SourceArn": "arn:1" } } })),
      right(BUCKET_POLICY, read({ Principal: { Service: "delivery.logs.amazonaws.com" } })),
    ],
    fails: [wrong(BUCKET_POLICY, read(), "policy.Statement[0].Principal", ["cloudfront.amazonaws.com"])],
  },
  "edge-firewall": {
    passes: [right(DISTRIBUTION, { webAclId: "arn:1" })],
    fails: [wrong(DISTRIBUTION, {}, "webAclId", undefined), wrong(DISTRIBUTION, { webAclId: "" }, "webAclId", "")],
  },
  "firewall-rules": {
    passes: [right(WEB_ACL, { rules: [{ name: "rate" }] }), right(WEB_ACL, { ruleJson: "[]" })],
    fails: [wrong(WEB_ACL, {}, "rules", undefined), wrong(WEB_ACL, { rules: [] }, "rules", [])],
  },
  "firewall-logs": {
    passes: [
      {
        subject: named(WEB_ACL, "arn:1"),
        others: logging("aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration", "arn:1"),
      },
    ],
    fails: [wrong(WEB_ACL, { arn: "arn:1" }, "loggingConfiguration", undefined)],
  },
  "sign-in-passwords": {
    passes: [right(POOL, { passwordPolicy: { minimumLength: 12 } })],
    fails: [
      wrong(POOL, { passwordPolicy: { minimumLength: 8 } }, "passwordPolicy.minimumLength", 8),
      wrong(POOL, {}, "passwordPolicy.minimumLength", undefined),
    ],
  },
  "sign-in-mfa": {
    passes: [right(POOL, { mfaConfiguration: "OPTIONAL" }), right(POOL, { mfaConfiguration: "ON" })],
    fails: [wrong(POOL, { mfaConfiguration: "OFF" }, "mfaConfiguration", "OFF")],
  },
  "sign-in-flows": {
    passes: [right(CLIENT, { allowedOauthFlows: ["code"] }), right(CLIENT, {})],
    fails: [wrong(CLIENT, { allowedOauthFlows: ["code", "implicit"] }, "allowedOauthFlows[1]", "implicit")],
  },
  "sign-in-callbacks": {
    passes: [right(CLIENT, { callbackUrls: ["https://example.com/", "http://localhost:5173/"] }), right(CLIENT, {})],
    fails: ["http://example.com/", "https://*.example.com/", "http://localhost.example.com/"].map((address) =>
      wrong(CLIENT, { logoutUrls: [address] }, "logoutUrls[0]", address),
    ),
  },
};
