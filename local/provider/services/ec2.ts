/** Amazon EC2 and its networks: one file a resource type under `ec2/`. */
import type { Service } from "../resource-type";
import { eip } from "./ec2/eip";
import { flowLog } from "./ec2/flow-log";
import { carrierGateway, internetGateway } from "./ec2/gateways";
import { launchTemplate } from "./ec2/launch-template";
import { getSubnet, getSubnets, getVpc } from "./ec2/lookups";
import { routeTableAssociation } from "./ec2/route-table-association";
import { route, routeTable } from "./ec2/routes";
import { defaultSecurityGroup, securityGroup } from "./ec2/security-group";
import { subnet } from "./ec2/subnet";
import { vpc } from "./ec2/vpc";
import { vpcEndpoint } from "./ec2/vpc-endpoint";

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
    defaultSecurityGroup,
    launchTemplate,
    vpcEndpoint,
    eip,
    flowLog,
  ],
  functions: [getVpc, getSubnet, getSubnets],
};
