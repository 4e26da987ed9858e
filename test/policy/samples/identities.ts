import { UNKNOWN, type Value, type Values } from "../../../policy/values";
import { policy } from "../subjects";
import { right, type RuleSamples, wrong } from "./sample";

const ROLE = "aws:iam/role:Role";
const GITHUB = "token.actions.githubusercontent.com";
const CLUSTER = "oidc.eks.eu-west-1.amazonaws.com/id/ABC";

const trusts = (Principal: Value, Condition?: Value) =>
  policy({ Effect: "Allow", Principal, Action: "sts:AssumeRole", ...(Condition === undefined ? {} : { Condition }) });

const federation = (issuer: string, Condition?: Value) => ({
  assumeRolePolicy: policy({
    Effect: "Allow",
    Principal: { Federated: `arn:aws:iam::111111111111:oidc-provider/${issuer}` },
    Action: "sts:AssumeRoleWithWebIdentity",
    ...(Condition === undefined ? {} : { Condition }),
  }),
});

const AUDIENCE = { StringEquals: { [`${GITHUB}:aud`]: "sts.amazonaws.com" } };
const subjects = (operator: string, sub: Value) =>
  federation(GITHUB, {
    ...AUDIENCE,
    [operator]: { ...(operator === "StringEquals" ? AUDIENCE.StringEquals : {}), [`${GITHUB}:sub`]: sub },
  });

/** A document of which a part is known only after an update. */
const unknownSubject: Values = {
  Statement: {
    Effect: "Allow",
    Principal: { Federated: `arn:aws:iam::111111111111:oidc-provider/${GITHUB}` },
    Action: "sts:AssumeRoleWithWebIdentity",
    Condition: { StringEquals: { ...AUDIENCE.StringEquals, [`${GITHUB}:sub`]: UNKNOWN } },
  },
};

const openSubject = (operator: string, ...subs: string[]) =>
  wrong(ROLE, subjects(operator, subs), `assumeRolePolicy.Statement[0].Condition.${GITHUB}:sub`, subs);

export const identitySamples: Readonly<Record<string, RuleSamples>> = {
  "no-trust-in-everyone": {
    passes: [
      right(ROLE, { assumeRolePolicy: trusts({ Service: "lambda.amazonaws.com" }) }),
      right(ROLE, { assumeRolePolicy: trusts("*", { StringEquals: { "aws:PrincipalOrgID": "o-a1b2c3d4e5" } }) }),
    ],
    fails: [
      wrong(ROLE, { assumeRolePolicy: trusts("*") }, "assumeRolePolicy.Statement[0].Principal", "*"),
      wrong(ROLE, { assumeRolePolicy: trusts({ AWS: ["*"] }) }, "assumeRolePolicy.Statement[0].Principal", "*"),
      wrong(
        ROLE,
        { assumeRolePolicy: trusts("*", { StringEquals: { "sts:ExternalId": "42" } }) },
        "assumeRolePolicy.Statement[0].Principal",
        "*",
      ),
      wrong(
        ROLE,
        { assumeRolePolicy: trusts({ AWS: "*" }, { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/deployer" } }) },
        "assumeRolePolicy.Statement[0].Principal",
        "*",
      ),
    ],
  },
  "oidc-trust-subject": {
    passes: [
      ...["repo:my-org/my-repo:ref:refs/heads/main", "repo:my-org/my-repo:*", "repo:my-org/*"].map((sub) =>
        right(ROLE, subjects("StringLike", sub)),
      ),
      right(ROLE, subjects("StringEquals", ["repo:my-org/a:environment:prod", "repo:my-org/b:environment:prod"])),
      right(ROLE, subjects("ForAnyValue:StringLike", "repository_owner:my-org:*")),
      right(ROLE, { assumeRolePolicy: unknownSubject }),
      right(
        ROLE,
        federation(CLUSTER, {
          StringEquals: {
            [`${CLUSTER}:aud`]: "sts.amazonaws.com",
            [`${CLUSTER}:sub`]: "system:serviceaccount:dns:sync",
          },
        }),
      ),
      // Issuers of one's own, of people, and what is no token.
      right(ROLE, federation("login.example.com")),
      right(ROLE, { assumeRolePolicy: trusts({ Federated: "cognito-identity.amazonaws.com" }) }),
      right(ROLE, { assumeRolePolicy: trusts({ Federated: "arn:aws:iam::111111111111:saml-provider/corp" }) }),
      right(ROLE, { assumeRolePolicy: trusts({ Service: "lambda.amazonaws.com" }) }),
    ],
    fails: [
      {
        ...wrong(ROLE, federation(GITHUB), "", undefined),
        found: ["sub", "aud"].map((claim) => ({
          property: `assumeRolePolicy.Statement[0].Condition.${GITHUB}:${claim}`,
          value: undefined,
        })),
      },
      wrong(ROLE, federation(GITHUB, AUDIENCE), `assumeRolePolicy.Statement[0].Condition.${GITHUB}:sub`, undefined),
      wrong(
        ROLE,
        federation(GITHUB, { StringLike: { [`${GITHUB}:sub`]: "repo:my-org/my-repo:*" } }),
        `assumeRolePolicy.Statement[0].Condition.${GITHUB}:aud`,
        undefined,
      ),
      ...["*", "repo:*", "repo:*/*", "repo:*:ref:refs/heads/main", "repo:my-org*", "*:my-org/my-repo:*"].map((sub) =>
        openSubject("StringLike", sub),
      ),
      openSubject("StringLike", "repo:my-org/my-repo:*", "repo:*/my-repo:*"),
      openSubject("StringEqualsIfExists", "repo:my-org/my-repo:ref:refs/heads/main"),
      openSubject("ForAllValues:StringEquals", "repo:my-org/my-repo:ref:refs/heads/main"),
      openSubject("StringNotLike", "repo:my-org/my-repo:pull_request"),
      wrong(
        ROLE,
        federation(`${GITHUB}/my-enterprise`, {
          StringEquals: { [`${GITHUB}/my-enterprise:aud`]: "sts.amazonaws.com" },
        }),
        `assumeRolePolicy.Statement[0].Condition.${GITHUB}/my-enterprise:sub`,
        undefined,
      ),
      wrong(
        ROLE,
        federation(CLUSTER, {
          StringLike: { [`${CLUSTER}:aud`]: "sts.amazonaws.com", [`${CLUSTER}:sub`]: "system:serviceaccount:*:sync" },
        }),
        `assumeRolePolicy.Statement[0].Condition.${CLUSTER}:sub`,
        ["system:serviceaccount:*:sync"],
      ),
    ],
  },
  "no-iam-users": {
    passes: [right(ROLE, {}), right("aws:iam/group:Group", {})],
    fails: [
      wrong("aws:iam/user:User", {}, "type", "a user of the account's"),
      wrong("aws:iam/accessKey:AccessKey", { user: "ci" }, "type", "an access key that does not expire"),
      wrong("aws:iam/userLoginProfile:UserLoginProfile", { user: "ann" }, "type", "a password that does not expire"),
    ],
  },
};
