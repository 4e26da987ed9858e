/** Somebody who may do everything in an account, as far as the account's own IAM is concerned. */
import {
  CreateNatGatewayCommand,
  EC2Client,
  RunInstancesCommand,
  TerminateInstancesCommand,
} from "@aws-sdk/client-ec2";
import {
  AttachRolePolicyCommand,
  CreateRoleCommand,
  EntityAlreadyExistsException,
  IAMClient,
  ListRolesCommand,
} from "@aws-sdk/client-iam";
import { LeaveOrganizationCommand, OrganizationsClient } from "@aws-sdk/client-organizations";
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { bootstrapAccount, rootCredentials } from "../../cloud";
import type { StoryContext } from "../story";

interface ClientSettings {
  endpoint: string;
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
}

const ROLE = "developer";
const IMAGES = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default";

export class Developer {
  private constructor(private readonly settings: ClientSettings) {}

  /** A session of a role with AdministratorAccess, which is made where it is missing. */
  static async of({ endpoint }: StoryContext, accountId: string): Promise<Developer> {
    const root: ClientSettings = { endpoint, region: "us-east-1", credentials: rootCredentials(accountId) };
    const iam = new IAMClient(root);
    const trust = { Effect: "Allow", Principal: { AWS: accountId }, Action: "sts:AssumeRole" };
    const AssumeRolePolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [trust] });
    await iam.send(new CreateRoleCommand({ RoleName: ROLE, AssumeRolePolicyDocument })).catch((error: unknown) => {
      if (!(error instanceof EntityAlreadyExistsException)) throw error;
    });
    const PolicyArn = "arn:aws:iam::aws:policy/AdministratorAccess";
    await iam.send(new AttachRolePolicyCommand({ RoleName: ROLE, PolicyArn }));
    return Developer.assuming(root, `arn:aws:iam::${accountId}:role/${ROLE}`);
  }

  /** A session of the role that stacks deploy with. */
  static async deployer(context: StoryContext, accountId: string): Promise<Developer> {
    const { endpoint } = context;
    const RoleArn = await bootstrapAccount({ endpoint }, accountId);
    return Developer.assuming({ endpoint, region: "us-east-1", credentials: rootCredentials("000000000000") }, RoleArn);
  }

  private static async assuming(settings: ClientSettings, RoleArn: string): Promise<Developer> {
    const { Credentials } = await new STSClient(settings).send(
      new AssumeRoleCommand({ RoleArn, RoleSessionName: "story" }),
    );
    const { AccessKeyId = "", SecretAccessKey = "", SessionToken = "" } = Credentials ?? {};
    const credentials = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
    return new Developer({ ...settings, credentials });
  }

  private in(region: string): ClientSettings {
    return { ...this.settings, region };
  }

  /** Starts an instance, and ends it. */
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
    const InstanceIds = Instances.map(({ InstanceId = "" }) => InstanceId);
    await ec2.send(new TerminateInstancesCommand({ InstanceIds }));
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
