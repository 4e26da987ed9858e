/** Security groups that belong to load balancers of the internet. */
import { type Stack, type Subject } from "./rule";
import { isTrue, placesAt, texts, UNKNOWN, valueAt } from "./values";

export const SECURITY_GROUPS = [
  "aws:ec2/securityGroup:SecurityGroup",
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
];
export const SECURITY_GROUP_RULES = [
  "aws:ec2/securityGroupRule:SecurityGroupRule",
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
];

const LOAD_BALANCERS = [
  "aws:lb/loadBalancer:LoadBalancer",
  "aws:alb/loadBalancer:LoadBalancer",
  "aws:applicationloadbalancing/loadBalancer:LoadBalancer",
  "aws:elasticloadbalancingv2/loadBalancer:LoadBalancer",
  "aws:elb/loadBalancer:LoadBalancer",
  "aws:elasticloadbalancing/loadBalancer:LoadBalancer",
];
const LISTENERS = [
  "aws:lb/listener:Listener",
  "aws:alb/listener:Listener",
  "aws:applicationloadbalancing/listener:Listener",
  "aws:elasticloadbalancingv2/listener:Listener",
];

/** Where other resources list their security groups. */
const MEMBERS: Readonly<Record<string, readonly string[]>> = {
  "aws:ec2/instance:Instance": ["vpcSecurityGroupIds", "securityGroups"],
  "aws:ec2/launchConfiguration:LaunchConfiguration": ["securityGroups"],
  "aws:ec2/launchTemplate:LaunchTemplate": ["vpcSecurityGroupIds", "networkInterfaces[].securityGroups"],
  "aws:ec2/networkInterface:NetworkInterface": ["securityGroups"],
  "aws:ec2/networkInterfaceSecurityGroupAttachment:NetworkInterfaceSecurityGroupAttachment": ["securityGroupId"],
  "aws:ec2/spotInstanceRequest:SpotInstanceRequest": ["vpcSecurityGroupIds", "securityGroups"],
  "aws:ec2/vpcEndpoint:VpcEndpoint": ["securityGroupIds"],
  "aws:ecs/service:Service": ["networkConfiguration.securityGroups"],
  "aws:elasticache/cluster:Cluster": ["securityGroupIds"],
  "aws:elasticache/replicationGroup:ReplicationGroup": ["securityGroupIds"],
  "aws:lambda/function:Function": ["vpcConfig.securityGroupIds"],
  "aws:rds/cluster:Cluster": ["vpcSecurityGroupIds"],
  "aws:rds/instance:Instance": ["vpcSecurityGroupIds"],
};

/** Whether a resource lists a security group, which may come from elsewhere, among its own. */
function lists(stack: Stack, from: Subject, paths: readonly string[], group: Subject | string): boolean {
  return paths.some((path) => {
    if (typeof group === "string") return placesAt(from.props, path).some(({ value }) => texts(value).includes(group));
    return [path, `${path}[]`].some((each) => stack.references(from, each, SECURITY_GROUPS).includes(group));
  });
}

/** The group that an opening belongs to: a group of the stack, or the id of another. */
function groupsOf(stack: Stack, subject: Subject): readonly (Subject | string)[] {
  if (SECURITY_GROUPS.includes(subject.type)) return [subject];
  const found = stack.references(subject, "securityGroupId", SECURITY_GROUPS);
  const id = subject.props.securityGroupId;
  return found.length > 0 || typeof id !== "string" ? found : [id];
}

function redirectsToHttps(stack: Stack, balancer: Subject): boolean {
  return stack
    .ofType(...LISTENERS)
    .filter((listener) => stack.references(listener, "loadBalancerArn", LOAD_BALANCERS).includes(balancer))
    .some(({ props }) => {
      const protocols = placesAt(props, "defaultActions[].redirect.protocol").map(({ value }) => value);
      return Number(valueAt(props, "port")) === 80 && protocols.some((value) => value === "HTTPS" || value === UNKNOWN);
    });
}

/**
 * Whether a security group, or a rule of one, is that of load balancers that face the internet and of nothing else, and
 * those expect strangers at a port: at 443, and at 80 to send them to 443.
 */
export function isBalancersOwn(stack: Stack, subject: Subject, port: number): boolean {
  const groups = groupsOf(stack, subject);
  return groups.some((group) => {
    const balancers = stack.ofType(...LOAD_BALANCERS).filter((from) => lists(stack, from, ["securityGroups"], group));
    const others = stack
      .ofType(...Object.keys(MEMBERS))
      .filter((from) => lists(stack, from, MEMBERS[from.type] ?? [], group));
    return (
      balancers.length > 0 &&
      others.length === 0 &&
      balancers.every(({ props }) => !isTrue(props.internal)) &&
      (port === 443 || balancers.some((balancer) => redirectsToHttps(stack, balancer)))
    );
  });
}
