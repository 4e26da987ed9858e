/** What Pulumi keeps in the package's own module, `index`: functions about the account, its region and its zones. */
import type { Service } from "../resource-type";
import { getCallerIdentity, getPartition, getRegion } from "./index/account";
import { getAvailabilityZone, getAvailabilityZones } from "./index/zones";

export const index: Service = {
  resources: [],
  functions: [getCallerIdentity, getRegion, getPartition, getAvailabilityZones, getAvailabilityZone],
};
