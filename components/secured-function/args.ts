import type * as pulumi from "@pulumi/pulumi";
import type { SignedInHandler } from "../../handlers/secured-function/signed-in";
import type { ObservabilityArgs } from "../building-blocks/component";
import type { PolicyStatement } from "../internal/policy";

/** The function that signed-in people may call. */
export interface ProtectedFunction {
  /**
   * Inline callback, for programs only: it gets the request with the verified user. Kept thin, as every callback is: it
   * imports its handler module by a relative path and captures nothing but settings.
   */
  callback: SignedInHandler;
  /** Exactly what it may do, besides writing its own logs and traces. @default nothing */
  policies?: readonly PolicyStatement[];
  /** How long a request may take; CloudFront waits no longer. @integer @minimum 1 @maximum 60 @unit seconds @default 30 */
  timeoutSeconds?: number;
  /** Memory, which decides the CPU too. @integer @minimum 128 @maximum 10240 @unit MB @default 256 */
  memoryMegabytes?: number;
  /** Environment variables; never secrets. @propertyNames environment-variable @default none */
  environment?: Record<string, pulumi.Input<string>>;
}

/** What AWS WAF lets through. */
export interface Firewall {
  /**
   * ISO 3166 codes of the countries that requests may come from.
   *
   * @format country-code @minItems 1 @uniqueItems
   * @fix Name the countries; an address that WAF cannot place is in none of them.
   * @default ["US", "CA"]
   */
  countries?: string[];
  /** Requests in five minutes that one address may make. @integer @minimum 10 @maximum 2000000000 @default 500 */
  requestsPerAddress?: number;
  /**
   * AWS's own groups of rules.
   *
   * @default ["AmazonIpReputationList", "CommonRuleSet", "KnownBadInputsRuleSet"]
   */
  managedRules?: ("AmazonIpReputationList" | "AnonymousIpList" | "CommonRuleSet" | "KnownBadInputsRuleSet")[];
}

/** Sign-in and sign-up on pages of Amazon Cognito. */
export interface SignIn {
  /**
   * Addresses that people come back to, each exactly as the site sends it.
   *
   * @format callback-url @minItems 1 @maxItems 100 @uniqueItems
   * @default the site's own page
   */
  callbackUrls?: string[];
  /** Whether people may sign up by themselves. @default true */
  selfSignUp?: boolean;
  /** A second factor by an authenticator app: for those who set one up, or for everybody. @default "OPTIONAL" */
  secondFactor?: "OPTIONAL" | "ON";
  /**
   * What Cognito does about stolen passwords and unusual sign-ins. Other than `OFF` it takes Cognito's Plus plan, which
   * costs more for each user.
   *
   * @default "OFF"
   */
  threatProtection?: "OFF" | "AUDIT" | "ENFORCED";
  /** Shortest password. @integer @minimum 8 @maximum 99 @unit characters @default 12 */
  passwordLength?: number;
  /** How long a sign-in lasts. @integer @minimum 5 @maximum 1440 @unit minutes @default 60 */
  sessionMinutes?: number;
  /** Refuses to delete the users with the stack. @default true */
  keepUsers?: boolean;
}

/** A domain of your own. */
export interface CustomDomain {
  /** Name that people use; its DNS points to the distribution. @format host-name */
  name: string;
  /** ARN of its certificate in us-east-1, where CloudFront looks for it. @format certificate-arn */
  certificateArn: pulumi.Input<string>;
}

export interface SecuredFunctionUrlArgs extends ObservabilityArgs {
  /** What signed-in people may call. @default a sample that answers who they are */
  function?: ProtectedFunction;
  /**
   * How the function URL knows CloudFront: by IAM, with signed requests, or by a secret header, with a URL that is open
   * otherwise.
   *
   * @default "iam"
   */
  originAccess?: "iam" | "public";
  /** Who gets as far as CloudFront. @default the United States and Canada, 500 requests in five minutes */
  firewall?: Firewall;
  /** How people sign in. @default on the site's own page, and they may sign up */
  signIn?: SignIn;
  /**
   * Folder of a built site: `apps/secured-site/dist` once that is built. In a stack file it starts at the project's
   * folder. With a site the function is at `/api/`, without one at `/`.
   *
   * @minLength 1 @default none
   */
  site?: string;
  /** Other origins whose pages may call the function, such as `https://app.example.com`. @format origin @default none */
  corsOrigins?: string[];
  /** A domain of your own. @default CloudFront's */
  domain?: CustomDomain;
}
