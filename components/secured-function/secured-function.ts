import { randomBytes } from "node:crypto";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ACCESS_TOKEN_HEADER, TOKEN_HEADER } from "../../handlers/secured-function/headers";
import type { InvocationContext } from "../../handlers/secured-function/signed-in";
import { CallbackLambda } from "../building-blocks/callback-lambda";
import { alarmAbove, alarmTopics, checkName, Component, type ComponentOptions } from "../building-blocks/component";
import { withDefaults } from "../internal/argument-checks";
import { arnBeside } from "../internal/arn";
import { lastingIdentity } from "../internal/lasting-identity";
import type { ProtectedFunction, SecuredFunctionUrlArgs } from "./args";
import { DEFAULTS } from "./args.schema";
import { checkSecuredFunctionUrl } from "./checks";
import { Edge } from "./edge";
import { EdgeFirewall } from "./edge-firewall";
import { readSite, SiteBucket } from "./site-bucket";
import { UserDirectory } from "./user-directory";

export type * from "./args";
export type { Answer, SignedInHandler, SignedInRequest, SignedInUser } from "../../handlers/secured-function/signed-in";

/** What a request may be signed with, besides what browsers send by themselves. */
const REQUEST_HEADERS = ["content-type", TOKEN_HEADER, "x-amz-content-sha256"];

/**
 * A function URL for signed-in people alone: AWS WAF → CloudFront → the URL, which nobody gets to around CloudFront →
 * the function, which checks what Cognito has signed.
 *
 * ```ts
 * new SecuredFunctionUrl("orders", {
 *   signIn: { callbackUrls: ["https://shop.example.com/"] },
 *   function: {
 *     callback: async ({ user }) => ({ statusCode: 200, body: `Orders of ${user.name}` }),
 *   },
 * });
 * ```
 *
 * Follows the AWS Compute Blog post "Securing Lambda Function URLs using Amazon Cognito, Amazon CloudFront and AWS WAF";
 * how it differs and why is described in docs/secured-function.md. Arguments win over defaults. Invariants: HTTPS,
 * security headers, codes with PKCE, a client without a secret, a private bucket, WAF's log without codes and tokens.
 *
 * @throws ArgumentsError naming every wrong argument, and RunError where a site is deployed that is not built, before any
 *   resource is registered
 */
export class SecuredFunctionUrl extends Component {
  readonly lambda: CallbackLambda;
  readonly functionUrl: aws.lambda.FunctionUrl;
  readonly directory: UserDirectory;
  readonly client: aws.cognito.UserPoolClient;
  readonly firewall: EdgeFirewall;
  readonly site: SiteBucket | undefined;
  readonly distribution: aws.cloudfront.Distribution;
  /** Where the function, and the site where there is one, is reached: `https://` and a name. */
  readonly url: pulumi.Output<string>;
  /** Parameter by which `withSignedInUser` of other functions knows the users too. */
  readonly settingsParameter: aws.ssm.Parameter;
  private readonly settingsName: pulumi.Output<string>;

  constructor(name: string, args: SecuredFunctionUrlArgs, opts?: ComponentOptions) {
    const checks = checkSecuredFunctionUrl(args);
    checkName(checks, name);
    const component = `SecuredFunctionUrl "${name}"`;
    checks.finish(component);
    const site = args.site === undefined ? undefined : readSite(component, args.site);
    // Functions cannot be kept in the stack's state.
    const { function: _, ...shown } = args;
    super("secured", name, opts, shown);
    const identity = lastingIdentity(this.named("identity"), name, this.child);
    // Not the identity alone: names that begin with aws are reserved.
    this.settingsName = pulumi.interpolate`/secured-function/${identity}-settings`;
    this.directory = new UserDirectory(this.named("users"), args.signIn ?? {}, this.child);
    const secret = args.originAccess === "public" ? this.createSecret() : undefined;
    this.lambda = this.createLambda(args, secret?.parameter);
    this.functionUrl = this.createUrl(args);
    this.createAlarms(args);

    this.site = site && new SiteBucket(this.named("site"), site, this.child);
    this.firewall = new EdgeFirewall(this.named("firewall"), args.firewall ?? {}, this.child);
    const edge = new Edge(
      this.named("edge"),
      {
        functionUrl: this.functionUrl.functionUrl,
        secret: secret?.value,
        site: this.site?.bucket,
        aclArn: this.firewall.acl.arn,
        domain: args.domain,
      },
      this.child,
    );
    this.distribution = edge.distribution;
    this.url = pulumi.interpolate`https://${edge.domainName}`;
    this.letIn(args);
    this.site?.letIn(this.distribution.arn);

    const callbackUrls = args.signIn?.callbackUrls ?? [pulumi.interpolate`${this.url}/`];
    this.client = this.directory.client(callbackUrls);
    this.settingsParameter = this.createSettings(callbackUrls);
    this.site?.configure({ signInUrl: this.directory.url, clientId: this.client.id });
    this.registerOutputs({ url: this.url, functionName: this.lambda.function.name });
  }

  /** It stays what it was at first: CloudFront and the function have to know the same. */
  private createSecret(): { value: pulumi.Output<string>; parameter: aws.ssm.Parameter } {
    const input = pulumi.secret(randomBytes(32).toString("base64url"));
    const kept = new pulumi.Stash(this.named("secret"), { input }, { ...this.child, ignoreChanges: ["input"] });
    // Mocks that answer nothing but the inputs know no output.
    const first = kept.output as pulumi.Output<string | undefined>;
    const value = pulumi.secret(pulumi.all([first, input]).apply(([output, made]) => output ?? made));
    const parameter = new aws.ssm.Parameter(this.named("origin-secret"), { type: "SecureString", value }, this.child);
    return { value, parameter };
  }

  private createLambda(args: SecuredFunctionUrlArgs, secret: aws.ssm.Parameter | undefined): CallbackLambda {
    const given: Partial<ProtectedFunction> = args.function ?? {};
    const { callback: own, policies = [], environment } = given;
    const { timeoutSeconds, memoryMegabytes } = withDefaults(DEFAULTS.ProtectedFunction, given);
    const settingsArn = arnBeside(this.directory.pool.arn, "ssm", pulumi.interpolate`parameter${this.settingsName}`);
    const { settingsName: settingsParameter } = this;
    const secretParameter = secret?.name;
    return new CallbackLambda(
      this.named("call"),
      {
        description: `${this.componentName}: answers those who are signed in`,
        timeoutSeconds,
        memoryMegabytes,
        ...(environment !== undefined && { environment }),
        policies: [
          { actions: ["ssm:GetParameter"], resources: [settingsArn, ...(secret === undefined ? [] : [secret.arn])] },
          ...policies,
        ],
        callback: async (event: unknown, context: InvocationContext) => {
          const { withSignedInUser } = await import("../../handlers/secured-function/handler");
          const secretName = secretParameter?.get();
          const parameters = {
            settingsParameter: settingsParameter.get(),
            ...(secretName !== undefined && { secretParameter: secretName }),
          };
          return withSignedInUser(parameters, own)(event, context);
        },
      },
      this.child,
    );
  }

  private createUrl({ originAccess, corsOrigins }: SecuredFunctionUrlArgs): aws.lambda.FunctionUrl {
    return new aws.lambda.FunctionUrl(
      this.named("url"),
      {
        functionName: this.lambda.function.name,
        authorizationType: originAccess === "public" ? "NONE" : "AWS_IAM",
        ...(corsOrigins !== undefined && {
          cors: {
            allowOrigins: corsOrigins,
            allowMethods: ["*"],
            allowHeaders: REQUEST_HEADERS,
            exposeHeaders: [ACCESS_TOKEN_HEADER],
            maxAge: 3600,
          },
        }),
      },
      this.child,
    );
  }

  /**
   * Function URLs ask for both grants.
   *
   * @see https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
   */
  private letIn({ originAccess }: SecuredFunctionUrlArgs): void {
    const isPublic = originAccess === "public";
    const whom = isPublic
      ? { principal: "*" }
      : { principal: "cloudfront.amazonaws.com", sourceArn: this.distribution.arn };
    const grants = {
      "allow-url": {
        action: "lambda:InvokeFunctionUrl",
        ...(isPublic && { functionUrlAuthType: "NONE" }),
      },
      "allow-call": {
        action: "lambda:InvokeFunction",
        ...(isPublic && { invokedViaFunctionUrl: true }),
      },
    };
    for (const [role, grant] of Object.entries(grants)) {
      new aws.lambda.Permission(
        this.named(role),
        { function: this.lambda.function.name, ...whom, ...grant },
        // The URL is there before anybody is let in to it.
        { ...this.child, dependsOn: [this.functionUrl] },
      );
    }
  }

  private createSettings(callbackUrls: pulumi.Input<string>[]): aws.ssm.Parameter {
    const value = pulumi.jsonStringify({
      userPoolId: this.directory.pool.id,
      clientId: this.client.id,
      tokenUrl: pulumi.interpolate`${this.directory.url}/oauth2/token`,
      callbackUrls,
    });
    const args = { name: this.settingsName, type: "String", value } as const;
    return new aws.ssm.Parameter(this.named("settings"), args, this.child);
  }

  private createAlarms(args: SecuredFunctionUrlArgs): void {
    for (const metricName of ["Errors", "Throttles"]) {
      new aws.cloudwatch.MetricAlarm(
        this.named(metricName.toLowerCase()),
        {
          alarmDescription: `${this.componentName}: requests fail in the function, or are not let in to it`,
          namespace: "AWS/Lambda",
          metricName,
          dimensions: { FunctionName: this.lambda.function.name },
          statistic: "Sum",
          period: 60,
          ...alarmAbove(0, alarmTopics(args)),
        },
        this.child,
      );
    }
  }
}
