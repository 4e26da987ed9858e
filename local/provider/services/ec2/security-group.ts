/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html */
import {
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  DeleteSecurityGroupCommand,
  DescribeSecurityGroupsCommand,
  DescribeVpcsCommand,
  EC2Client,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
  type SecurityGroup,
} from "@aws-sdk/client-ec2";
import type { Values } from "../../property-values";
import {
  objects,
  type Operation,
  optionalText,
  type ResourceState,
  type ResourceType,
  text,
} from "../../resource-type";
import { arn, ifMissing, known, settled, until, whileRefused } from "../support";
import { ownTags, tagSpecifications, updateTags } from "./common";
import { type Atom, atomsOf, atomsOfPermissions, checkRules, key, rulesLike, toPermission } from "./permissions";

const MISSING = ["InvalidGroup.NotFound", "InvalidGroupId.NotFound"];
const DIRECTIONS = ["ingress", "egress"] as const;
type Direction = (typeof DIRECTIONS)[number];

async function find(client: EC2Client, id: string): Promise<SecurityGroup | undefined> {
  const answer = await ifMissing(client.send(new DescribeSecurityGroupsCommand({ GroupIds: [id] })), ...MISSING);
  return answer?.SecurityGroups?.[0];
}

function present(group: SecurityGroup, direction: Direction): Atom[] {
  return atomsOfPermissions(direction === "ingress" ? group.IpPermissions : group.IpPermissionsEgress);
}

async function read({ account }: Operation, id: string, state: Values): Promise<ResourceState | undefined> {
  const group = await find(account.client(EC2Client), id);
  if (group === undefined) return undefined;
  const rules = (direction: Direction): Values[] => rulesLike(objects(state, direction), present(group, direction), id);
  const outputs = known({
    arn: group.SecurityGroupArn ?? (await arn(account, "ec2", `security-group/${id}`)),
    description: group.Description,
    egress: rules("egress"),
    ingress: rules("ingress"),
    name: group.GroupName,
    ownerId: group.OwnerId,
    tagsAll: ownTags(group.Tags),
    vpcId: group.VpcId,
  });
  return { id, outputs };
}

async function revoke(client: EC2Client, id: string, direction: Direction, atoms: readonly Atom[]): Promise<void> {
  if (atoms.length === 0) return;
  const request = { GroupId: id, IpPermissions: atoms.map(toPermission) };
  const call =
    direction === "ingress"
      ? client.send(new RevokeSecurityGroupIngressCommand(request))
      : client.send(new RevokeSecurityGroupEgressCommand(request));
  await ifMissing<unknown>(call, "InvalidPermission.NotFound");
}

async function authorize(client: EC2Client, id: string, direction: Direction, atoms: readonly Atom[]): Promise<void> {
  if (atoms.length === 0) return;
  const request = { GroupId: id, IpPermissions: atoms.map(toPermission) };
  await (direction === "ingress"
    ? client.send(new AuthorizeSecurityGroupIngressCommand(request))
    : client.send(new AuthorizeSecurityGroupEgressCommand(request)));
}

/** Only rules that the program lists, or listed before, are touched: others may be resources of their own. */
async function setRules(client: EC2Client, id: string, olds: Values, news: Values): Promise<void> {
  for (const direction of DIRECTIONS) {
    if (!Array.isArray(news[direction])) continue;
    const [before, after] = [atomsOf(objects(olds, direction), id), atomsOf(objects(news, direction), id)];
    const [had, wanted] = [new Set(before.map(key)), new Set(after.map(key))];
    await revoke(
      client,
      id,
      direction,
      before.filter((atom) => !wanted.has(key(atom))),
    );
    await authorize(
      client,
      id,
      direction,
      after.filter((atom) => !had.has(key(atom))),
    );
  }
}

/** AWS gives a new group rules of its own (all outbound traffic), which the real provider takes away. */
async function clear(client: EC2Client, id: string): Promise<void> {
  const group = await until(`${id} to exist`, () => find(client, id));
  for (const direction of DIRECTIONS) await revoke(client, id, direction, present(group, direction));
}

const RULES = { ingress: "update", egress: "update", revokeRulesOnDelete: "update" } as const;

export const securityGroup: ResourceType = {
  token: "aws:ec2/securityGroup:SecurityGroup",
  properties: { ...RULES, name: "replace", namePrefix: "replace", description: "replace", vpcId: "replace" },
  computed: ["arn", "ownerId", "vpcId", "ingress", "egress"],
  autoName: { property: "name", maxLength: 255 },
  taggable: true,
  defaults: { description: "Managed by Pulumi", revokeRulesOnDelete: false },
  check: (inputs) => [
    ...(typeof inputs.name === "string" && inputs.name.startsWith("sg-")
      ? [{ property: "name", reason: `received "${inputs.name}"; a name cannot start with sg-` }]
      : []),
    ...checkRules(inputs, "ingress"),
    ...checkRules(inputs, "egress"),
  ],
  async create(operation, inputs) {
    const client = operation.account.client(EC2Client);
    const { GroupId: id = "" } = await client.send(
      new CreateSecurityGroupCommand({
        GroupName: text(inputs, "name"),
        Description: text(inputs, "description"),
        VpcId: optionalText(inputs, "vpcId"),
        TagSpecifications: tagSpecifications(operation, "security-group"),
      }),
    );
    operation.created(id);
    await clear(client, id);
    await setRules(client, id, {}, inputs);
    return settled(read, operation, id, inputs);
  },
  read,
  async update(operation, id, olds, news) {
    await setRules(operation.account.client(EC2Client), id, olds, news);
    await updateTags(operation, id, olds);
    return (await settled(read, operation, id, news)).outputs;
  },
  async delete({ account }, id, state) {
    const client = account.client(EC2Client);
    if (state.revokeRulesOnDelete === true && (await find(client, id)) !== undefined) await clear(client, id);
    const remove = () => client.send(new DeleteSecurityGroupCommand({ GroupId: id }));
    await ifMissing(whileRefused(remove, ["DependencyViolation", "InvalidGroup.InUse"]), ...MISSING);
  },
};

async function defaultVpc(client: EC2Client): Promise<string> {
  const filter = { Name: "is-default", Values: ["true"] };
  const { Vpcs = [] } = await client.send(new DescribeVpcsCommand({ Filters: [filter] }));
  const id = Vpcs[0]?.VpcId;
  if (id === undefined) throw new Error("there is no default VPC in this account and region; give vpcId");
  return id;
}

/** The group that every VPC has: taken over, never made nor deleted; its rules become exactly those listed. */
export const defaultSecurityGroup: ResourceType = {
  token: "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
  properties: { ...RULES, vpcId: "replace" },
  computed: ["arn", "description", "name", "ownerId", "vpcId"],
  taggable: true,
  defaults: { revokeRulesOnDelete: false },
  check: (inputs) => [...checkRules(inputs, "ingress"), ...checkRules(inputs, "egress")],
  async create(operation, inputs) {
    const client = operation.account.client(EC2Client);
    const vpc = optionalText(inputs, "vpcId") ?? (await defaultVpc(client));
    const filters = [
      { Name: "group-name", Values: ["default"] },
      { Name: "vpc-id", Values: [vpc] },
    ];
    const { SecurityGroups = [] } = await client.send(new DescribeSecurityGroupsCommand({ Filters: filters }));
    const group = SecurityGroups[0];
    if (group?.GroupId === undefined) throw new Error(`the VPC ${vpc} has no default security group`);
    const id = group.GroupId;
    operation.created(id);
    await clear(client, id);
    await setRules(client, id, {}, { ingress: [], egress: [], ...inputs });
    await updateTags(operation, id, { tagsAll: ownTags(group.Tags) });
    return settled(read, operation, id, inputs);
  },
  read,
  async update(operation, id, olds, news) {
    await setRules(operation.account.client(EC2Client), id, olds, { ingress: [], egress: [], ...news });
    await updateTags(operation, id, olds);
    return (await settled(read, operation, id, news)).outputs;
  },
  // As with the real provider, the group stays as it is: AWS does not let go of it before its VPC goes.
  async delete() {},
};
