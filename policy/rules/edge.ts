/** What stands between the internet and the origins: distributions, web ACLs, sign-in. */
import { BUCKET_DOCUMENTS } from "../documents";
import { type Finding, properties, type Rule, type Stack, type Subject } from "../rule";
import { statementsAt } from "../statements";
import { isAbsent, isObject, type Known, placesAt, UNKNOWN, valueAt } from "../values";

const DISTRIBUTION = "aws:cloudfront/distribution:Distribution";
const WEB_ACL = "aws:wafv2/webAcl:WebAcl";
const USER_POOL = "aws:cognito/userPool:UserPool";
const CLIENT = "aws:cognito/userPoolClient:UserPoolClient";
const WHY_NOT_AROUND =
  "Who knows the origin's address goes around the distribution, and so around its firewall and logs.";

/** Subjects of a type that no resource of another type refers to. */
function without(stack: Stack, type: string, by: string): Subject[] {
  const covered = stack.ofType(by).flatMap((subject) => stack.references(subject, "resourceArn", [type]));
  return stack.ofType(type).filter((subject) => !covered.includes(subject));
}

/** Buckets and function URLs that a distribution asks without saying who it is. */
function openOrigins({ props }: Subject): Finding[] {
  return placesAt(props, "origins[]").flatMap(({ path, value }) => {
    if (value === UNKNOWN || !isObject(value)) return [];
    const host = value.domainName;
    const isOurs =
      typeof host === "string" && /\.s3[.-].*amazonaws\.com|\.lambda-url\.|\.s3\.amazonaws\.com/.test(host);
    const control = value.originAccessControlId;
    if (control === UNKNOWN || !isOurs || (!isAbsent(control) && control !== "")) return [];
    return [{ property: `${path}.originAccessControlId`, value: control }];
  });
}

/** Statements that let CloudFront in for whichever distribution. */
function anyDistribution(subject: Subject): Finding[] {
  return statementsAt(subject, BUCKET_DOCUMENTS[subject.type] ?? [])
    .filter(({ effect, principals }) => effect === "Allow" && principals.includes("cloudfront.amazonaws.com"))
    .filter(({ conditions }) => !conditions.some(({ key }) => /^aws:source(arn|account)$/.test(key)))
    .map(({ path, principals }) => ({ property: `${path}.Principal`, value: [...principals] }));
}

const LOCAL = /^http:\/\/localhost(:\d+)?(\/|$)/;
const isExact = (value: Known): boolean =>
  isAbsent(value) || (typeof value === "string" && /^https:\/\/[^*]+$/.test(value)) || LOCAL.test(String(value));

export const edgeRules: readonly Rule[] = [
  {
    id: "edge-https",
    title: "Distributions answer viewers through HTTPS only",
    reason: "Whatever is sent in clear text can be read and changed on its way.",
    remedy: 'Set viewerProtocolPolicy of every behavior to "redirect-to-https", or to "https-only" for APIs.',
    severity: "mandatory",
    ...properties(
      {
        [DISTRIBUTION]: ["defaultCacheBehavior.viewerProtocolPolicy", "orderedCacheBehaviors[].viewerProtocolPolicy"],
      },
      (value) => value === "redirect-to-https" || value === "https-only",
    ),
  },
  {
    id: "edge-tls",
    title: "Distributions with a certificate of their own speak TLS 1.2 or later",
    reason: "Earlier versions have known weaknesses.",
    remedy: 'Set viewerCertificate.minimumProtocolVersion to "TLSv1.2_2021" or a later policy.',
    severity: "mandatory",
    ...properties({ [DISTRIBUTION]: "viewerCertificate.minimumProtocolVersion" }, (value, { props }) => {
      const isOwn = ["acmCertificateArn", "iamCertificateId"].some(
        (name) => !isAbsent(valueAt(props, `viewerCertificate.${name}`)),
      );
      // With CloudFront's own certificate AWS takes no version.
      return !isOwn || /^TLSv1\.[23]/.test(String(value));
    }),
  },
  {
    id: "edge-logs",
    title: "Distributions log who asked for what",
    reason: "Nobody sees an attack, or whom it reached, otherwise.",
    remedy: "Make a LogDeliverySource with the distribution's ARN and a LogDelivery (us-east-1), or set loggingConfig.",
    severity: "mandatory",
    types: [],
    checkStack: (stack) =>
      without(stack, DISTRIBUTION, "aws:cloudwatch/logDeliverySource:LogDeliverySource")
        .filter(({ props }) => isAbsent(props.loggingConfig))
        .map((subject) => ({ subject, property: "loggingConfig", value: undefined })),
  },
  {
    id: "edge-origin-access",
    title: "Distributions sign what they ask of buckets and function URLs",
    reason: WHY_NOT_AROUND,
    remedy: "Make an OriginAccessControl, name it in originAccessControlId, and let only the distribution in.",
    severity: "mandatory",
    types: [DISTRIBUTION],
    check: openOrigins,
  },
  {
    id: "edge-bucket-source",
    title: "Buckets let CloudFront in for named distributions only",
    reason: "CloudFront acts for all of its customers: a stranger's distribution could serve the bucket, too.",
    remedy: 'Add a condition with the distribution\'s ARN: StringEquals, "aws:SourceArn".',
    severity: "mandatory",
    types: Object.keys(BUCKET_DOCUMENTS),
    check: anyDistribution,
  },
  {
    id: "edge-firewall",
    title: "Distributions have a web ACL",
    reason: "Nothing limits how often, from where and with what anybody calls the origins otherwise.",
    remedy: "Set webAclId to the ARN of a web ACL with scope CLOUDFRONT, or exempt the distribution with the reason.",
    severity: "advisory",
    ...properties({ [DISTRIBUTION]: "webAclId" }, (value) => !isAbsent(value) && value !== ""),
  },
  {
    id: "firewall-rules",
    title: "Web ACLs have rules",
    reason: "One without rules treats every request alike, and is paid for.",
    remedy: "Add rules: countries, a rate limit, and AWS's managed groups.",
    severity: "mandatory",
    types: [WEB_ACL],
    check: ({ props }) =>
      props.rules === UNKNOWN || !isAbsent(props.ruleJson) || placesAt(props, "rules[]").length > 0
        ? []
        : [{ property: "rules", value: props.rules }],
  },
  {
    id: "firewall-logs",
    title: "Web ACLs log what they do",
    reason: "Nobody sees whom a rule keeps out by mistake, or what it keeps out, otherwise.",
    remedy: "Make a WebAclLoggingConfiguration with the web ACL's ARN and a log group named aws-waf-logs-….",
    severity: "mandatory",
    types: [],
    checkStack: (stack) =>
      without(stack, WEB_ACL, "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration").map((subject) => ({
        subject,
        property: "loggingConfiguration",
        value: undefined,
      })),
  },
  {
    id: "sign-in-passwords",
    title: "User pools ask for passwords of 12 characters at least",
    reason: "Shorter ones are guessed.",
    remedy: "Set passwordPolicy.minimumLength to 12 or more.",
    severity: "mandatory",
    ...properties({ [USER_POOL]: "passwordPolicy.minimumLength" }, (value) => Number(value ?? 8) >= 12),
  },
  {
    id: "sign-in-mfa",
    title: "User pools offer a second factor",
    reason: "A password alone is stolen or guessed.",
    remedy: 'Set mfaConfiguration to "ON", or to "OPTIONAL", and softwareTokenMfaConfiguration to { enabled: true }.',
    severity: "mandatory",
    ...properties({ [USER_POOL]: "mfaConfiguration" }, (value) => value === "ON" || value === "OPTIONAL"),
  },
  {
    id: "sign-in-flows",
    title: "Clients of user pools get codes, no tokens, by way of the browser",
    reason: "Tokens in an address end up in histories and logs, and anybody who reads them is signed in.",
    remedy: 'Leave "implicit" out of allowedOauthFlows; use "code" with PKCE.',
    severity: "mandatory",
    ...properties({ [CLIENT]: "allowedOauthFlows[]" }, (value) => value !== "implicit"),
  },
  {
    id: "sign-in-callbacks",
    title: "Clients of user pools name their pages exactly, with HTTPS",
    reason: "Codes are sent wherever these addresses lead.",
    remedy: "Give whole addresses with https:// and without wildcards; http:// is for localhost only.",
    severity: "mandatory",
    ...properties({ [CLIENT]: ["callbackUrls[]", "logoutUrls[]", "defaultRedirectUri"] }, isExact),
  },
];
