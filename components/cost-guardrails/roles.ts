/** Roles that guardrails do not limit, as policies and settings name them. */

/** Where IAM Identity Center keeps the roles of its permission sets. */
const IDENTITY_CENTER = "aws-reserved/sso.amazonaws.com/";
const PERMISSION_SET_ROLE = "AWSReservedSSO_";

/** Names that begin with this are no roles: what AWS prints in front of a role's name, and other principals. */
const OTHER_PRINCIPALS = /^(role|assumed-role|user|group|federated-user|instance-profile)\//;

/** Whether a text is a role's name, with its path and with wildcards; a pattern of wildcards alone would exempt everybody. */
export function isRolePattern(name: string): boolean {
  return /^(?!\/)[\w+=,.@/*?-]{1,512}$/.test(name) && /\w/.test(name) && !OTHER_PRINCIPALS.test(name);
}

/** What to write in place of a text that is no role's name. */
export function roleFix(name: string): string {
  const [, session] = /(?:^|:)assumed-role\/([^/]+)(?:\/.*)?$/.exec(name) ?? [];
  if (session !== undefined)
    return `That is a session. Policies see its role: write ${session}, with the role's path in front of it if it has one.`;
  const [, role] = /(?:^|:)role\/(.+)$/.exec(name) ?? [];
  if (role !== undefined && isRolePattern(role))
    return `Write ${role}: the part of the role's ARN that comes after role/.`;
  if (OTHER_PRINCIPALS.test(name.replace(/^arn:[^/]*:/, ""))) return "Only roles can be protected: give people a role.";
  return "Give the part of the role's ARN that comes after role/.";
}

/**
 * The names by which `aws:PrincipalArn` may tell a role. Roles of permission sets are at
 * `aws-reserved/sso.amazonaws.com/<region>/`, but without the region where that is us-east-1, and AWS shows people their
 * bare names: https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html
 */
function forms(name: string): string[] {
  if (name.startsWith(PERMISSION_SET_ROLE)) return forms(IDENTITY_CENTER + name);
  if (!name.startsWith(IDENTITY_CENTER)) return [name];
  const [role = "", region, ...more] = name.slice(IDENTITY_CENTER.length).split("/").reverse();
  if (more.length > 0) return [name];
  if (region === undefined) return [IDENTITY_CENTER + role, `${IDENTITY_CENTER}*/${role}`];
  return /[*?]|^us-east-1$/.test(region) ? [IDENTITY_CENTER + role, name] : [name];
}

/**
 * ARN patterns of roles by name, in every account and partition, as AWS Control Tower writes them. A role's own path
 * belongs to its name. Sessions are recognised by the ARN of their role.
 */
export function roleArns(names: readonly string[]): string[] {
  return [...new Set(names.flatMap(forms))].sort().map((name) => `arn:*:iam::*:role/${name}`);
}
