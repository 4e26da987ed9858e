/** Rules of security groups: Pulumi's inline notation, and AWS's permissions, one source or destination each. */
import type { IpPermission } from "@aws-sdk/client-ec2";
import type { Value, Values } from "../../property-values";
import { type CheckFailure, texts } from "../../resource-type";
import { checkEach, checkRange } from "../checks";
import { checkCidr } from "./common";

/** The least rule: one protocol, one range of ports, one source or destination. */
export interface Atom {
  protocol: string;
  fromPort: number;
  toPort: number;
  kind: "cidrBlocks" | "ipv6CidrBlocks" | "prefixListIds" | "securityGroups";
  peer: string;
  description: string;
}

const PROTOCOLS: Readonly<Record<string, string>> = { all: "-1", "6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6" };
const KINDS = ["cidrBlocks", "ipv6CidrBlocks", "prefixListIds", "securityGroups"] as const;

function protocolName(protocol: Value | undefined): string {
  const name = String(protocol ?? "").toLowerCase();
  return PROTOCOLS[name] ?? name;
}

/** `self` is the group that has the rule. */
function atomsOfRule(rule: Values, self: string): Atom[] {
  const protocol = protocolName(rule.protocol);
  const base = {
    protocol,
    fromPort: protocol === "-1" ? 0 : Number(rule.fromPort),
    toPort: protocol === "-1" ? 0 : Number(rule.toPort),
    description: String(rule.description ?? ""),
  };
  const peers = KINDS.flatMap((kind) => texts(rule, kind).map((peer) => ({ kind, peer })));
  const own = rule.self === true ? [{ kind: "securityGroups" as const, peer: self }] : [];
  return [...peers, ...own].map((peer) => ({ ...base, ...peer }));
}

export function atomsOf(rules: readonly Values[], self: string): Atom[] {
  const all = rules.flatMap((rule) => atomsOfRule(rule, self));
  return [...new Map(all.map((atom) => [key(atom), atom])).values()];
}

export function atomsOfPermissions(permissions: readonly IpPermission[] | undefined): Atom[] {
  return (permissions ?? []).flatMap((permission) => {
    const base = {
      protocol: permission.IpProtocol ?? "-1",
      fromPort: permission.IpProtocol === "-1" ? 0 : (permission.FromPort ?? 0),
      toPort: permission.IpProtocol === "-1" ? 0 : (permission.ToPort ?? 0),
    };
    const peers: [Atom["kind"], { peer: string | undefined; Description?: string | undefined }[]][] = [
      ["cidrBlocks", (permission.IpRanges ?? []).map((r) => ({ ...r, peer: r.CidrIp }))],
      ["ipv6CidrBlocks", (permission.Ipv6Ranges ?? []).map((r) => ({ ...r, peer: r.CidrIpv6 }))],
      ["prefixListIds", (permission.PrefixListIds ?? []).map((r) => ({ ...r, peer: r.PrefixListId }))],
      ["securityGroups", (permission.UserIdGroupPairs ?? []).map((r) => ({ ...r, peer: r.GroupId }))],
    ];
    return peers.flatMap(([kind, list]) =>
      list.map(({ peer = "", Description = "" }) => ({ ...base, kind, peer, description: Description })),
    );
  });
}

export function toPermission(atom: Atom): IpPermission {
  const { protocol, fromPort, toPort, kind, peer } = atom;
  const description = atom.description === "" ? {} : { Description: atom.description };
  return {
    IpProtocol: protocol,
    ...(protocol === "-1" ? {} : { FromPort: fromPort, ToPort: toPort }),
    ...(kind === "cidrBlocks" ? { IpRanges: [{ CidrIp: peer, ...description }] } : {}),
    ...(kind === "ipv6CidrBlocks" ? { Ipv6Ranges: [{ CidrIpv6: peer, ...description }] } : {}),
    ...(kind === "prefixListIds" ? { PrefixListIds: [{ PrefixListId: peer, ...description }] } : {}),
    ...(kind === "securityGroups" ? { UserIdGroupPairs: [{ GroupId: peer, ...description }] } : {}),
  };
}

export function key(atom: Atom): string {
  return JSON.stringify([atom.protocol, atom.fromPort, atom.toPort, atom.kind, atom.peer, atom.description]);
}

/** Rules that have exactly `atoms`: the given ones as they stand where AWS has all of them, new ones for the rest. */
export function rulesLike(given: readonly Values[], atoms: readonly Atom[], self: string): Values[] {
  const present = new Set(atoms.map(key));
  const kept = given.filter((rule) => atomsOfRule(rule, self).every((atom) => present.has(key(atom))));
  const covered = new Set(kept.flatMap((rule) => atomsOfRule(rule, self)).map(key));
  const rest = new Map<string, Values>();
  for (const { kind, peer, ...base } of atoms.filter((atom) => !covered.has(key(atom)))) {
    const id = JSON.stringify(base);
    const rule = rest.get(id) ?? { ...base };
    if (kind === "securityGroups" && peer === self) rule.self = true;
    else rule[kind] = [...texts(rule, kind), peer];
    if (rule.description === "") delete rule.description;
    rest.set(id, rule);
  }
  return [...kept, ...rest.values()];
}

export function checkPorts(
  from: [string, Value | undefined],
  to: [string, Value | undefined],
  protocol: string,
): CheckFailure[] {
  const isIcmp = protocol.startsWith("icmp");
  const [min, max] = isIcmp ? [-1, 255] : [0, 65535];
  const failures = [...checkRange(from[0], from[1], min, max), ...checkRange(to[0], to[1], min, max)];
  if (failures.length > 0 || isIcmp || !(Number(from[1]) > Number(to[1]))) return failures;
  return [{ property: to[0], reason: `received ${String(to[1])}, which is below ${from[0]} (${String(from[1])})` }];
}

export function checkRules(inputs: Values, property: "ingress" | "egress"): CheckFailure[] {
  return checkEach(inputs, property, (rule, path) => {
    const protocol = protocolName(rule.protocol);
    const hasPeer =
      rule.self === true ||
      [...KINDS, "self"].some((kind) => typeof rule[kind] === "string" || texts(rule, kind).length > 0);
    const all = protocol === "-1" && (Number(rule.fromPort) > 0 || Number(rule.toPort) > 0);
    const missing = ["fromPort", "toPort", "protocol"].filter((name) => rule[name] === undefined);
    return [
      ...missing.map((name) => ({ property: `${path}.${name}`, reason: "missing, and required" })),
      ...checkPorts([`${path}.fromPort`, rule.fromPort], [`${path}.toPort`, rule.toPort], protocol),
      ...(all
        ? [{ property: `${path}.fromPort`, reason: `protocol -1 means all ports; fromPort and toPort must be 0` }]
        : []),
      ...texts(rule, "cidrBlocks").flatMap((cidr, n) => checkCidr(`${path}.cidrBlocks[${n}]`, cidr)),
      ...(hasPeer ? [] : [{ property: path, reason: `names nobody; give one of ${KINDS.join(", ")} or self` }]),
    ];
  });
}
