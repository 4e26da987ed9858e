/** An Auto Scaling group in Wavelength Zones, driven through the public API. */
import {
  AutoScalingClient,
  CreateAutoScalingGroupCommand,
  DescribeAutoScalingGroupsCommand,
  type AutoScalingGroup,
  type CreateAutoScalingGroupCommandInput,
  type Instance,
} from "@aws-sdk/client-auto-scaling";
import { CreateLaunchTemplateCommand, type EC2Client } from "@aws-sdk/client-ec2";
import { until } from "./cloud";
import { given, type WavelengthNetwork } from "./network";

let templates = 0;

/** A launch template of an instance with a carrier address. */
export async function createEdgeTemplate(ec2: EC2Client, network: WavelengthNetwork): Promise<string> {
  const response = await ec2.send(
    new CreateLaunchTemplateCommand({
      LaunchTemplateName: `edge-${templates++}`,
      LaunchTemplateData: {
        ImageId: "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64",
        InstanceType: "t3.medium",
        NetworkInterfaces: [{ DeviceIndex: 0, AssociateCarrierIpAddress: true, Groups: [network.securityGroupId] }],
      },
    }),
  );
  return given(response.LaunchTemplate?.LaunchTemplateId, "LaunchTemplateId");
}

export async function describeGroup(client: AutoScalingClient, name: string): Promise<AutoScalingGroup | undefined> {
  const response = await client.send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [name] }));
  return response.AutoScalingGroups?.[0];
}

/** Wait until a group has exactly so many members in service, and no other members. */
export function settled(client: AutoScalingClient, name: string, count: number): Promise<Instance[]> {
  return until(
    `${name} to have ${count} instances in service`,
    async () => {
      const instances = (await describeGroup(client, name))?.Instances ?? [];
      return instances.length === count && instances.every((i) => i.LifecycleState === "InService") && instances;
    },
    30_000,
  );
}

/** Create a group over the subnets of a network. */
export async function createGroup(
  client: AutoScalingClient,
  network: WavelengthNetwork,
  LaunchTemplateId: string,
  input: Pick<CreateAutoScalingGroupCommandInput, "AutoScalingGroupName"> & Partial<CreateAutoScalingGroupCommandInput>,
): Promise<void> {
  await client.send(
    new CreateAutoScalingGroupCommand({
      MinSize: 0,
      MaxSize: 10,
      LaunchTemplate: { LaunchTemplateId, Version: "$Latest" },
      VPCZoneIdentifier: network.subnetIds.join(","),
      ...input,
    }),
  );
}
