/** AWS Security Hub CSPM. https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_EnableSecurityHub.html */
import { resource } from "../engine/resource";
import { service } from "../engine/service";
import type { Service } from "../resource-type";

const api = service({
  package: "@aws-sdk/client-securityhub",
  client: "SecurityHubClient",
  // The second one says that the account has no hub.
  missing: ["ResourceNotFoundException", "InvalidAccessException"],
});

const account = resource({
  token: "aws:securityhub/account:Account",
  service: api,
  id: "{accountId}",
  create: "EnableSecurityHub",
  read: "DescribeHub",
  updates: ["UpdateSecurityHubConfiguration"],
  delete: "DisableSecurityHub",
  replace: ["enableDefaultStandards"],
  update: ["autoEnableControls", "controlFindingGenerator"],
  computed: ["arn"],
  internal: ["accountId"],
  defaults: { autoEnableControls: true, enableDefaultStandards: true },
  allowed: { controlFindingGenerator: "ControlFindingGenerator" },
  names: { arn: "HubArn" },
});

export const securityhub: Service = { resources: [account] };
