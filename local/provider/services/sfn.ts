/** AWS Step Functions. https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachine.html */
import { resource } from "../engine/resource";
import { service } from "../engine/service";
import type { Service } from "../resource-type";

const api = service({
  package: "@aws-sdk/client-sfn",
  client: "SFNClient",
  missing: ["StateMachineDoesNotExist"],
  tags: { set: "TagResource", remove: "UntagResource", list: "ListTagsForResource" },
});

const stateMachine = resource({
  token: "aws:sfn/stateMachine:StateMachine",
  service: api,
  id: "{arn}",
  create: "CreateStateMachine",
  read: "DescribeStateMachine",
  updates: ["UpdateStateMachine"],
  delete: "DeleteStateMachine",
  replace: ["name", "namePrefix", "type"],
  update: ["definition", "loggingConfiguration", "roleArn", "tracingConfiguration"],
  required: ["definition", "roleArn"],
  computed: ["arn", "creationDate", "status"],
  autoName: { property: "name", maxLength: 80 },
  taggable: true,
  defaults: { type: "STANDARD" },
  none: { loggingConfiguration: { level: "OFF" }, tracingConfiguration: { enabled: false } },
  allowed: { "loggingConfiguration.level": "LogLevel", type: "StateMachineType" },
  names: { "loggingConfiguration.logDestination": "destinations.cloudWatchLogsLogGroup.logGroupArn" },
  leaving: { status: "status", is: /^DELETING$/ },
  gone: true,
});

export const sfn: Service = { resources: [stateMachine] };
