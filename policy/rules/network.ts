/** What the internet may talk to. */
import { areInternet } from "../addresses";
import { isBalancersOwn, SECURITY_GROUP_RULES, SECURITY_GROUPS } from "../load-balancers";
import { type Finding, type Rule, type Subject } from "../rule";
import { isObject, placesAt, texts, UNKNOWN, type Value, type Values } from "../values";

const [RULE = ""] = SECURITY_GROUP_RULES;
const GROUPS_AND_RULES = [...SECURITY_GROUPS, ...SECURITY_GROUP_RULES];
const NETWORK_ACLS = ["aws:ec2/networkAcl:NetworkAcl", "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl"];
const ACL_RULE = "aws:ec2/networkAclRule:NetworkAclRule";

/** Where people log in to machines: SSH, RDP. */
const ADMIN_PORTS = [22, 3389];
/** Where load balancers expect everybody. */
const WEB_PORTS = [80, 443];

interface Opening {
  /** Path of the rule; empty where the resource is one. */
  readonly path: string;
  readonly rule: Values;
}

/** What lets traffic in: the rules of a group, or a rule on its own. */
function openings({ type, props }: Subject): Opening[] {
  if (SECURITY_GROUPS.includes(type) || NETWORK_ACLS.includes(type)) {
    return placesAt(props, "ingress[]").flatMap(({ path, value }) => (isObject(value) ? { path, rule: value } : []));
  }
  return type === RULE && props.type !== "ingress" ? [] : [{ path: "", rule: props }];
}

const BLOCKS = ["cidrBlocks", "ipv6CidrBlocks", "cidrIpv4", "cidrIpv6", "cidrBlock", "ipv6CidrBlock"];

/** The blocks that are the internet: each by itself, or all of a property together. */
function openBlocks({ path, rule }: Opening): { property: string; value: string }[] {
  return BLOCKS.flatMap((name) => {
    const blocks = texts(rule[name]);
    const wide = blocks.filter((block) => areInternet([block]));
    const found = wide.length > 0 ? wide : areInternet(blocks) ? [blocks.join(", ")] : [];
    const property = path === "" ? name : `${path}.${name}`;
    return found.map((block) => ({ property, value: `${block} (${portsOf(rule)})` }));
  });
}

function portsOf(rule: Values): string {
  const { fromPort, toPort } = rule;
  if (isAllPorts(rule)) return "all ports";
  return `${protocolOf(rule)} ${fromPort === toPort ? word(fromPort) : `${word(fromPort)}-${word(toPort)}`}`;
}

function word(value: Value): string {
  return value === UNKNOWN ? "unknown" : String(value).toLowerCase();
}

function protocolOf({ protocol, ipProtocol }: Values): string {
  return word(protocol ?? ipProtocol);
}

function isAllPorts(rule: Values): boolean {
  return ["-1", "all"].includes(protocolOf(rule));
}

interface Ports {
  readonly from: number;
  readonly to: number;
}

/** The TCP ports of a rule; undefined where it has none, or they are not known. */
function tcpPortsOf(rule: Values): Ports | undefined {
  if (isAllPorts(rule)) return { from: 0, to: 65535 };
  const from = portOf(rule.fromPort);
  const to = portOf(rule.toPort);
  return from === undefined || to === undefined || !["tcp", "6"].includes(protocolOf(rule)) ? undefined : { from, to };
}

function portOf(value: Value): number | undefined {
  return value === UNKNOWN || value === undefined ? undefined : Number(value);
}

function includesPort(rule: Values, port: number): boolean {
  const ports = tcpPortsOf(rule);
  return ports !== undefined && ports.from <= port && port <= ports.to;
}

function includesAdminPort(rule: Values): boolean {
  return ADMIN_PORTS.some((port) => includesPort(rule, port));
}

/** The only port of a rule, where load balancers may expect everybody at it. */
function webPortOf(rule: Values): number | undefined {
  const ports = isAllPorts(rule) ? undefined : tcpPortsOf(rule);
  return WEB_PORTS.find((port) => ports?.from === port && ports.to === port);
}

function findings(subject: Subject, isWrong: (rule: Values) => boolean): Finding[] {
  return openings(subject)
    .filter(({ rule }) => isWrong(rule))
    .flatMap(openBlocks);
}

/** Answers to requests from inside come back to such ports, and network ACLs do not remember the requests. */
function isForAnswers(rule: Values): boolean {
  const ports = tcpPortsOf(rule);
  return ports !== undefined && ports.from >= 1024 && ports.to === 65535;
}

/** Rules of an ACL are looked at by number; the first one that fits decides. */
function isDeniedBefore(rule: Values, all: readonly Opening[], port: number): boolean {
  return all.some(
    ({ rule: other, path }) =>
      other.action === "deny" &&
      Number(other.ruleNo) < Number(rule.ruleNo) &&
      includesPort(other, port) &&
      // A denial of IPv4 says nothing of IPv6.
      openBlocks({ path, rule }).every(({ property }) =>
        texts(other[property.split(".").at(-1) ?? ""]).some((block) => /\/0$/.test(block)),
      ),
  );
}

function openAcl(subject: Subject): Finding[] {
  const all = openings(subject);
  return all
    .filter(({ rule: { action, ruleAction, egress } }) => (action ?? ruleAction) === "allow" && egress !== true)
    .filter(({ rule }) => !isForAnswers(rule))
    .filter(({ rule }) => ADMIN_PORTS.some((port) => includesPort(rule, port) && !isDeniedBefore(rule, all, port)))
    .flatMap(openBlocks);
}

export const networkRules: readonly Rule[] = [
  {
    id: "no-open-ingress",
    title:
      "Nothing can be reached from everywhere, except declared ports of edge components and HTTPS of load balancers",
    reason: "Everything that listens there is tried by strangers within minutes.",
    remedy:
      "Name the address blocks of the clients, or another security group; put a load balancer with a group of its own in front (443 open, and 80 where a listener redirects it to HTTPS).",
    severity: "mandatory",
    types: GROUPS_AND_RULES,
    check: (subject) => findings(subject, (rule) => webPortOf(rule) === undefined),
    // Whose group it is shows in the whole stack only.
    checkStack: (stack) =>
      stack.ofType(...GROUPS_AND_RULES).flatMap((subject) =>
        findings(subject, (rule) => {
          const port = webPortOf(rule);
          return port !== undefined && !isBalancersOwn(stack, subject, port);
        }).map((finding) => ({ ...finding, subject })),
      ),
  },
  {
    id: "no-open-admin-ports",
    title: "Nobody logs in from everywhere: SSH, RDP and all-ports rules name their sources",
    reason: "One weak password or one hole in the service gives the machine away.",
    remedy: "Use Session Manager, or name the address blocks of the administrators.",
    severity: "mandatory",
    types: GROUPS_AND_RULES,
    check: (subject) => findings(subject, includesAdminPort),
  },
  {
    id: "no-open-network-acl",
    title: "Network ACLs let nobody log in from everywhere, nor everything in",
    reason: "They are the second lock of a subnet, for the day when a security group is opened by mistake.",
    remedy:
      "Allow the ports that are served (and 1024-65535 for answers), name the address blocks of administrators, or deny 22 and 3389 by a rule with a lower number.",
    severity: "mandatory",
    types: [...NETWORK_ACLS, ACL_RULE],
    check: openAcl,
  },
];
