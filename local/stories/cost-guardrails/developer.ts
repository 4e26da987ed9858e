/** Somebody who may do everything in an account, as far as the account's own IAM is concerned. */
import {
  CreateNatGatewayCommand,
  EC2Client,
  RunInstancesCommand,
  TerminateInstancesCommand,
} from "@aws-sdk/client-ec2";
import { CreateRoleCommand, IAMClient, ListRolesCommand } from "@aws-sdk/client-iam";
import { LeaveOrganizationCommand, OrganizationsClient } from "@aws-sdk/client-organizations";
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { bootstrapAccount, bootstrapAccountId, rootCredentials } from "../../cloud";
import { administrator, assumeRole, type SessionSettings } from "../../sessions";
import type { StoryContext } from "../story";

const IMAGES = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default";

export class Developer {
  private constructor(
    private readonly settings: SessionSettings,
    private readonly accountId: string,
  ) {}

  /** A session of a role with AdministratorAccess, which is made where it is missing. */
  static async of({ endpoint }: StoryContext, accountId: string): Promise<Developer> {
    const root = { endpoint, region: "us-east-1", credentials: rootCredentials(accountId) };
    return new Developer(await administrator(root, "developer"), accountId);
  }

  /** A session of the role that stacks deploy with. */
  static async deployer({ endpoint }: StoryContext, accountId: string): Promise<Developer> {
    const roleArn = await bootstrapAccount({ endpoint }, accountId);
    const bootstrap = { endpoint, region: "us-east-1", credentials: rootCredentials(bootstrapAccountId) };
    return new Developer(await assumeRole(bootstrap, roleArn), accountId);
  }

  private async end(InstanceIds: string[], region: string): Promise<void> {
    const credentials = rootCredentials(this.accountId);
    await new EC2Client({ ...this.in(region), credentials }).send(new TerminateInstancesCommand({ InstanceIds }));
  }

  private in(region: string): SessionSettings {
    return { ...this.settings, region };
  }

  /** Starts an instance; it is ended by the account's owner, as not everybody who may start one may end any. */
  async start(type: string, region: string): Promise<string> {
    const architecture = /^[a-z]+\d+g/.test(type) ? "arm64" : "x86_64";
    const image = new GetParameterCommand({ Name: `${IMAGES}-${architecture}` });
    // Looked up where it is allowed: what is tried is the launch.
    const { Parameter } = await new SSMClient(this.in("us-east-1")).send(image);
    const ec2 = new EC2Client(this.in(region));
    const { Instances = [] } = await ec2.send(
      new RunInstancesCommand({
        ImageId: Parameter?.Value,
        InstanceType: type as "t4g.small",
        MinCount: 1,
        MaxCount: 1,
      }),
    );
    await this.end(
      Instances.map(({ InstanceId = "" }) => InstanceId),
      region,
    );
    return `${type} in ${region} started`;
  }

  async listRoles(region: string): Promise<string> {
    const { Roles = [] } = await new IAMClient(this.in(region)).send(new ListRolesCommand({}));
    return `IAM listed ${Roles.length} roles`;
  }

  async createNatGateway(): Promise<string> {
    const request = new CreateNatGatewayCommand({ SubnetId: "subnet-0123456789abcdef0" });
    return (await new EC2Client(this.settings).send(request)).NatGateway?.NatGatewayId ?? "a NAT gateway";
  }

  async leave(): Promise<string> {
    await new OrganizationsClient(this.settings).send(new LeaveOrganizationCommand({}));
    return "left the organization";
  }

  async createProtectedRole(): Promise<string> {
    const AssumeRolePolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [] });
    const request = new CreateRoleCommand({ RoleName: "aws-patterns-deployer", AssumeRolePolicyDocument });
    return (await new IAMClient(this.settings).send(request)).Role?.Arn ?? "a role";
  }
}
