/** AWS CodeBuild. https://docs.aws.amazon.com/codebuild/latest/APIReference/API_CreateProject.html */
import { resource } from "../engine/resource";
import { service } from "../engine/service";
import type { Service } from "../resource-type";

const api = service({
  package: "@aws-sdk/client-codebuild",
  client: "CodeBuildClient",
  missing: ["ResourceNotFoundException"],
});

const project = resource({
  token: "aws:codebuild/project:Project",
  service: api,
  id: "{name}",
  create: "CreateProject",
  read: "BatchGetProjects",
  updates: ["UpdateProject"],
  delete: { call: "DeleteProject", only: [] },
  replace: ["name"],
  update: ["artifacts", "buildTimeout", "description", "environment", "serviceRole", "source"],
  required: ["artifacts", "environment", "serviceRole", "source"],
  computed: ["arn"],
  autoName: { property: "name", maxLength: 255 },
  taggable: true,
  // Tags are part of the project.
  tagging: {
    async write({ account, tags }, name) {
      const all = Object.entries(tags).map(([key, value]) => ({ key, value }));
      await api.send(account, "UpdateProject", { name, tags: all });
    },
  },
  defaults: { buildTimeout: 60 },
  ranges: { buildTimeout: [5, 2160] },
  none: { description: "" },
  names: { buildTimeout: "timeoutInMinutes" },
});

export const codebuild: Service = { resources: [project] };
