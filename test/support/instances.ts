/** EC2 instances in Wavelength Zones, launched through the public API. */
import {
  DescribeInstancesCommand,
  EC2Client,
  RunInstancesCommand,
  type Instance,
  type RunInstancesCommandInput,
} from "@aws-sdk/client-ec2";
import { startTestCloud, type TestCloud } from "./cloud";
import { collectEvents, type EventLog } from "./events";
import { createWavelengthNetwork, given, type WavelengthNetwork } from "./network";

/** The Wavelength Zone of the network's first subnet. */
export const boston = "us-east-1-wl1-bos-wlz-1";
/** The Wavelength Zone of the network's second subnet. */
export const newYork = "us-east-1-wl1-nyc-wlz-1";
export const image = "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64";

export function idOf(instance: Instance): string {
  return given(instance.InstanceId, "InstanceId");
}

export function carrierIp(instance: Instance): string | undefined {
  return instance.NetworkInterfaces?.[0]?.Association?.CarrierIp;
}

/** A cloud of its own for an account that launches instances, and everything that EC2 says of them. */
export class InstanceLab {
  private constructor(
    readonly cloud: TestCloud,
    readonly ec2: EC2Client,
    readonly network: WavelengthNetwork,
    readonly events: EventLog,
  ) {}

  static async start(account: string): Promise<InstanceLab> {
    const cloud = await startTestCloud();
    const ec2 = new EC2Client(cloud.as(account));
    const network = await createWavelengthNetwork(ec2, [boston, newYork]);
    return new InstanceLab(cloud, ec2, network, await collectEvents(cloud.as(account), ["aws.ec2"]));
  }

  stop(): Promise<void> {
    return this.cloud.stop();
  }

  /** One instance in Boston that has a carrier address. */
  specification(): RunInstancesCommandInput {
    return {
      MinCount: 1,
      MaxCount: 1,
      ImageId: image,
      InstanceType: "t3.medium",
      NetworkInterfaces: [
        {
          DeviceIndex: 0,
          SubnetId: given(this.network.subnetIds[0], "subnet"),
          AssociateCarrierIpAddress: true,
          Groups: [this.network.securityGroupId],
        },
      ],
    };
  }

  async run(changes: Partial<RunInstancesCommandInput> = {}): Promise<Instance> {
    const response = await this.ec2.send(new RunInstancesCommand({ ...this.specification(), ...changes }));
    return given(response.Instances?.[0], "instance");
  }

  async describe(id: string): Promise<Instance> {
    const response = await this.ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
    return given(response.Reservations?.[0]?.Instances?.[0], "instance");
  }
}
