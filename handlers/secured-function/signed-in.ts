/** What a function behind sign-in gets and gives; types alone, so that components can name them. */

/** What the component hands to the function: plain JSON, so that inline callbacks can capture it. */
export interface SecuredFunctionSettings {
  /** Parameter with `SignInSettings` as JSON. The client is made after the function, so its id is not known before. */
  readonly settingsParameter: string;
  /** SecureString with the secret that CloudFront sends. Default: none, IAM tells who comes through CloudFront. */
  readonly secretParameter?: string;
}

/** A request of a function URL. https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html */
export interface FunctionUrlRequest {
  readonly rawPath: string;
  readonly rawQueryString: string;
  readonly queryStringParameters?: Readonly<Record<string, string>>;
  readonly cookies?: readonly string[];
  /** By their names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body?: string;
  readonly isBase64Encoded: boolean;
  readonly requestContext: {
    readonly requestId: string;
    readonly http: { readonly method: string; readonly path: string; readonly sourceIp: string };
  };
}

/** What is used of Lambda's context. */
export interface InvocationContext {
  readonly awsRequestId: string;
  getRemainingTimeInMillis(): number;
}

/** Who called, as Cognito's access token says. */
export interface SignedInUser {
  /** Name that the user signs in with. */
  readonly name: string;
  /** Id in the user pool, which stays when a name is given to somebody else. */
  readonly id: string;
  readonly groups: readonly string[];
  /** What the token is good for, such as `openid`. */
  readonly scopes: readonly string[];
}

export interface SignedInRequest {
  readonly user: SignedInUser;
  /** The request, without code, token and secret: it may be logged. */
  readonly event: FunctionUrlRequest;
}

/** An answer of a function URL. */
export interface Answer {
  readonly statusCode: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
}

/** A function of the user's own, called for those who are signed in. */
export type SignedInHandler = (request: SignedInRequest, context: InvocationContext) => Promise<Answer>;
