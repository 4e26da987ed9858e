/**
 * Amazon VPC's rules of security groups as resources of their own.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AuthorizeSecurityGroupIngress.html
 */
import {
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  DescribeSecurityGroupRulesCommand,
  EC2Client,
  ModifySecurityGroupRulesCommand,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
  type IpPermission,
  type SecurityGroupRule,
} from "@aws-sdk/client-ec2";
import { isEqual, type Value, type Values } from "../property-values";
import {
  type CheckFailure,
  type Operation,
  optionalNumber,
  optionalText,
  type ResourceState,
  type ResourceType,
  type Service,
  text,
} from "../resource-type";
import { checkExactlyOne } from "./checks";
import { checkCidr, ownTags, tagSpecifications, updateTags } from "./ec2/common";
import { checkPorts } from "./ec2/permissions";
import { arn, ifMissing, known, settled, whileRefused } from "./support";

const MISSING = ["InvalidSecurityGroupRuleId.NotFound", "InvalidGroup.NotFound"];
const PEERS = ["cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId"];
const CHANGEABLE = ["description", "fromPort", "toPort", "ipProtocol", ...PEERS];

async function find(client: EC2Client, id: string): Promise<SecurityGroupRule | undefined> {
  const question = new DescribeSecurityGroupRulesCommand({ SecurityGroupRuleIds: [id] });
  return (await ifMissing(client.send(question), ...MISSING))?.SecurityGroupRules?.[0];
}

function protocol(values: Values): string {
  const name = text(values, "ipProtocol").toLowerCase();
  return name === "all" ? "-1" : name;
}

function permission(inputs: Values): IpPermission {
  const description = inputs.description === undefined ? {} : { Description: text(inputs, "description") };
  const peer = (property: string): string | undefined => optionalText(inputs, property);
  const [v4, v6, list, group] = PEERS.map(peer);
  return {
    IpProtocol: protocol(inputs),
    FromPort: optionalNumber(inputs, "fromPort"),
    ToPort: optionalNumber(inputs, "toPort"),
    ...(v4 === undefined ? {} : { IpRanges: [{ CidrIp: v4, ...description }] }),
    ...(v6 === undefined ? {} : { Ipv6Ranges: [{ CidrIpv6: v6, ...description }] }),
    ...(list === undefined ? {} : { PrefixListIds: [{ PrefixListId: list, ...description }] }),
    ...(group === undefined ? {} : { UserIdGroupPairs: [{ GroupId: group, ...description }] }),
  };
}

async function read({ account }: Operation, id: string, state: Values): Promise<ResourceState | undefined> {
  const rule = await find(account.client(EC2Client), id);
  if (rule === undefined) return undefined;
  // AWS answers -1 for the ports of a rule for all protocols.
  const port = (value: number | undefined): number | undefined => (rule.IpProtocol === "-1" ? undefined : value);
  const sameProtocol = typeof state.ipProtocol === "string" && protocol(state) === rule.IpProtocol;
  const outputs: Record<string, Value | undefined> = {
    arn: rule.SecurityGroupRuleArn ?? (await arn(account, "ec2", `security-group-rule/${id}`)),
    cidrIpv4: rule.CidrIpv4,
    cidrIpv6: rule.CidrIpv6,
    description: rule.Description,
    fromPort: port(rule.FromPort),
    ipProtocol: sameProtocol ? state.ipProtocol : rule.IpProtocol,
    prefixListId: rule.PrefixListId,
    referencedSecurityGroupId: rule.ReferencedGroupInfo?.GroupId,
    securityGroupId: rule.GroupId,
    securityGroupRuleId: id,
    tagsAll: ownTags(rule.Tags),
    toPort: port(rule.ToPort),
  };
  return { id, outputs: known(outputs) };
}

function check(inputs: Values): CheckFailure[] {
  const name = typeof inputs.ipProtocol === "string" ? inputs.ipProtocol.toLowerCase() : "";
  const all = name === "-1" || name === "all";
  const ports = ["fromPort", "toPort"].flatMap((property): CheckFailure[] => {
    if (all && inputs[property] !== undefined) {
      return [{ property, reason: "received beside ipProtocol -1, which means all ports; leave it out" }];
    }
    return ["tcp", "udp", "6", "17"].includes(name) && inputs[property] === undefined
      ? [{ property, reason: `missing, and required for ${name}` }]
      : [];
  });
  return [
    ...checkExactlyOne(inputs, PEERS),
    ...checkCidr("cidrIpv4", inputs.cidrIpv4),
    ...ports,
    ...(all ? [] : checkPorts(["fromPort", inputs.fromPort], ["toPort", inputs.toPort], name)),
  ];
}

function ruleType(direction: "Ingress" | "Egress"): ResourceType {
  const isIngress = direction === "Ingress";
  return {
    token: `aws:vpc/securityGroup${direction}Rule:SecurityGroup${direction}Rule`,
    properties: {
      ...Object.fromEntries(CHANGEABLE.map((property) => [property, "update" as const])),
      securityGroupId: "replace",
    },
    required: ["securityGroupId", "ipProtocol"],
    computed: ["arn", "securityGroupRuleId"],
    taggable: true,
    check,
    async create(operation, inputs) {
      const client = operation.account.client(EC2Client);
      const request = {
        GroupId: text(inputs, "securityGroupId"),
        IpPermissions: [permission(inputs)],
        TagSpecifications: tagSpecifications(operation, "security-group-rule"),
      };
      const call = () =>
        isIngress
          ? client.send(new AuthorizeSecurityGroupIngressCommand(request))
          : client.send(new AuthorizeSecurityGroupEgressCommand(request));
      const answer = await whileRefused(call, ["InvalidGroup.NotFound"], { timeoutSeconds: 30 });
      const id = answer.SecurityGroupRules?.[0]?.SecurityGroupRuleId ?? "";
      operation.created(id);
      return settled(read, operation, id, inputs);
    },
    read,
    async update(operation, id, olds, news) {
      if (CHANGEABLE.some((property) => !isEqual(olds[property], news[property]))) {
        const request = new ModifySecurityGroupRulesCommand({
          GroupId: text(news, "securityGroupId"),
          SecurityGroupRules: [
            {
              SecurityGroupRuleId: id,
              SecurityGroupRule: {
                CidrIpv4: optionalText(news, "cidrIpv4"),
                CidrIpv6: optionalText(news, "cidrIpv6"),
                Description: optionalText(news, "description"),
                FromPort: optionalNumber(news, "fromPort"),
                IpProtocol: protocol(news),
                PrefixListId: optionalText(news, "prefixListId"),
                ReferencedGroupId: optionalText(news, "referencedSecurityGroupId"),
                ToPort: optionalNumber(news, "toPort"),
              },
            },
          ],
        });
        await operation.account.client(EC2Client).send(request);
      }
      await updateTags(operation, id, olds);
      return (await settled(read, operation, id, news)).outputs;
    },
    async delete({ account }, id, state) {
      const client = account.client(EC2Client);
      const request = { GroupId: text(state, "securityGroupId"), SecurityGroupRuleIds: [id] };
      const call = isIngress
        ? client.send(new RevokeSecurityGroupIngressCommand(request))
        : client.send(new RevokeSecurityGroupEgressCommand(request));
      await ifMissing<unknown>(call, ...MISSING, "InvalidPermission.NotFound");
    },
  };
}

export const vpcRules: Service = { resources: [ruleType("Ingress"), ruleType("Egress")] };
