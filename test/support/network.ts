/** Networks in a Wavelength Zone for tests, made through the public API. */
import {
  CreateCarrierGatewayCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  ModifyAvailabilityZoneGroupCommand,
  type EC2Client,
} from "@aws-sdk/client-ec2";

export interface WavelengthNetwork {
  vpcId: string;
  carrierGatewayId: string;
  securityGroupId: string;
  /** One subnet per zone asked for, in that order. */
  subnetIds: string[];
}

/** The value of an optional member of a response that a test relies on. */
export function given<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`The response has no ${what}`);
  return value;
}

export async function createWavelengthNetwork(
  ec2: EC2Client,
  zones: string[] = ["us-east-1-wl1-bos-wlz-1"],
): Promise<WavelengthNetwork> {
  await ec2.send(new ModifyAvailabilityZoneGroupCommand({ GroupName: "us-east-1-wl1", OptInStatus: "opted-in" }));
  const vpc = await ec2.send(new CreateVpcCommand({ CidrBlock: "10.7.0.0/16" }));
  const vpcId = given(vpc.Vpc?.VpcId, "VpcId");
  const gateway = await ec2.send(new CreateCarrierGatewayCommand({ VpcId: vpcId }));
  const group = await ec2.send(
    new CreateSecurityGroupCommand({ VpcId: vpcId, GroupName: "edge", Description: "edge instances" }),
  );
  const subnetIds: string[] = [];
  for (const [index, zone] of zones.entries()) {
    const subnet = await ec2.send(
      new CreateSubnetCommand({ VpcId: vpcId, CidrBlock: `10.7.${index * 16}.0/20`, AvailabilityZone: zone }),
    );
    subnetIds.push(given(subnet.Subnet?.SubnetId, "SubnetId"));
  }
  return {
    vpcId,
    carrierGatewayId: given(gateway.CarrierGateway?.CarrierGatewayId, "CarrierGatewayId"),
    securityGroupId: given(group.GroupId, "GroupId"),
    subnetIds,
  };
}
