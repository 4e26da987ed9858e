import { z } from "zod";
import { WavelengthDns } from "../../components/wavelength-dns/wavelength-dns";
import { checkWavelengthDns, isWavelengthZone } from "../../components/wavelength-dns/checks";
import type { WavelengthDnsArgs } from "../../components/wavelength-dns/wavelength-dns";
import { either, otherwise, strict } from "../faults";
import type { Pattern } from "../pattern";
import { cidrBlock, domainName, hostName, recurringSchedule } from "../shared-schema";

const weight = z.number();

const weights = z.discriminatedUnion(
  "kind",
  [
    strict({ kind: z.literal("equal") }),
    strict({ kind: z.literal("tag"), key: z.string().min(1), defaultWeight: weight }),
    strict({ kind: z.literal("instanceType"), weights: z.record(z.string(), weight), defaultWeight: weight }),
  ],
  otherwise("a map with a kind: equal, tag or instanceType", "For example { kind: equal }."),
);

const ports = strict({
  protocol: z.enum(["udp", "tcp"]),
  from: z.number(),
  to: z.number().exactOptional(),
  cidrBlocks: z.array(cidrBlock).exactOptional(),
});

const zone = strict({
  name: z.string(),
  cidrBlock: cidrBlock.exactOptional(),
  subnetId: z.string().exactOptional(),
});

const vpc = either([strict({ cidrBlock }), strict({ id: z.string(), carrierGatewayId: z.string().exactOptional() })]);

const rootVolume = strict({
  deviceName: z.string().exactOptional(),
  type: z.enum(["gp2", "gp3"]).exactOptional(),
  gibibytes: z.number().exactOptional(),
});

const instances = strict({
  instanceType: z.string().exactOptional(),
  imageParameter: z.string().exactOptional(),
  rootVolume: rootVolume.exactOptional(),
  keyName: z.string().exactOptional(),
  userData: z.string().exactOptional(),
  tags: z.record(z.string(), z.string()).exactOptional(),
  spot: z.boolean().exactOptional(),
});

const newFleet = strict({
  zones: z.array(zone),
  vpc: vpc.exactOptional(),
  ports: z.array(ports),
  securityGroupIds: z.array(z.string()).exactOptional(),
  instances: instances.exactOptional(),
  launchTemplate: strict({ id: z.string(), version: z.string() }).exactOptional(),
  minimum: z.number().exactOptional(),
  maximum: z.number().exactOptional(),
});

const schema = strict({
  recordName: hostName,
  hostedZone: either([strict({ name: domainName }), strict({ id: z.string() })]),
  fleet: either([newFleet, strict({ autoScalingGroupName: z.string().min(1) })]),
  ttlSeconds: z.number().exactOptional(),
  drainMarginSeconds: z.number().exactOptional(),
  weights: weights.exactOptional(),
  gatherSeconds: z.number().exactOptional(),
  repairSchedule: recurringSchedule.exactOptional(),
  alarmTopicArns: z.array(z.string()).exactOptional(),
}) satisfies z.ZodType<WavelengthDnsArgs>;

export const wavelengthDns: Pattern<typeof schema> = {
  schema,
  ownTags: ["Name"],
  check(args, account) {
    const checks = checkWavelengthDns(args);
    const zones = "zones" in args.fleet && account !== undefined ? args.fleet.zones : [];
    zones.forEach(({ name }, i) =>
      checks.require(!isWavelengthZone(name) || name.startsWith(`${account?.region}-`), {
        property: `fleet.zones[${i}].name`,
        received: name,
        allowed: `a Wavelength zone of the account's region ${account?.region}`,
        fix: "Choose a zone of that region, or another account or region.",
      }),
    );
    return checks.found();
  },
  deploy(name, args, opts) {
    const component = new WavelengthDns(name, args, opts);
    return {
      recordName: component.recordName,
      hostedZoneId: component.hostedZoneId,
      autoScalingGroupName: component.autoScalingGroupName,
      dashboardName: component.dashboardName,
      eventQueueUrl: component.registrar.events.queue.url,
      deadLetterQueueUrl: component.registrar.events.deadLetters.queue.url,
      drainQueueUrl: component.registrar.drain.queue.url,
      repairScheduleName: component.registrar.repairScheduleName,
    };
  },
};
