/** Amazon Cognito. https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPool.html */
import { resource } from "../engine/resource";
import { service } from "../engine/service";
import { type Service, text } from "../resource-type";

const api = service({
  package: "@aws-sdk/client-cognito-identity-provider",
  client: "CognitoIdentityProviderClient",
  missing: ["ResourceNotFoundException"],
  tags: { set: "TagResource", remove: "UntagResource" },
});

const SETTINGS = [
  "accountRecoverySetting",
  "adminCreateUserConfig",
  "autoVerifiedAttributes",
  "deletionProtection",
  "passwordPolicy",
];

const userPool = resource({
  token: "aws:cognito/userPool:UserPool",
  service: api,
  id: "{id}",
  create: "CreateUserPool",
  read: ["DescribeUserPool", { call: "GetUserPoolMfaConfig", at: "", only: ["softwareTokenMfaConfiguration"] }],
  updates: [
    { call: "UpdateUserPool", only: SETTINGS },
    { call: "SetUserPoolMfaConfig", only: ["mfaConfiguration", "softwareTokenMfaConfiguration"] },
  ],
  delete: { call: "DeleteUserPool", only: [] },
  replace: ["name", "usernameAttributes", "usernameConfiguration"],
  update: [...SETTINGS, "mfaConfiguration", "softwareTokenMfaConfiguration"],
  computed: ["arn", "endpoint"],
  autoName: { property: "name", maxLength: 128 },
  taggable: true,
  defaults: { deletionProtection: "INACTIVE", mfaConfiguration: "OFF" },
  allowed: { deletionProtection: "DeletionProtectionType", mfaConfiguration: "UserPoolMfaType" },
  names: { name: "PoolName|Name", passwordPolicy: "Policies.PasswordPolicy" },
  none: { softwareTokenMfaConfiguration: { enabled: false } },
  outputs: (_, { id }, { account }) => ({ endpoint: `cognito-idp.${account.region}.amazonaws.com/${String(id)}` }),
});

/** https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolClient.html */
const userPoolClient = resource({
  token: "aws:cognito/userPoolClient:UserPoolClient",
  service: api,
  id: {
    names: ["userPoolId", "id"],
    of: (values) => text(values, "id"),
    // An import gives `pool/client`.
    parts: (id, state) => {
      const [userPoolId = "", client] = id.split("/");
      return client === undefined ? { userPoolId: text(state, "userPoolId"), id } : { userPoolId, id: client };
    },
  },
  create: "CreateUserPoolClient",
  read: "DescribeUserPoolClient",
  updates: ["UpdateUserPoolClient"],
  delete: { call: "DeleteUserPoolClient", only: [] },
  replace: ["generateSecret", "userPoolId"],
  update: [
    ...["accessTokenValidity", "allowedOauthFlows", "allowedOauthFlowsUserPoolClient", "allowedOauthScopes"],
    ...["callbackUrls", "enableTokenRevocation", "explicitAuthFlows", "idTokenValidity", "logoutUrls", "name"],
    ...["preventUserExistenceErrors", "refreshTokenValidity", "supportedIdentityProviders", "tokenValidityUnits"],
  ],
  required: ["userPoolId"],
  computed: ["clientSecret"],
  autoName: { property: "name", maxLength: 128 },
  allowed: {
    allowedOauthFlows: "OAuthFlowType",
    explicitAuthFlows: "ExplicitAuthFlowsType",
    preventUserExistenceErrors: "PreventUserExistenceErrorTypes",
  },
  names: { allowedOauthFlows: "AllowedOAuthFlows", id: "ClientId", name: "ClientName" },
  outputs: (_, { clientSecret }) => ({ clientSecret: clientSecret ?? "" }),
});

/** https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolDomain.html */
const userPoolDomain = resource({
  token: "aws:cognito/userPoolDomain:UserPoolDomain",
  service: api,
  id: "{domain}",
  create: "CreateUserPoolDomain",
  read: { call: "DescribeUserPoolDomain", at: "DomainDescription" },
  updates: ["UpdateUserPoolDomain"],
  delete: "DeleteUserPoolDomain",
  replace: ["domain", "userPoolId"],
  update: ["managedLoginVersion"],
  required: ["domain", "userPoolId"],
  computed: ["cloudfrontDistribution"],
  part: "userPoolId",
  request(request, { userPoolId }, _, call) {
    if (call === "UpdateUserPoolDomain") request.UserPoolId = userPoolId;
  },
  names: { cloudfrontDistribution: "CloudFrontDistribution|CloudFrontDomain" },
});

export const cognito: Service = { resources: [userPool, userPoolClient, userPoolDomain] };
