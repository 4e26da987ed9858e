/** Availability Zones, Local Zones and Wavelength Zones; Pulumi has their functions in the module `index`. */
import { type AvailabilityZone, DescribeAvailabilityZonesCommand, EC2Client } from "@aws-sdk/client-ec2";
import type { Account } from "../../account";
import type { Values } from "../../property-values";
import { type InvokeFunction, optionalBoolean, optionalText, texts } from "../../resource-type";
import { filters } from "../ec2/common";
import { known } from "../support";

async function describe(account: Account, args: Values, more: object = {}): Promise<AvailabilityZone[]> {
  const question = new DescribeAvailabilityZonesCommand({
    AllAvailabilityZones: optionalBoolean(args, "allAvailabilityZones"),
    Filters: filters({ filters: args.filters ?? [] }, { state: args.state }),
    ...more,
  });
  return (await account.client(EC2Client).send(question)).AvailabilityZones ?? [];
}

export const getAvailabilityZones: InvokeFunction = {
  token: "aws:index/getAvailabilityZones:getAvailabilityZones",
  arguments: ["allAvailabilityZones", "excludeNames", "excludeZoneIds", "filters", "state"],
  async invoke(account, args) {
    const excluded = { names: texts(args, "excludeNames"), ids: texts(args, "excludeZoneIds") };
    const zones = (await describe(account, args))
      .filter(({ ZoneName = "", ZoneId = "" }) => !excluded.names.includes(ZoneName) && !excluded.ids.includes(ZoneId))
      .sort((a, b) => ((a.ZoneName ?? "") < (b.ZoneName ?? "") ? -1 : 1));
    return known({
      ...args,
      id: account.region,
      region: account.region,
      groupNames: [...new Set(zones.map(({ GroupName = "" }) => GroupName))].sort(),
      names: zones.map(({ ZoneName = "" }) => ZoneName),
      zoneIds: zones.map(({ ZoneId = "" }) => ZoneId),
    });
  },
};

export const getAvailabilityZone: InvokeFunction = {
  token: "aws:index/getAvailabilityZone:getAvailabilityZone",
  arguments: ["allAvailabilityZones", "filters", "name", "state", "zoneId"],
  async invoke(account, args) {
    const [name, zoneId] = [optionalText(args, "name"), optionalText(args, "zoneId")];
    const [zone, ...others] = await describe(account, args, {
      ...(name === undefined ? {} : { ZoneNames: [name] }),
      ...(zoneId === undefined ? {} : { ZoneIds: [zoneId] }),
    });
    if (zone === undefined) throw new Error("no matching EC2 Availability Zone found");
    if (others.length > 0) throw new Error("multiple EC2 Availability Zones matched; name one");
    const { ZoneName = "" } = zone;
    return known({
      allAvailabilityZones: args.allAvailabilityZones,
      filters: args.filters,
      id: ZoneName,
      name: ZoneName,
      nameSuffix: ZoneName.slice(account.region.length).replace(/^-/, ""),
      groupLongName: zone.GroupLongName ?? "",
      groupName: zone.GroupName ?? "",
      networkBorderGroup: zone.NetworkBorderGroup,
      optInStatus: zone.OptInStatus,
      parentZoneId: zone.ParentZoneId ?? "",
      parentZoneName: zone.ParentZoneName ?? "",
      region: account.region,
      state: zone.State,
      zoneId: zone.ZoneId,
      zoneType: zone.ZoneType,
    });
  },
};
