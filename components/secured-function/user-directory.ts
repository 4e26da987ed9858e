import { createHash } from "node:crypto";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { Component, type ComponentOptions } from "../building-blocks/component";
import { withDefaults } from "../internal/argument-checks";
import { arnParts } from "../internal/arn";
import type { SignIn } from "./args";
import { DEFAULTS } from "./args.schema";

/**
 * A user pool with Cognito's own pages for sign-in and sign-up. Its client is public: it has no secret, and each code is
 * good together with the verifier that the browser keeps (PKCE) alone.
 *
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-app-integration.html
 */
export class UserDirectory extends Component {
  readonly pool: aws.cognito.UserPool;
  /** Where its pages and its token endpoint are. */
  readonly url: pulumi.Output<string>;
  private readonly settings: ReturnType<typeof settingsOf>;

  constructor(name: string, args: SignIn, opts?: ComponentOptions) {
    super("secured", name, opts);
    this.settings = settingsOf(args);
    this.pool = this.createPool();
    this.url = this.createDomain();
    this.registerOutputs({ userPoolId: this.pool.id });
  }

  private createPool(): aws.cognito.UserPool {
    const { selfSignUp, secondFactor, threatProtection, passwordLength, keepUsers } = this.settings;
    return new aws.cognito.UserPool(
      this.named("pool"),
      {
        deletionProtection: keepUsers ? "ACTIVE" : "INACTIVE",
        adminCreateUserConfig: { allowAdminCreateUserOnly: !selfSignUp },
        autoVerifiedAttributes: ["email"],
        accountRecoverySetting: { recoveryMechanisms: [{ name: "verified_email", priority: 1 }] },
        usernameConfiguration: { caseSensitive: false },
        schemas: [{ name: "email", attributeDataType: "String", required: true, mutable: true }],
        passwordPolicy: {
          minimumLength: passwordLength,
          requireLowercase: true,
          requireNumbers: true,
          requireSymbols: true,
          requireUppercase: true,
          temporaryPasswordValidityDays: 1,
        },
        mfaConfiguration: secondFactor,
        softwareTokenMfaConfiguration: { enabled: true },
        userPoolTier: threatProtection === "OFF" ? "ESSENTIALS" : "PLUS",
        ...(threatProtection === "OFF" ? {} : { userPoolAddOns: { advancedSecurityMode: threatProtection } }),
      },
      this.child,
    );
  }

  /** Names of such domains are one for all the world in a region, as ids of user pools are. */
  private createDomain(): pulumi.Output<string> {
    const domain = this.pool.id.apply((id) => `sign-in-${createHash("sha256").update(id).digest("hex").slice(0, 16)}`);
    const made = new aws.cognito.UserPoolDomain(
      this.named("domain"),
      { domain, userPoolId: this.pool.id },
      { ...this.child, deleteBeforeReplace: true },
    );
    const region = this.pool.arn.apply((arn) => arnParts(arn).region);
    return pulumi.interpolate`https://${made.domain}.auth.${region}.amazoncognito.com`;
  }

  /** @param callbackUrls where people come back to, after signing in and after signing out */
  client(callbackUrls: pulumi.Input<string>[]): aws.cognito.UserPoolClient {
    const minutes = this.settings.sessionMinutes;
    return new aws.cognito.UserPoolClient(
      this.named("client"),
      {
        userPoolId: this.pool.id,
        generateSecret: false,
        allowedOauthFlowsUserPoolClient: true,
        allowedOauthFlows: ["code"],
        allowedOauthScopes: ["openid"],
        supportedIdentityProviders: ["COGNITO"],
        callbackUrls,
        logoutUrls: callbackUrls,
        // Passwords are typed on Cognito's pages alone.
        explicitAuthFlows: ["ALLOW_REFRESH_TOKEN_AUTH"],
        preventUserExistenceErrors: "ENABLED",
        enableTokenRevocation: true,
        accessTokenValidity: minutes,
        idTokenValidity: minutes,
        // The least that there is above it: nothing here uses refresh tokens.
        refreshTokenValidity: Math.max(60, minutes + 1),
        tokenValidityUnits: { accessToken: "minutes", idToken: "minutes", refreshToken: "minutes" },
      },
      this.child,
    );
  }
}

function settingsOf(args: SignIn) {
  return withDefaults(DEFAULTS.SignIn, args);
}
