/** Amazon EC2 and its networks. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/ */
import { crc32 } from "node:zlib";
import { resource } from "../engine/resource";
import { service, type Structure } from "../engine/service";
import { containsUnknown, type Value, type Values } from "../property-values";
import { arn } from "../arn";
import { list, type Operation, optionalText, type Service, text } from "../resource-type";

const api = service({
  package: "@aws-sdk/client-ec2",
  client: "EC2Client",
  // Of every kind of thing: InvalidVpcID.NotFound, InvalidRoute.NotFound, InvalidLaunchTemplateId.NotFoundException.
  missing: ["NotFound"],
  tags: { set: "CreateTags", remove: "DeleteTags" },
});

/** What still uses a thing may be on its way out. */
const busy = ["DependencyViolation"];
const available = [{ status: "State", is: ["available"] }];

/** For what EC2 answers no ARN of. */
function withArn(kind: string) {
  return async (_: unknown, { id }: Values, { account }: Operation): Promise<Values> => ({
    arn: await arn(account, "ec2", `${kind}/${String(id)}`),
  });
}

const vpc = resource({
  token: "aws:ec2/vpc:Vpc",
  service: api,
  id: "{id}",
  create: "CreateVpc",
  read: [
    "DescribeVpcs",
    { call: "DescribeVpcAttribute", with: { Attribute: "enableDnsSupport" } },
    { call: "DescribeVpcAttribute", with: { Attribute: "enableDnsHostnames" } },
  ],
  updates: [{ call: "ModifyVpcAttribute", each: true }],
  delete: "DeleteVpc",
  replace: ["cidrBlock", "instanceTenancy"],
  update: ["enableDnsSupport", "enableDnsHostnames"],
  required: ["cidrBlock"],
  computed: ["arn", "enableDnsHostnames", "ownerId"],
  taggable: true,
  tagType: "vpc",
  defaults: { instanceTenancy: "default", enableDnsSupport: true },
  allowed: { instanceTenancy: ["default", "dedicated"] },
  ready: available,
  busy,
  outputs: withArn("vpc"),
});

const subnet = resource({
  token: "aws:ec2/subnet:Subnet",
  service: api,
  id: "{id}",
  create: "CreateSubnet",
  read: "DescribeSubnets",
  updates: [{ call: "ModifySubnetAttribute", each: true }],
  delete: "DeleteSubnet",
  replace: ["availabilityZone", "cidrBlock", "vpcId"],
  update: ["mapPublicIpOnLaunch"],
  required: ["vpcId"],
  computed: ["arn", "availabilityZone", "availabilityZoneId", "ownerId"],
  taggable: true,
  tagType: "subnet",
  defaults: { mapPublicIpOnLaunch: false },
  ready: available,
  busy,
});

const carrierGateway = resource({
  token: "aws:ec2/carrierGateway:CarrierGateway",
  service: api,
  id: "{id}",
  create: "CreateCarrierGateway",
  read: "DescribeCarrierGateways",
  delete: "DeleteCarrierGateway",
  replace: ["vpcId"],
  required: ["vpcId"],
  computed: ["arn", "ownerId"],
  taggable: true,
  tagType: "carrier-gateway",
  // A VPC has one.
  deleteBeforeReplace: true,
  ready: available,
  leaving: { status: "State", is: /^deleted$/ },
  gone: true,
  busy,
  outputs: withArn("carrier-gateway"),
});

async function detach({ account }: Operation, InternetGatewayId: string, VpcId?: string): Promise<void> {
  if (VpcId !== undefined) await api.find(account, "DetachInternetGateway", { InternetGatewayId, VpcId }, busy);
}

const internetGateway = resource(
  {
    token: "aws:ec2/internetGateway:InternetGateway",
    service: api,
    id: "{id}",
    create: "CreateInternetGateway",
    read: "DescribeInternetGateways",
    updates: ["AttachInternetGateway"],
    delete: { call: "DeleteInternetGateway", only: [] },
    update: ["vpcId"],
    computed: ["arn", "ownerId"],
    taggable: true,
    tagType: "internet-gateway",
    names: { vpcId: "VpcId|Attachments.VpcId" },
    busy,
    outputs: async (answers, state, operation) => ({
      ...(await withArn("internet-gateway")(answers, state, operation)),
      vpcId: Array.isArray(state.vpcId) ? (state.vpcId[0] ?? null) : (state.vpcId ?? null),
    }),
  },
  // A gateway is attached to one network: it leaves the old one first.
  (base) => ({
    async update(operation, id, olds, news) {
      if (olds.vpcId !== news.vpcId) await detach(operation, id, optionalText(olds, "vpcId"));
      return (await base.update?.(operation, id, olds, news)) ?? {};
    },
    async delete(operation, id, state) {
      await detach(operation, id, optionalText(state, "vpcId"));
      await base.delete(operation, id, state);
    },
  }),
);

const routeTable = resource({
  token: "aws:ec2/routeTable:RouteTable",
  service: api,
  id: "{id}",
  create: "CreateRouteTable",
  read: "DescribeRouteTables",
  delete: "DeleteRouteTable",
  replace: ["vpcId"],
  required: ["vpcId"],
  computed: ["arn", "ownerId"],
  taggable: true,
  tagType: "route-table",
  busy,
  outputs: withArn("route-table"),
});

const route = resource({
  token: "aws:ec2/route:Route",
  service: api,
  id: {
    names: ["routeTableId", "destinationCidrBlock"],
    of: (values) => `r-${text(values, "routeTableId")}${crc32(text(values, "destinationCidrBlock"))}`,
    // An import gives `table_destination`.
    parts: (id) => ({ routeTableId: id.split("_")[0] ?? "", destinationCidrBlock: id.split("_")[1] ?? "" }),
  },
  create: "CreateRoute",
  read: { call: "DescribeRouteTables", at: "RouteTables.Routes" },
  updates: ["ReplaceRoute"],
  delete: { call: "DeleteRoute", only: [] },
  replace: ["destinationCidrBlock", "routeTableId"],
  update: ["carrierGatewayId", "gatewayId"],
  required: ["destinationCidrBlock", "routeTableId"],
  computed: ["origin", "state"],
});

const association = { call: "DescribeRouteTables", at: "RouteTables.Associations" };

const routeTableAssociation = resource(
  {
    token: "aws:ec2/routeTableAssociation:RouteTableAssociation",
    service: api,
    id: {
      names: ["subnetId"],
      of: (values) => text(values, "associationId"),
      // An import gives `subnet/table`.
      parts: (id) => ({ subnetId: id.split("/")[0] ?? "" }),
    },
    create: "AssociateRouteTable",
    // By its subnet, which has one: to associate another table gives the association another id.
    read: association,
    delete: "DisassociateRouteTable",
    replace: ["subnetId"],
    update: ["routeTableId"],
    required: ["routeTableId", "subnetId"],
    internal: ["associationId"],
    deleteBeforeReplace: true,
    names: { associationId: "AssociationId|RouteTableAssociationId" },
    request(request, { subnetId }, _, call) {
      if (call !== association.call) return;
      delete request.RouteTableIds;
      request.Filters = [{ Name: "association.subnet-id", Values: [subnetId] }];
    },
  },
  (base) => ({
    async update(operation, id, olds, news) {
      const request = { AssociationId: olds.associationId, RouteTableId: news.routeTableId };
      await api.send(operation.account, "ReplaceRouteTableAssociation", request);
      return (await base.read(operation, id, news))?.outputs ?? {};
    },
  }),
);

type Direction = "ingress" | "egress";
const DIRECTIONS: readonly Direction[] = ["ingress", "egress"];
const suffix = (direction: Direction): string => (direction === "ingress" ? "Ingress" : "Egress");

/** Inside a rule; AWS has one permission for each protocol and range of ports, with lists of who is meant. */
function ruleNames(direction: Direction): Record<string, string> {
  return {
    [`${direction}.protocol`]: "IpProtocol",
    [`${direction}.cidrBlocks`]: "IpRanges.CidrIp",
    [`${direction}.ipv6CidrBlocks`]: "Ipv6Ranges.CidrIpv6",
    [`${direction}.prefixListIds`]: "PrefixListIds.PrefixListId",
    [`${direction}.securityGroups`]: "UserIdGroupPairs.GroupId",
  };
}

const securityGroup = resource(
  {
    token: "aws:ec2/securityGroup:SecurityGroup",
    service: api,
    id: "{id}",
    create: "CreateSecurityGroup",
    read: "DescribeSecurityGroups",
    updates: [
      { call: "AuthorizeSecurityGroupIngress", off: "DescribeSecurityGroups", only: ["ingress"] },
      { call: "AuthorizeSecurityGroupEgress", off: "DescribeSecurityGroups", only: ["egress"] },
    ],
    delete: { call: "DeleteSecurityGroup", only: [] },
    replace: ["description", "name", "namePrefix", "vpcId"],
    update: ["egress", "ingress"],
    local: ["revokeRulesOnDelete"],
    computed: ["arn", "ownerId", "vpcId", "ingress", "egress"],
    autoName: { property: "name", maxLength: 255 },
    taggable: true,
    tagType: "security-group",
    defaults: { description: "Managed by Pulumi", revokeRulesOnDelete: false },
    names: {
      arn: "SecurityGroupArn",
      id: "GroupId|GroupIds",
      name: "GroupName",
      ingress: "IpPermissions",
      egress: "IpPermissionsEgress|IpPermissions",
      ...ruleNames("ingress"),
      ...ruleNames("egress"),
    },
    busy,
    outputs: withArn("security-group"),
  },
  (base) => {
    /** Takes away the rules that are in `values`, which is what AWS has. */
    async function revoke({ account }: Operation, GroupId: string, direction: Direction): Promise<void> {
      const found = await api.send(account, "DescribeSecurityGroups", { GroupIds: [GroupId] });
      const [group = {}] = (found.SecurityGroups ?? []) as Structure[];
      const IpPermissions = group[direction === "ingress" ? "IpPermissions" : "IpPermissionsEgress"] as unknown[];
      if (IpPermissions.length === 0) return;
      await api.send(account, `RevokeSecurityGroup${suffix(direction)}`, { GroupId, IpPermissions });
    }
    return {
      async create(operation, inputs) {
        // AWS gives a new group a rule of its own (all outbound traffic), which the real provider takes away.
        const rules = Object.fromEntries(DIRECTIONS.map((direction) => [direction, list(inputs, direction)]));
        const { id } = await base.create(operation, { ...inputs, ingress: [], egress: [] });
        operation.created(id);
        await revoke(operation, id, "egress");
        const outputs = (await base.update?.(operation, id, { ...inputs, ingress: [], egress: [] }, inputs)) ?? {};
        return { id, outputs: { ...rules, ...outputs } };
      },
      async update(operation, id, olds, news) {
        const changed = DIRECTIONS.filter((direction) => Array.isArray(news[direction]));
        for (const direction of changed) {
          if (JSON.stringify(olds[direction]) !== JSON.stringify(news[direction]))
            await revoke(operation, id, direction);
        }
        return (await base.update?.(operation, id, olds, news)) ?? {};
      },
    };
  },
);

/** What a new version of the template carries. */
const VERSIONED = [
  "blockDeviceMappings",
  "description",
  "ebsOptimized",
  "iamInstanceProfile",
  "imageId",
  "instanceMarketOptions",
  "instanceType",
  "keyName",
  "metadataOptions",
  "monitoring",
  "networkInterfaces",
  "tagSpecifications",
  "userData",
  "vpcSecurityGroupIds",
];

const launchTemplate = resource(
  {
    token: "aws:ec2/launchTemplate:LaunchTemplate",
    service: api,
    id: "{id}",
    inside: ["LaunchTemplateData"],
    create: "CreateLaunchTemplate",
    read: [
      "DescribeLaunchTemplates",
      { call: "DescribeLaunchTemplateVersions", with: { Versions: ["$Latest"] }, at: "LaunchTemplateVersions" },
    ],
    updates: ["CreateLaunchTemplateVersion"],
    delete: { call: "DeleteLaunchTemplate", only: [] },
    replace: ["name", "namePrefix"],
    update: VERSIONED,
    local: ["updateDefaultVersion"],
    computed: ["arn", "defaultVersion", "latestVersion"],
    volatile: [
      { outputs: ["latestVersion"], changedBy: VERSIONED },
      {
        outputs: ["defaultVersion"],
        changedBy: [...VERSIONED, "updateDefaultVersion"],
        onlyWith: "updateDefaultVersion",
      },
    ],
    autoName: { property: "name", maxLength: 128 },
    taggable: true,
    tagType: "launch-template",
    names: {
      defaultVersion: "DefaultVersionNumber",
      description: "VersionDescription",
      latestVersion: "LatestVersionNumber",
      "networkInterfaces.securityGroups": "Groups",
      tagSpecifications: "LaunchTemplateData.TagSpecifications",
      vpcSecurityGroupIds: "LaunchTemplateData.SecurityGroupIds",
    },
    check({ userData }) {
      const isBase64 = typeof userData !== "string" || /^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(userData);
      if (isBase64 || containsUnknown(userData)) return [];
      return [{ property: "userData", reason: "is not Base64; encode it: Buffer.from(script).toString('base64')" }];
    },
    outputs: withArn("launch-template"),
  },
  (base) => ({
    async update(operation, id, olds, news) {
      const outputs = (await base.update?.(operation, id, olds, news)) ?? {};
      const latest: Value = outputs.latestVersion ?? null;
      if (news.updateDefaultVersion !== true || outputs.defaultVersion === latest) return outputs;
      const request = { LaunchTemplateId: id, DefaultVersion: String(latest) };
      await api.send(operation.account, "ModifyLaunchTemplate", request);
      return { ...outputs, defaultVersion: latest };
    },
  }),
);

export const ec2: Service = {
  resources: [
    vpc,
    subnet,
    carrierGateway,
    internetGateway,
    routeTable,
    route,
    routeTableAssociation,
    securityGroup,
    launchTemplate,
  ],
};
