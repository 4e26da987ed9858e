/** Trouble by chance, for runs that must come out right all the same. */
import fc from "fast-check";
import type { FakeInstance } from "../../../../fakes/wavelength-dns/fleet";
import { awsError } from "../../../../fakes/wire";
import type { World } from "../../../../fakes/wavelength-dns/world";

/** What may happen to the fleet, to an instance picked by `pick`. */
export const actions = {
  launch: (world: World) => void world.fleet.launch(),
  launchSlowly: (world: World) => {
    const instance = world.fleet.launch({ lifecycle: "Pending" });
    world.clock.at(world.clock.now() + 8000, () => world.fleet.setLifecycle(instance, "InService"));
  },
  scaleIn: (world: World, it: FakeInstance) => world.fleet.scaleIn(it),
  kill: (world: World, it: FakeInstance) => world.fleet.kill(it),
  stop: (world: World, it: FakeInstance) => world.fleet.stop(it),
  start: (world: World, it: FakeInstance) => world.fleet.start(it),
  replaceAddress: (world: World, it: FakeInstance) => world.fleet.replaceAddress(it),
  /** For five seconds, two instances are seen with one address. */
  moveAddress: (world: World, it: FakeInstance) => {
    const all = [...world.fleet.instances.values()];
    const from = world.fleet.serving().find(({ id }) => id !== it.id);
    const shared = all.filter(({ carrierIp }) => carrierIp !== undefined && carrierIp === from?.carrierIp).length > 1;
    if (from === undefined || shared || it.state !== "running") return;
    world.fleet.replaceAddress(it, from.carrierIp);
    world.clock.at(world.clock.now() + 5000, () => world.fleet.replaceAddress(from));
  },
  sicken: (world: World, it: FakeInstance) => world.fleet.setHealth(it, "Unhealthy"),
  recover: (world: World, it: FakeInstance) => world.fleet.setHealth(it, "Healthy"),
  standBy: (world: World, it: FakeInstance) => world.fleet.setLifecycle(it, "Standby"),
  returnToService: (world: World, it: FakeInstance) => world.fleet.setLifecycle(it, "InService"),
  warnOfInterruption: (world: World, it: FakeInstance) => world.fleet.warnOfInterruption(it),
  /** Somebody edits one of our records by hand. */
  tamper: (world: World) => {
    const record = world.route53.all().find(({ SetIdentifier }) => SetIdentifier?.startsWith("i-"));
    if (record) world.route53.changeDirectly({ Action: "UPSERT", ResourceRecordSet: { ...record, Weight: 3 } });
  },
  /** Somebody deletes one of our records by hand. */
  remove: (world: World) => {
    const [record] = world.route53.all().filter(({ SetIdentifier }) => SetIdentifier?.startsWith("i-"));
    if (record) world.route53.changeDirectly({ Action: "DELETE", ResourceRecordSet: record });
  },
};

export type Action = keyof typeof actions;

const operations = [
  "ListResourceRecordSets",
  "ChangeResourceRecordSets",
  "GetChange",
  "DescribeInstances",
  "DescribeAutoScalingGroups",
  "CompleteLifecycleAction",
  "UpdateItem",
  "Query",
  "GetItem",
  "BatchWriteItem",
  "SendMessageBatch",
];

/** What may happen to calls. */
export const faults = {
  throttle: (world: World, operation: string) =>
    world.wire.refuseNext(operation, awsError("Throttling", "Rate exceeded"), 2),
  break: (world: World, operation: string) =>
    world.wire.refuseNext(operation, awsError("InternalFailure", "oops", 500)),
  refuse: (world: World, operation: string) => world.wire.refuseNext(operation, awsError("AccessDenied", "no", 403)),
  loseAnswer: (world: World, operation: string) => world.wire.loseNextAnswer(operation),
  killBefore: (world: World, operation: string) => world.wire.killNextCaller(operation, "before"),
  killAfter: (world: World, operation: string) => world.wire.killNextCaller(operation, "after"),
};

export type Step =
  | { readonly kind: "action"; readonly action: Action; readonly pick: number; readonly waitMs: number }
  | { readonly kind: "fault"; readonly fault: keyof typeof faults; readonly operation: string };

/** A step of a story: mostly what happens to the fleet, now and then a fault. */
export function steps(allowed: readonly Action[]): fc.Arbitrary<Step> {
  const action = fc.record({
    kind: fc.constant("action" as const),
    action: fc.constantFrom(...allowed),
    pick: fc.nat(1000),
    waitMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 3000 }), fc.integer({ min: 0, max: 60_000 })),
  });
  const fault = fc.record({
    kind: fc.constant("fault" as const),
    fault: fc.constantFrom(...(Object.keys(faults) as (keyof typeof faults)[])),
    operation: fc.constantFrom(...operations),
  });
  return fc.oneof({ weight: 5, arbitrary: action }, { weight: 1, arbitrary: fault });
}

export async function play(world: World, story: readonly Step[]): Promise<void> {
  for (const step of story) {
    if (step.kind === "fault") {
      faults[step.fault](world, step.operation);
      continue;
    }
    const living = [...world.fleet.instances.values()].filter(({ state }) => state !== "terminated");
    const picked = living[step.pick % Math.max(1, living.length)] ?? world.fleet.launch();
    actions[step.action](world, picked);
    if (step.waitMs > 0) await world.clock.run(step.waitMs);
  }
}
