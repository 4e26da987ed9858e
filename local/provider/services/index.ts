/** What Pulumi keeps in the package's own module, `index`: functions about the account, its region and its zones. */
import type { Service } from "../resource-type";
import { getAvailabilityZone, getAvailabilityZones } from "./index/zones";

export const index: Service = { resources: [], functions: [getAvailabilityZones, getAvailabilityZone] };
