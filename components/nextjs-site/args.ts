import type * as pulumi from "@pulumi/pulumi";
import type { ObservabilityArgs } from "../building-blocks/component";
import type { PolicyStatement } from "../internal/policy";

/** Names of the site besides CloudFront's own. */
export interface SiteDomain {
  /** Each of them; the certificate has to be for all. @minItems 1 @uniqueItems @format host-name */
  names: string[];
  /** Certificate in AWS Certificate Manager. CloudFront takes those of us-east-1 alone. @format edge-certificate-arn */
  certificateArn: pulumi.Input<string>;
  /** Zone that gets records of the names. @format hosted-zone-id @default none: the records are yours to make */
  hostedZoneId?: pulumi.Input<string>;
}

export interface NextjsSiteArgs extends ObservabilityArgs {
  /**
   * Folder of the application, with its `package.json`. Its configuration says `output: "standalone"`. In a stack file
   * it starts at the project's folder.
   *
   * @minLength 1
   */
  application: string;
  /** Take the build that is there, or run `next build` in each preview and deployment. @default "existing" */
  build?: "existing" | "always";
  /** The server's memory, which decides its CPU too. @integer @minimum 128 @maximum 10240 @unit MB @default 1024 */
  memoryMegabytes?: number;
  /** How long an answer may take; API Gateway's limit is 29. @integer @minimum 1 @maximum 29 @unit seconds @default 29 */
  timeoutSeconds?: number;
  /** The server's environment variables. Never secrets. @propertyNames environment-variable @default none */
  environment?: Record<string, pulumi.Input<string>>;
  /** What the server may do besides writing its own logs and traces. @default nothing */
  policies?: readonly PolicyStatement[];
  /** Where CloudFront answers from: 100 is North America and Europe, 200 more, All everywhere. @default "PriceClass_100" */
  priceClass?: "PriceClass_100" | "PriceClass_200" | "PriceClass_All";
  /** Names of the site. @default CloudFront's own alone */
  domain?: SiteDomain;
  /** Web ACL of scope CLOUDFRONT, which is in us-east-1. @format edge-web-acl-arn @default none */
  webAclArn?: pulumi.Input<string>;
  /** Whether source maps may be public; they show the source of what runs in browsers. @default false */
  sourceMaps?: boolean;
  /** Requests a second, and at once, that reach the server. @integer @minimum 1 @maximum 10000 @unit requests @default 500 */
  requestsPerSecond?: number;
  /**
   * How long files of earlier builds stay, for pages that are open. @integer @minimum 1 @maximum 365 @unit days
   * @default 7
   */
  keepReplacedDays?: number;
}
