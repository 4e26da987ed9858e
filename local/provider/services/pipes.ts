/** Amazon EventBridge Pipes. https://docs.aws.amazon.com/eventbridge/latest/pipes-reference/API_CreatePipe.html */
import { resource } from "../engine/resource";
import { service } from "../engine/service";
import type { Service } from "../resource-type";

const api = service({
  package: "@aws-sdk/client-pipes",
  client: "PipesClient",
  missing: ["NotFoundException"],
  tags: { set: "TagResource", remove: "UntagResource" },
});

const pipe = resource({
  token: "aws:pipes/pipe:Pipe",
  service: api,
  id: "{name}",
  create: "CreatePipe",
  read: "DescribePipe",
  updates: ["UpdatePipe"],
  delete: { call: "DeletePipe", only: [] },
  replace: ["name", "namePrefix", "source"],
  update: [
    "description",
    "desiredState",
    "enrichment",
    "enrichmentParameters",
    "roleArn",
    "sourceParameters",
    "target",
    "targetParameters",
  ],
  required: ["roleArn", "source", "target"],
  computed: ["arn"],
  autoName: { property: "name", maxLength: 64 },
  taggable: true,
  defaults: { desiredState: "RUNNING" },
  none: { description: "", enrichment: "" },
  allowed: { desiredState: "RequestedPipeState" },
  ready: [{ status: "CurrentState", is: ["RUNNING", "STOPPED"], failed: ["CREATE_FAILED", "UPDATE_FAILED"] }],
  gone: true,
});

export const pipes: Service = { resources: [pipe] };
