/** Who may act in the account: no user with keys of his own, and nobody by a role that strangers can take. */
import { demand } from "../conditions";
import type { Finding, Rule, Subject } from "../rule";
import { everybodyIn, openStatements, type Statement, statementsAt } from "../statements";

const ROLE = "aws:iam/role:Role";

const ENABLED_USERS: Readonly<Record<string, string>> = {
  "aws:iam/accessKey:AccessKey": "an access key that does not expire",
  "aws:iam/serviceSpecificCredential:ServiceSpecificCredential": "a password that does not expire",
  "aws:iam/signingCertificate:SigningCertificate": "a certificate of a user's",
  "aws:iam/sshKey:SshKey": "a key that does not expire",
  "aws:iam/user:User": "a user of the account's",
  "aws:iam/userLoginProfile:UserLoginProfile": "a password that does not expire",
};

/**
 * Issuers that give tokens to everybody who has an account with them, or to every workload of a cluster: the subject
 * alone tells whose token it is.
 */
const SHARED_ISSUERS = [
  /^token\.actions\.githubusercontent\.com(\/|$)/,
  /^gitlab\.com$/,
  /^app\.terraform\.io$/,
  /^api\.bitbucket\.org\//,
  /^agent\.buildkite\.com$/,
  /^oidc\.circleci\.com\//,
  /^api\.pulumi\.com\/oidc$/,
  /^oidc\.vercel\.com(\/|$)/,
  /^oidc\.eks\.[\w-]+\.amazonaws\.com(\.cn)?\//,
];

/** What may end in wildcards: the kind of a subject and its owner are there, or the namespace of a cluster. */
const OWNED_SUBJECT = /^(system:serviceaccount:[^*?:]+:|(?!system:)[^*?:/]+[:/][^*?:/]+[:/])/;

const isOwnedSubject = (subject: string): boolean => !/[*?]/.test(subject) || OWNED_SUBJECT.test(subject);

/** Shared issuers that a statement trusts, as keys of conditions name them. */
function sharedIssuersOf({ federated }: Statement): string[] {
  const issuers = federated.map((provider) => provider.replace(/^arn:[^:]*:iam::[^:]*:oidc-provider\//, ""));
  return issuers.filter((issuer) => SHARED_ISSUERS.some((shared) => shared.test(issuer)));
}

/** What is wrong with a claim that a statement has to demand. */
function openClaim({ conditions, path }: Statement, key: string, fits: (value: string) => boolean): Finding[] {
  const isKey = (candidate: string): boolean => candidate === key.toLowerCase();
  if (demand(conditions, isKey, fits)) return [];
  const given = conditions.filter((condition) => isKey(condition.key)).flatMap(({ values }) => values);
  return [{ property: `${path}.Condition.${key}`, value: given.length === 0 ? undefined : given }];
}

/** The claims of shared issuers that a trust policy leaves open. */
function openClaims(subject: Subject): Finding[] {
  return statementsAt(subject, "assumeRolePolicy")
    .filter(({ effect }) => effect === "Allow")
    .flatMap((statement) =>
      sharedIssuersOf(statement).flatMap((issuer) => [
        ...openClaim(statement, `${issuer}:sub`, isOwnedSubject),
        ...openClaim(statement, `${issuer}:aud`, (audience) => !/[*?]/.test(audience)),
      ]),
    );
}

export const identityRules: readonly Rule[] = [
  {
    id: "no-trust-in-everyone",
    title: "No role can be taken by everybody",
    reason: "Anybody with an AWS account could act as the role.",
    remedy: "Name the account, role or service in the trust policy's Principal, or the organization in a condition.",
    severity: "mandatory",
    types: [ROLE],
    check: (subject) => openStatements(statementsAt(subject, "assumeRolePolicy")).map(everybodyIn),
  },
  {
    id: "oidc-trust-subject",
    title: "Roles trust named repositories, projects or workloads of a shared token issuer",
    reason: "The issuer gives tokens to strangers, too: any repository or workload of theirs could take the role.",
    remedy:
      "Add conditions (StringEquals or StringLike) on the issuer's sub, with its owner written out (repo:my-org/my-repo:*), and on its aud (sts.amazonaws.com).",
    severity: "mandatory",
    types: [ROLE],
    check: openClaims,
  },
  {
    id: "no-iam-users",
    title: "People and programs take roles; there are no IAM users and no keys that last",
    reason: "Such keys are copied, end up in files and repositories, and stay valid until somebody notices.",
    remedy:
      "Use a role: of the service for programs, by OIDC for pipelines, IAM Roles Anywhere for machines elsewhere, IAM Identity Center for people.",
    severity: "mandatory",
    types: Object.keys(ENABLED_USERS),
    check: ({ type }) => [{ property: "type", value: ENABLED_USERS[type] }],
  },
];
