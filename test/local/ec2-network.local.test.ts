import * as assert from "node:assert/strict";
import {
  AllocateAddressCommand,
  AssociateAddressCommand,
  CreateCarrierGatewayCommand,
  CreateRouteCommand,
  CreateRouteTableCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  DeleteCarrierGatewayCommand,
  DeleteRouteCommand,
  DeleteSubnetCommand,
  DeleteVpcCommand,
  DescribeAddressesCommand,
  DescribeAvailabilityZonesCommand,
  DescribeCarrierGatewaysCommand,
  DescribeRouteTablesCommand,
  DescribeSubnetsCommand,
  DescribeTagsCommand,
  EC2Client,
  ModifyAvailabilityZoneGroupCommand,
  ReleaseAddressCommand,
  ReplaceRouteCommand,
} from "@aws-sdk/client-ec2";
import { startTestCloud, type TestCloud } from "../support/cloud";
import { createWavelengthNetwork, given } from "../support/network";

const boston = "us-east-1-wl1-bos-wlz-1";
const zoneGroup = { GroupName: "us-east-1-wl1", OptInStatus: "opted-in" as const };

describe("the local cloud's EC2 networks", () => {
  let cloud: TestCloud;
  let accounts = 100_000_000_000;
  /** A client of an account that nobody has used before. */
  const freshAccount = (region?: string): EC2Client => new EC2Client(cloud.as(String(accounts++), region));

  before(async () => {
    cloud = await startTestCloud();
  });
  after(() => cloud.stop());

  describe("Wavelength Zones", () => {
    it("are hidden until asked for, and not opted in to begin with", async () => {
      const ec2 = freshAccount();
      const usable = await ec2.send(new DescribeAvailabilityZonesCommand({}));
      assert.deepEqual(
        usable.AvailabilityZones?.map((z) => z.ZoneName),
        ["us-east-1a", "us-east-1b", "us-east-1c"],
      );
      const all = await ec2.send(
        new DescribeAvailabilityZonesCommand({
          AllAvailabilityZones: true,
          Filters: [{ Name: "zone-type", Values: ["wavelength-zone"] }],
        }),
      );
      assert.equal(all.AvailabilityZones?.length, 13);
      assert.deepEqual(
        all.AvailabilityZones?.find((z) => z.ZoneName === boston),
        {
          OptInStatus: "not-opted-in",
          Messages: [],
          RegionName: "us-east-1",
          ZoneName: boston,
          ZoneId: "use1-wl1-bos-wlz1",
          GroupName: "us-east-1-wl1",
          NetworkBorderGroup: boston,
          ZoneType: "wavelength-zone",
          ParentZoneName: "us-east-1c",
          ParentZoneId: "use1-az3",
          State: "available",
        },
      );
    });

    it("can be used once their group is opted in, in that account and region only", async () => {
      const ec2 = freshAccount();
      await ec2.send(new ModifyAvailabilityZoneGroupCommand(zoneGroup));
      const mine = await ec2.send(new DescribeAvailabilityZonesCommand({ ZoneNames: [boston] }));
      assert.equal(mine.AvailabilityZones?.[0]?.OptInStatus, "opted-in");
      await assert.rejects(freshAccount().send(new DescribeAvailabilityZonesCommand({ ZoneNames: [boston] })), {
        name: "InvalidParameterValue",
      });
      const elsewhere = await freshAccount("us-west-2").send(
        new DescribeAvailabilityZonesCommand({ AllAvailabilityZones: true }),
      );
      assert.ok(elsewhere.AvailabilityZones?.some((z) => z.ZoneName === "us-west-2-wl1-las-wlz-1"));
      await assert.rejects(
        ec2.send(new ModifyAvailabilityZoneGroupCommand({ ...zoneGroup, GroupName: "us-east-1-x" })),
        {
          name: "InvalidParameterValue",
        },
      );
      await assert.rejects(
        ec2.send(new ModifyAvailabilityZoneGroupCommand({ ...zoneGroup, OptInStatus: "not-opted-in" })),
        /Contact AWS Support/,
      );
    });

    it("refuse a subnet until they are opted in, with AWS's error", async () => {
      const ec2 = freshAccount();
      const VpcId = given((await ec2.send(new CreateVpcCommand({ CidrBlock: "10.0.0.0/16" }))).Vpc?.VpcId, "VpcId");
      const subnet = new CreateSubnetCommand({ VpcId, CidrBlock: "10.0.0.0/24", AvailabilityZone: boston });
      await assert.rejects(ec2.send(subnet), {
        name: "InvalidParameterValue",
        message:
          `Value (${boston}) for parameter availabilityZone is invalid. Subnets can currently only be created in the ` +
          "following availability zones: us-east-1a, us-east-1b, us-east-1c.",
      });
      await ec2.send(new ModifyAvailabilityZoneGroupCommand(zoneGroup));
      const made = await ec2.send(subnet);
      assert.equal(made.Subnet?.AvailabilityZoneId, "use1-wl1-bos-wlz1");
      assert.equal(made.Subnet?.AvailableIpAddressCount, 251);
      await assert.rejects(ec2.send(subnet), { name: "InvalidSubnet.Conflict" });
      await assert.rejects(ec2.send(new CreateSubnetCommand({ VpcId, CidrBlock: "10.1.0.0/24" })), {
        name: "InvalidSubnet.Range",
      });
      await ec2.send(new DeleteSubnetCommand({ SubnetId: given(made.Subnet?.SubnetId, "SubnetId") }));
      const left = await ec2.send(new DescribeSubnetsCommand({ Filters: [{ Name: "vpc-id", Values: [VpcId] }] }));
      assert.deepEqual(left.Subnets, []);
    });
  });

  describe("carrier gateways", () => {
    it("are made with tags, found by filter, one for a VPC, and hold the VPC until deleted", async () => {
      const ec2 = freshAccount();
      const VpcId = given((await ec2.send(new CreateVpcCommand({ CidrBlock: "10.0.0.0/16" }))).Vpc?.VpcId, "VpcId");
      const made = await ec2.send(
        new CreateCarrierGatewayCommand({
          VpcId,
          TagSpecifications: [{ ResourceType: "carrier-gateway", Tags: [{ Key: "Name", Value: "edge" }] }],
        }),
      );
      const CarrierGatewayId = given(made.CarrierGateway?.CarrierGatewayId, "CarrierGatewayId");
      assert.deepEqual(made.CarrierGateway, {
        CarrierGatewayId,
        VpcId,
        State: "available",
        OwnerId: String(accounts - 1),
        Tags: [{ Key: "Name", Value: "edge" }],
      });
      await assert.rejects(ec2.send(new CreateCarrierGatewayCommand({ VpcId })), {
        name: "Resource.AlreadyAssociated",
      });
      const Filters = [
        { Name: "vpc-id", Values: [VpcId] },
        { Name: "tag:Name", Values: ["ed*"] },
      ];
      const found = await ec2.send(new DescribeCarrierGatewaysCommand({ Filters }));
      assert.equal(found.CarrierGateways?.length, 1);
      const tags = await ec2.send(
        new DescribeTagsCommand({ Filters: [{ Name: "resource-type", Values: ["carrier-gateway"] }] }),
      );
      assert.equal(tags.Tags?.[0]?.ResourceId, CarrierGatewayId);
      await assert.rejects(ec2.send(new DeleteVpcCommand({ VpcId })), { name: "DependencyViolation" });
      await ec2.send(new DeleteCarrierGatewayCommand({ CarrierGatewayId }));
      await assert.rejects(ec2.send(new DescribeCarrierGatewaysCommand({ CarrierGatewayIds: [CarrierGatewayId] })), {
        name: "InvalidCarrierGatewayID.NotFound",
      });
      await ec2.send(new DeleteVpcCommand({ VpcId }));
    });

    it("are a route's target: created, replaced, deleted, and a black hole when the gateway goes", async () => {
      const ec2 = freshAccount();
      const { vpcId, carrierGatewayId } = await createWavelengthNetwork(ec2, []);
      const table = await ec2.send(new CreateRouteTableCommand({ VpcId: vpcId }));
      const RouteTableId = given(table.RouteTable?.RouteTableId, "RouteTableId");
      const route = { RouteTableId, DestinationCidrBlock: "0.0.0.0/0", CarrierGatewayId: carrierGatewayId };
      const defaultRoute = async () => {
        const tables = await ec2.send(new DescribeRouteTablesCommand({ RouteTableIds: [RouteTableId] }));
        return tables.RouteTables?.[0]?.Routes?.find((r) => r.DestinationCidrBlock === "0.0.0.0/0");
      };
      await assert.rejects(ec2.send(new ReplaceRouteCommand(route)), { name: "InvalidRoute.NotFound" });
      await ec2.send(new CreateRouteCommand(route));
      assert.equal((await defaultRoute())?.CarrierGatewayId, carrierGatewayId);
      await assert.rejects(ec2.send(new CreateRouteCommand(route)), { name: "RouteAlreadyExists" });
      await assert.rejects(
        ec2.send(new CreateRouteCommand({ ...route, DestinationCidrBlock: "10.9.0.0/16", GatewayId: "local" })),
        { name: "InvalidParameterCombination" },
      );
      await ec2.send(new ReplaceRouteCommand(route));
      await ec2.send(new DeleteCarrierGatewayCommand({ CarrierGatewayId: carrierGatewayId }));
      assert.equal((await defaultRoute())?.State, "blackhole");
      await ec2.send(new DeleteRouteCommand({ RouteTableId, DestinationCidrBlock: "0.0.0.0/0" }));
      assert.equal(await defaultRoute(), undefined);
    });
  });

  describe("addresses", () => {
    it("come from the network border group asked for", async () => {
      const ec2 = freshAccount();
      await assert.rejects(ec2.send(new AllocateAddressCommand({ NetworkBorderGroup: boston })), {
        name: "InvalidParameterValue",
      });
      await ec2.send(new ModifyAvailabilityZoneGroupCommand(zoneGroup));
      const carrier = await ec2.send(new AllocateAddressCommand({ NetworkBorderGroup: boston }));
      assert.match(given(carrier.CarrierIp, "CarrierIp"), /^155\.146\.\d+\.\d+$/);
      assert.equal(carrier.PublicIp, undefined);
      const elastic = await ec2.send(new AllocateAddressCommand({}));
      assert.equal(elastic.NetworkBorderGroup, "us-east-1");
      const found = await ec2.send(
        new DescribeAddressesCommand({ Filters: [{ Name: "network-border-group", Values: [boston] }] }),
      );
      assert.deepEqual(
        found.Addresses?.map((a) => a.CarrierIp),
        [carrier.CarrierIp],
      );
      const AllocationId = given(carrier.AllocationId, "AllocationId");
      await ec2.send(new ReleaseAddressCommand({ AllocationId }));
      await assert.rejects(
        ec2.send(new AssociateAddressCommand({ AllocationId, NetworkInterfaceId: "eni-12345678" })),
        {
          name: "InvalidAllocationID.NotFound",
        },
      );
    });
  });
});
