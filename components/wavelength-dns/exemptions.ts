import type { ComponentExemption } from "../internal/exemptions";

export const WAVELENGTH_DNS_EXEMPTIONS: readonly ComponentExemption[] = [
  {
    rule: "ec2-graviton",
    component: "aws-patterns:edge:WavelengthFleet",
    type: "aws:ec2/launchTemplate:LaunchTemplate",
    reason: "The instance types that AWS lists for Wavelength zones (t3, r5, g4dn) are x86 ones.",
  },
  {
    rule: "no-open-ingress",
    component: "aws-patterns:edge:WavelengthNetwork",
    type: "aws:ec2/securityGroup:SecurityGroup",
    reason: "Clients in the carrier's network have no fixed addresses; the ports are those that the arguments declare.",
  },
];
