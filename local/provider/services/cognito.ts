/** Amazon Cognito. https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPool.html */
import { resource } from "../engine/resource";
import { service } from "../engine/service";
import type { Service } from "../resource-type";

const api = service({
  package: "@aws-sdk/client-cognito-identity-provider",
  client: "CognitoIdentityProviderClient",
  missing: ["ResourceNotFoundException"],
  tags: { set: "TagResource", remove: "UntagResource" },
});

const userPool = resource({
  token: "aws:cognito/userPool:UserPool",
  service: api,
  id: "{id}",
  create: "CreateUserPool",
  read: "DescribeUserPool",
  updates: ["UpdateUserPool"],
  delete: { call: "DeleteUserPool", only: [] },
  replace: ["name", "usernameAttributes"],
  update: [
    "adminCreateUserConfig",
    "autoVerifiedAttributes",
    "deletionProtection",
    "mfaConfiguration",
    "passwordPolicy",
  ],
  computed: ["arn"],
  autoName: { property: "name", maxLength: 128 },
  taggable: true,
  defaults: { deletionProtection: "INACTIVE", mfaConfiguration: "OFF" },
  allowed: { deletionProtection: "DeletionProtectionType", mfaConfiguration: "UserPoolMfaType" },
  names: { name: "PoolName|Name", passwordPolicy: "Policies.PasswordPolicy" },
});

export const cognito: Service = { resources: [userPool] };
