/** AWS Key Management Service. https://docs.aws.amazon.com/kms/latest/APIReference/ */
import type { Service } from "../resource-type";
import { alias } from "./kms/alias";
import { key } from "./kms/key";

export const kms: Service = { resources: [alias, key] };
