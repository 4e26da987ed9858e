/** Amazon ECR. https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html */
import { resource } from "../engine/resource";
import { service } from "../engine/service";
import type { Service } from "../resource-type";

const api = service({
  package: "@aws-sdk/client-ecr",
  client: "ECRClient",
  missing: ["RepositoryNotFoundException"],
  tags: { set: "TagResource", remove: "UntagResource", list: "ListTagsForResource" },
});

const repository = resource({
  token: "aws:ecr/repository:Repository",
  service: api,
  id: "{name}",
  create: "CreateRepository",
  read: "DescribeRepositories",
  updates: ["PutImageTagMutability", "PutImageScanningConfiguration"],
  delete: { call: "DeleteRepository", only: [] },
  replace: ["encryptionConfigurations", "name"],
  update: ["imageScanningConfiguration", "imageTagMutability"],
  local: ["forceDelete"],
  computed: ["arn", "registryId", "repositoryUrl"],
  autoName: { property: "name", maxLength: 256, isLowerCase: true },
  taggable: true,
  defaults: { imageTagMutability: "MUTABLE" },
  none: { imageScanningConfiguration: { scanOnPush: false } },
  allowed: { imageTagMutability: "ImageTagMutability", "encryptionConfigurations.encryptionType": "EncryptionType" },
  names: { repositoryUrl: "repositoryUri" },
  request(request, { forceDelete }, _, call) {
    if (call === "DeleteRepository") request.force = forceDelete === true;
  },
});

export const ecr: Service = { resources: [repository] };
