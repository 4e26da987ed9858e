/** Services and actions that IAM knows, from a table with its source and date (generate.ts). */
import { TABLE } from "./actions";

const { services: SERVICES } = TABLE;

/** Where the table comes from, and when. */
export const IAM_DATA: { readonly source: string; readonly package: string; readonly date: string } = {
  source: TABLE.source,
  package: TABLE.package,
  date: TABLE.date,
};

const words = (text: string): string[] => text.split(" ").filter((word) => word !== "");

/** Prefixes of all services in order, such as `ec2`. */
export function iamServices(): readonly string[] {
  return Object.keys(SERVICES);
}

/** Whether there is a service with this prefix; in policies, how it is spelt in capitals does not count. */
export function isIamService(prefix: string): boolean {
  return Object.hasOwn(SERVICES, prefix.toLowerCase());
}

/** What AWS calls the service, such as `Amazon EC2`; undefined where there is no such service. */
export function iamServiceName(prefix: string): string | undefined {
  return isIamService(prefix) ? SERVICES[prefix.toLowerCase()]?.name : undefined;
}

/** What the table says of a service, as a list; made when it is first asked for. */
const actions = new Map<string, readonly string[]>();

/** The service's actions as AWS writes them, such as `RunInstances`; none where there is no such service. */
export function iamActions(prefix: string): readonly string[] {
  if (!isIamService(prefix)) return [];
  const service = prefix.toLowerCase();
  const { withResources = "", withoutResources = "" } = SERVICES[service] ?? {};
  const names = actions.get(service) ?? [...words(withResources), ...words(withoutResources)].sort();
  actions.set(service, names);
  return names;
}

/** Actions that an action with wildcards fits, with their prefix; as IAM compares, capitals do not count. */
export function matchingActions(pattern: string): readonly string[] {
  const [prefix = "", action = ""] = pattern.split(":");
  const escaped = action.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  const fits = new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`, "i");
  return iamActions(prefix)
    .filter((name) => fits.test(name))
    .map((name) => `${prefix.toLowerCase()}:${name}`);
}

/** Sets of lower-case names by service, made when they are first asked for. */
const withoutResources = new Map<string, ReadonlySet<string>>();

/** Whether IAM knows an action and no kind of resource for it, so that `*` is the narrowest that a policy can say. */
export function knowsNoResource(action: string): boolean {
  const [prefix = "", name = ""] = action.toLowerCase().split(":");
  if (!isIamService(prefix)) return false;
  const names = withoutResources.get(prefix) ?? new Set(words(SERVICES[prefix]?.withoutResources.toLowerCase() ?? ""));
  withoutResources.set(prefix, names);
  return names.has(name);
}
