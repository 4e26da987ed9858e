/** An instance's life in Route 53: launched, spread over zones, drained, killed, missed and repaired. */
import { EC2Client, ModifyAvailabilityZoneGroupCommand } from "@aws-sdk/client-ec2";
import type { WavelengthDnsArgs } from "../../components/wavelength-dns/wavelength-dns";
import { prepareZone } from "./account";
import { eventually, type PlayedContext, type Story, type StoryContext } from "./story";
import { Actor, carrierIp, FOREIGN_ADDRESS, FOREIGN_IDENTIFIER, type Registered } from "./wavelength-dns/actor";

async function prepare(context: StoryContext): Promise<void> {
  const { client, deployment } = context;
  const args = deployment.args as WavelengthDnsArgs;
  if ("name" in args.hostedZone) await prepareZone(context, args.hostedZone.name);
  if ("autoScalingGroupName" in args.fleet) return;
  const ec2 = new EC2Client(client);
  for (const { name } of args.fleet.zones) {
    // The zone group of us-east-1-wl1-bos-wlz-1 is us-east-1-wl1.
    const GroupName = name.replace(/-[a-z]{3}-wlz-\d$/, "");
    await ec2.send(new ModifyAvailabilityZoneGroupCommand({ GroupName, OptInStatus: "opted-in" }));
  }
}

/** Watches a scale-in from outside: when the record went, and when the instance stopped serving. */
async function watchScaleIn(actor: Actor, before: Registered[]): Promise<string> {
  const instances = await actor.inService();
  await actor.setCapacity(before.length - 1);
  const gone = await eventually(
    "one record fewer",
    actor.context.signal,
    () => actor.registered(),
    (records) => records.length === before.length - 1,
  );
  const recordGone = Date.now();
  const address = before.find((record) => !gone.some(({ identifier }) => identifier === record.identifier))?.address;
  const leaving = instances.find((instance) => carrierIp(instance) === address);
  const state = async (): Promise<string> => {
    const found = (await actor.instances()).find(({ InstanceId }) => InstanceId === leaving?.InstanceId);
    return found?.State?.Name ?? "terminated";
  };
  const atRemoval = await state();
  if (atRemoval !== "running") throw new Error(`the instance was ${atRemoval} when its record went`);
  await eventually("the instance let go", actor.context.signal, state, (name) => name !== "running");
  const held = (Date.now() - recordGone) / 1000;
  const promised = actor.args.ttlSeconds ?? 30;
  if (held < promised)
    throw new Error(`held only ${held.toFixed(1)} s after its record went; the TTL is ${promised} s`);
  return `the record of ${leaving?.InstanceId} (${address}) went first, the instance ${held.toFixed(1)} s later (TTL ${promised} s)`;
}

async function play(context: PlayedContext): Promise<void> {
  const actor = new Actor(context);
  const name = actor.args.recordName;
  await context.step("The first instance gets its record", async () => {
    const [record] = await actor.settled(1);
    await actor.changeForeignRecord("CREATE");
    return `${name} → ${record?.address}`;
  });
  await context.step("Scaling out to 3 instances in two zones", async () => {
    await actor.setCapacity(3);
    await actor.settled(3);
    const zones = new Set((await actor.inService()).map(({ Placement }) => Placement?.AvailabilityZone));
    if (zones.size !== 2) throw new Error(`the instances are in ${[...zones].join(", ")}, not in two zones`);
    return `3 records, instances in ${[...zones].sort().join(" and ")}`;
  });
  await context.step("Clients are spread by weight: an instance tagged so gets twice the others' share", async () => {
    const [favourite] = await actor.inService();
    const { defaultWeight } = actor.weightTag();
    await actor.setWeight(favourite?.InstanceId ?? "", 2 * defaultWeight);
    await actor.repairNow();
    const isSpread = (records: Registered[]): boolean =>
      records.every(({ address, weight }) =>
        favourite !== undefined && address === carrierIp(favourite)
          ? weight === 2 * defaultWeight
          : weight === defaultWeight,
      );
    const records = await eventually("weights as tagged", context.signal, () => actor.settled(3), isSpread);
    const total = records.reduce((sum, { weight }) => sum + weight, 0);
    return records.map(({ address, weight }) => `${address} ${Math.round((100 * weight) / total)} %`).join(", ");
  });
  await context.step("Scaling in by 1: the record goes before the instance", async () =>
    watchScaleIn(actor, await actor.settled(3)),
  );
  await context.step("An instance dies unannounced: its record goes, its successor's comes", async () => {
    const [victim] = await actor.inService();
    const address = victim === undefined ? "" : carrierIp(victim);
    await actor.kill(victim?.InstanceId ?? "");
    const gone = (records: Registered[]): boolean => records.every((record) => record.address !== address);
    await eventually("the dead instance's record gone", context.signal, () => actor.registered(), gone);
    await actor.settled(2);
    return `${address} is gone, 2 instances answer again`;
  });
  await context.step("Events are lost: the schedule repairs the records", async () => {
    const rules = await actor.setRules(false);
    await actor.setCapacity(3);
    await eventually(
      "3 instances in service",
      context.signal,
      () => actor.inService(),
      (found) => found.length === 3,
    );
    await actor.repairNow();
    await actor.settled(3);
    await actor.setRules(true);
    return `${rules} rules were off while an instance started; the next scheduled run registered it`;
  });
  await context.step("A neighbour's record at the same name is untouched", async () => {
    const record = await actor.foreignRecord();
    if (record?.ResourceRecords?.[0]?.Value !== FOREIGN_ADDRESS) throw new Error(`found ${JSON.stringify(record)}`);
    return `${FOREIGN_IDENTIFIER} → ${FOREIGN_ADDRESS}`;
  });
  await context.step("No event ended as a dead letter", async () => {
    const count = await actor.messages("deadLetterQueueUrl");
    if (count > 0) throw new Error(`${count} dead letters`);
    return "the dead-letter queue is empty";
  });
}

async function afterDestroy(context: PlayedContext): Promise<void> {
  const actor = new Actor(context);
  await context.step("Nothing is left in the account but the neighbour's record", async () => {
    const left = await actor.leftovers();
    if (left.length > 0) throw new Error(`left behind: ${left.join(", ")}`);
    if ((await actor.foreignRecord()) === undefined) throw new Error("the neighbour's record is gone");
    return "no instance, VPC, queue, function, group or record";
  });
}

export const wavelengthDns: Story = {
  title: "Weighted DNS records follow instances in Wavelength zones",
  tryFirst: [
    "aws route53 list-resource-record-sets --hosted-zone-id {hostedZoneId}",
    "aws autoscaling set-desired-capacity --auto-scaling-group-name {autoScalingGroupName} --desired-capacity 3",
  ],
  prepare,
  play,
  afterDestroy,
};
