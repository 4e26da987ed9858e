/** What the internet may talk to. */
import { type Finding, type Rule, type Subject } from "../rule";
import { isObject, placesAt, texts, UNKNOWN, type Value, type Values } from "../values";

const SECURITY_GROUPS = ["aws:ec2/securityGroup:SecurityGroup", "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"];
const RULE = "aws:ec2/securityGroupRule:SecurityGroupRule";
const INGRESS_RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";

/** Where people log in to machines: SSH, RDP. */
const ADMIN_PORTS = [22, 3389];

interface Opening {
  /** Path of the rule; empty where the resource is one. */
  readonly path: string;
  readonly rule: Values;
}

/** What lets traffic in: the rules of a group, or a rule on its own. */
function openings({ type, props }: Subject): Opening[] {
  if (SECURITY_GROUPS.includes(type)) {
    return placesAt(props, "ingress[]").flatMap(({ path, value }) => (isObject(value) ? { path, rule: value } : []));
  }
  return type === RULE && props.type !== "ingress" ? [] : [{ path: "", rule: props }];
}

const BLOCKS = ["cidrBlocks", "ipv6CidrBlocks", "cidrIpv4", "cidrIpv6"];

/** The whole internet, or one half of it. */
function isEverywhere(block: string): boolean {
  return /\/[01]$/.test(block);
}

function openBlocks({ path, rule }: Opening): { property: string; value: string }[] {
  return BLOCKS.flatMap((name) =>
    texts(rule[name])
      .filter(isEverywhere)
      .map((block) => ({ property: path === "" ? name : `${path}.${name}`, value: `${block} (${portsOf(rule)})` })),
  );
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

function includesAdminPort(rule: Values): boolean {
  if (isAllPorts(rule)) return true;
  const from = portOf(rule.fromPort);
  const to = portOf(rule.toPort);
  if (from === undefined || to === undefined || !["tcp", "6"].includes(protocolOf(rule))) return false;
  return ADMIN_PORTS.some((port) => from <= port && port <= to);
}

function portOf(value: Value): number | undefined {
  return value === UNKNOWN || value === undefined ? undefined : Number(value);
}

function findings(subject: Subject, isWrong: (rule: Values) => boolean): Finding[] {
  return openings(subject)
    .filter(({ rule }) => isWrong(rule))
    .flatMap(openBlocks);
}

export const networkRules: readonly Rule[] = [
  {
    id: "no-open-ingress",
    title: "Nothing can be reached from everywhere, except declared ports of edge components",
    reason: "Everything that listens there is tried by strangers within minutes.",
    remedy: "Name the address blocks of the clients, or another security group; put a load balancer in front.",
    severity: "mandatory",
    types: [...SECURITY_GROUPS, RULE, INGRESS_RULE],
    check: (subject) => findings(subject, () => true),
  },
  {
    id: "no-open-admin-ports",
    title: "Nobody logs in from everywhere: SSH, RDP and all-ports rules name their sources",
    reason: "One weak password or one hole in the service gives the machine away.",
    remedy: "Use Session Manager, or name the address blocks of the administrators.",
    severity: "mandatory",
    types: [...SECURITY_GROUPS, RULE, INGRESS_RULE],
    check: (subject) => findings(subject, includesAdminPort),
  },
];
