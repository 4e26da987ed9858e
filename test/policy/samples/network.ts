import { subject } from "../subjects";
import { UNKNOWN, type Values } from "../../../policy/values";
import { right, type RuleSamples, wrong } from "./sample";

const GROUP = "aws:ec2/securityGroup:SecurityGroup";
const RULE = "aws:ec2/securityGroupRule:SecurityGroupRule";
const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const BALANCER = "aws:lb/loadBalancer:LoadBalancer";
const LISTENER = "aws:lb/listener:Listener";
const ACL = "aws:ec2/networkAcl:NetworkAcl";
const ACL_RULE = "aws:ec2/networkAclRule:NetworkAclRule";

const rule = (protocol: string, from: number, to: number, ...cidrBlocks: string[]) => ({
  protocol,
  fromPort: from,
  toPort: to,
  cidrBlocks,
});
const open = (port: number) => rule("tcp", port, port, "0.0.0.0/0");

const group = (...ports: number[]) =>
  subject(GROUP, { ingress: ports.map(open) }, { name: "web", outputs: { id: "sg-1" } });
const balancer = (more: Values = {}) =>
  subject(BALANCER, { securityGroups: ["sg-1"], ...more }, { outputs: { arn: "arn:aws:lb:1" } });
const newBalancer = subject(
  BALANCER,
  { securityGroups: [UNKNOWN] },
  { outputs: {}, dependencies: { securityGroups: [group().urn] } },
);
const redirect = subject(LISTENER, {
  loadBalancerArn: "arn:aws:lb:1",
  port: 80,
  defaultActions: [{ type: "redirect", redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" } }],
});
const forward = subject(LISTENER, {
  loadBalancerArn: "arn:aws:lb:1",
  port: 80,
  defaultActions: [{ type: "forward", targetGroupArn: "arn:aws:tg:1" }],
});
const instance = subject("aws:ec2/instance:Instance", { vpcSecurityGroupIds: ["sg-1"] });
const found = (property: string, port: number) => [{ property, value: `0.0.0.0/0 (tcp ${port})` }];

const entry = (ruleNo: number, protocol: string, from: number, to: number, more: Values = {}): Values => ({
  ruleNo,
  protocol,
  fromPort: from,
  toPort: to,
  action: "allow",
  cidrBlock: "0.0.0.0/0",
  ...more,
});
const acl = (...ingress: Values[]): Values => ({ ingress });
const deny = { action: "deny" };

export const networkSamples: Readonly<Record<string, RuleSamples>> = {
  "no-open-ingress": {
    passes: [
      right(GROUP, { ingress: [rule("tcp", 443, 443, "10.0.0.0/8")] }),
      right(GROUP, { ingress: [rule("tcp", 443, 443, "100.64.0.0/10", "203.0.113.0/24")] }),
      right(GROUP, { egress: [rule("-1", 0, 0, "0.0.0.0/0")] }),
      right(RULE, { type: "egress", ...open(443) }),
      { subject: group(443), others: [balancer()] },
      { subject: group(443), others: [balancer({ internal: false })] },
      { subject: group(443), others: [newBalancer] },
      { subject: group(443, 80), others: [balancer(), redirect] },
      { subject: subject(RULE, { type: "ingress", securityGroupId: "sg-1", ...open(443) }), others: [balancer()] },
      {
        subject: subject(INGRESS, {
          securityGroupId: "sg-1",
          ipProtocol: "tcp",
          fromPort: 443,
          toPort: 443,
          cidrIpv6: "::/0",
        }),
        others: [group(), balancer()],
      },
    ],
    fails: [
      wrong(
        GROUP,
        { ingress: [rule("udp", 5004, 5005, "10.0.0.0/8", "0.0.0.0/0")] },
        "ingress[0].cidrBlocks",
        "0.0.0.0/0 (udp 5004-5005)",
      ),
      wrong(RULE, { type: "ingress", ...rule("tcp", 443, 443, "128.0.0.0/1") }, "cidrBlocks", "128.0.0.0/1 (tcp 443)"),
      wrong(
        GROUP,
        { ingress: [rule("tcp", 8080, 8080, ...Array.from({ length: 32 }, (_, i) => `${i * 8}.0.0.0/8`))] },
        "ingress[0].cidrBlocks",
        `${Array.from({ length: 32 }, (_, i) => `${i * 8}.0.0.0/8`).join(", ")} (tcp 8080)`,
      ),
      wrong(INGRESS, { cidrIpv6: "::/0", ipProtocol: "-1" }, "cidrIpv6", "::/0 (all ports)"),
      // Nobody's, an instance's, an instance's too, and one inside.
      { subject: group(443), found: found("ingress[0].cidrBlocks", 443) },
      { subject: group(443), others: [instance], found: found("ingress[0].cidrBlocks", 443) },
      { subject: group(443), others: [balancer(), instance], found: found("ingress[0].cidrBlocks", 443) },
      { subject: group(443), others: [balancer({ internal: true })], found: found("ingress[0].cidrBlocks", 443) },
      // Clear text that is served, and ports of other kinds.
      { subject: group(443, 80), others: [balancer(), forward], found: found("ingress[1].cidrBlocks", 80) },
      { subject: group(80), others: [balancer()], found: found("ingress[0].cidrBlocks", 80) },
      { subject: group(22), others: [balancer()], found: found("ingress[0].cidrBlocks", 22) },
      {
        subject: subject(RULE, { type: "ingress", securityGroupId: "sg-2", ...open(443) }),
        others: [balancer()],
        found: found("cidrBlocks", 443),
      },
    ],
  },
  "no-open-admin-ports": {
    passes: [
      right(GROUP, { ingress: [rule("tcp", 22, 22, "10.0.0.0/8")] }),
      right(GROUP, { ingress: [open(443)] }),
      right(GROUP, { ingress: [rule("udp", 1, 65535, "0.0.0.0/0")] }),
    ],
    fails: [
      wrong(GROUP, { ingress: [open(22)] }, "ingress[0].cidrBlocks", "0.0.0.0/0 (tcp 22)"),
      wrong(
        GROUP,
        { ingress: [rule("tcp", 3000, 4000, "0.0.0.0/0")] },
        "ingress[0].cidrBlocks",
        "0.0.0.0/0 (tcp 3000-4000)",
      ),
      wrong(GROUP, { ingress: [rule("-1", 0, 0, "0.0.0.0/0")] }, "ingress[0].cidrBlocks", "0.0.0.0/0 (all ports)"),
    ],
  },
  "no-open-network-acl": {
    passes: [
      right(ACL, acl(entry(100, "tcp", 443, 443), entry(110, "tcp", 1024, 65535), entry(120, "6", 32768, 65535))),
      right(ACL, acl(entry(100, "-1", 0, 0, { cidrBlock: "10.0.0.0/8" }))),
      right(ACL, acl(entry(100, "tcp", 22, 22, { cidrBlock: "203.0.113.0/24" }))),
      right(ACL, acl(entry(100, "-1", 0, 0, deny))),
      right(ACL, { egress: [entry(100, "-1", 0, 0)] }),
      right(ACL, acl(entry(200, "-1", 0, 0), entry(90, "tcp", 22, 22, deny), entry(91, "tcp", 3389, 3389, deny))),
      right(ACL_RULE, { ruleAction: "allow", egress: true, protocol: "-1", cidrBlock: "0.0.0.0/0" }),
      right(ACL_RULE, { ruleAction: "allow", protocol: "tcp", fromPort: 443, toPort: 443, cidrBlock: "0.0.0.0/0" }),
      right(ACL_RULE, { ruleAction: "deny", protocol: "-1", cidrBlock: "0.0.0.0/0" }),
    ],
    fails: [
      wrong(ACL, acl(entry(100, "-1", 0, 0)), "ingress[0].cidrBlock", "0.0.0.0/0 (all ports)"),
      wrong(ACL, acl(entry(100, "tcp", 0, 65535)), "ingress[0].cidrBlock", "0.0.0.0/0 (tcp 0-65535)"),
      wrong(
        "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl",
        acl(entry(100, "-1", 0, 0)),
        "ingress[0].cidrBlock",
        "0.0.0.0/0 (all ports)",
      ),
      wrong(
        ACL,
        acl(entry(90, "tcp", 22, 22, deny), entry(100, "-1", 0, 0)),
        "ingress[1].cidrBlock",
        "0.0.0.0/0 (all ports)",
      ),
      wrong(
        ACL,
        acl(
          entry(90, "tcp", 22, 3389, deny),
          entry(100, "tcp", 22, 22, { cidrBlock: undefined, ipv6CidrBlock: "::/0" }),
        ),
        "ingress[1].ipv6CidrBlock",
        "::/0 (tcp 22)",
      ),
      wrong(
        ACL_RULE,
        { ruleAction: "allow", egress: false, protocol: "6", fromPort: 3389, toPort: 3389, cidrBlock: "0.0.0.0/0" },
        "cidrBlock",
        "0.0.0.0/0 (6 3389)",
      ),
      wrong(
        ACL_RULE,
        { ruleAction: "allow", protocol: "all", ipv6CidrBlock: "::/0" },
        "ipv6CidrBlock",
        "::/0 (all ports)",
      ),
    ],
  },
};
