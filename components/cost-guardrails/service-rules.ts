/** Which services and actions a guardrail may name: those that IAM knows, but not those that repairs need. */
import { IAM_DATA, iamActions, iamServiceName, iamServices, isIamService, matchingActions } from "../internal/iam-data";
import { nearest } from "../internal/nearest-name";
import type { Format } from "../internal/schema";

const SIGN_IN = "People sign in through IAM Identity Center, and nobody could change who may";

/** Services that are not denied as a whole, and why. */
const NEEDED: Readonly<Record<string, string>> = {
  account: "Nobody could change the account's contacts, its regions or its root user's address",
  iam: "Nobody but protected roles could change who may do what, and no service could get the role that it works with",
  identitystore: SIGN_IN,
  "identitystore-auth": SIGN_IN,
  organizations: "Nobody in the account could see which policies it is under",
  signin: "Nobody could sign in to the console or the command line",
  sso: SIGN_IN,
  "sso-directory": SIGN_IN,
  "sso-oauth": SIGN_IN,
  sts: "Nobody could take a role, not even one that is protected",
  support: "Nobody could ask AWS for help",
  "support-console": "Nobody could ask AWS for help",
  supportauthz: "Nobody could ask AWS for help",
};

/** Actions by which everybody becomes who they are. */
const NEEDED_ACTIONS: readonly string[] = [
  "sts:AssumeRole",
  "sts:AssumeRoleWithSAML",
  "sts:AssumeRoleWithWebIdentity",
  "sts:SetSourceIdentity",
  "sts:TagSession",
];

/** What people call services whose prefixes are spelt otherwise, where AWS's names do not tell. */
const CALLED: ReadonlyMap<string, string> = new Map([
  ["efs", "elasticfilesystem"],
  ["elb", "elasticloadbalancing"],
  ["emr", "elasticmapreduce"],
  ["msk", "kafka"],
]);

const OF_AWS = `in AWS's Service Authorization Reference of ${IAM_DATA.date}`;

const squashed = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, "");

/** The service that is probably meant: spelt alike, or called so. */
function serviceFix(text: string): string {
  const word = squashed(text);
  const spelt = nearest(CALLED.get(word) ?? text, iamServices());
  if (word.length < 4 || iamServices().some((prefix) => squashed(prefix) === word)) return spelt;
  const [called] = iamServices()
    .map((prefix) => ({ prefix, name: iamServiceName(prefix) ?? "" }))
    .filter(({ name }) => squashed(name).includes(word))
    .sort((a, b) => a.name.length - b.name.length);
  return called === undefined ? spelt : `Did you mean "${called.prefix}" (${called.name})?`;
}

/** What to do about an action that is none. */
function actionFix(text: string): string {
  const [prefix = "", action = ""] = text.split(":");
  if (!/^[a-z0-9-]+:[A-Za-z0-9*?]+$/.test(text)) return "Write the service's prefix, a colon, and an action or *.";
  if (!isIamService(prefix)) return serviceFix(prefix);
  const known = iamActions(prefix);
  return /[*?]/.test(action)
    ? `No action of ${prefix} fits: write ${prefix}:* or one of its actions, such as ${prefix}:${known[0] ?? "*"}.`
    : nearest(
        text,
        known.map((name) => `${prefix}:${name}`),
      );
}

/** An action with or without wildcards, of a service that there is, that at least one action fits. */
export const ACTION: Format = {
  test: isAction,
  allowed: `an action of a service ${OF_AWS}, such as quicksight:*`,
  fix: actionFix,
};

function isAction(text: string): boolean {
  return /^[a-z0-9-]+:[A-Za-z0-9*?]+$/.test(text) && matchingActions(text).length > 0;
}

/** A service or an action. */
export const SERVICE: Format = {
  test: (text) => (text.includes(":") ? isAction(text) : text === text.toLowerCase() && isIamService(text)),
  allowed: `a service's prefix ${OF_AWS}, such as redshift, or an action such as ec2:CreateNatGateway`,
  fix: (text) => {
    if (text.includes(":")) return actionFix(text);
    if (/[*?]/.test(text) || text === "") return "Name the services one by one: the prefix that IAM's actions have.";
    return serviceFix(text);
  },
};

/** Why a service or action may not be denied; undefined where it may. */
export function neededBecause(text: string): string | undefined {
  const [prefix = ""] = text.split(":");
  const denied = matchingActions(text.includes(":") ? text : `${text}:*`);
  const isWhole = denied.length > 0 && denied.length === iamActions(prefix).length;
  return isWhole || denied.some((action) => NEEDED_ACTIONS.includes(action)) ? NEEDED[prefix] : undefined;
}
