/** Forms of texts among the arguments of NextjsSite. */
import { FORMATS as COMMON } from "../internal/formats";
import type { Format } from "../internal/schema";

export const FORMATS: Readonly<Record<string, Format>> = {
  ...COMMON,
  /** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cnames-and-https-requirements.html */
  "edge-certificate-arn": {
    test: /^arn:aws[a-z-]*:acm:us-east-1:\d{12}:certificate\/[\w-]+$/,
    allowed: "the ARN of a certificate in us-east-1",
    fix: "Request or import the certificate in us-east-1, whatever the site's region, and copy its ARN.",
  },
  "edge-web-acl-arn": {
    test: /^arn:aws[a-z-]*:wafv2:us-east-1:\d{12}:global\/webacl\/[\w-]+\/[\w-]+$/,
    allowed: "the ARN of a web ACL of scope CLOUDFRONT",
    fix: "Make the web ACL in us-east-1 with scope CLOUDFRONT, and copy its ARN.",
  },
};
