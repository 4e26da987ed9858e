/** The peer of bench dns: a function invoked for every event, which makes one change to Route 53. */
import type { Change } from "@aws-sdk/client-route-53";
import { setIdentifierOf } from "../../handlers/wavelength-dns/names";
import type { Caller } from "../../fakes/wire";
import { NAME, type World, ZONE } from "../../fakes/wavelength-dns/world";

export interface PerEventOptions {
  /**
   * 1: what fails is lost. 3: Lambda invokes again after a minute, and after two more, as it does by default.
   * Infinity: a queue invokes again every minute, for as long as it takes.
   */
  readonly invocations: number;
}

export interface PerEventOutcome {
  pending: number;
  lost: number;
}

/** The SDK's standard retry mode. */
const MAX_ATTEMPTS = 3;
const THROTTLE_BASE_MS = 500;
const MAX_WAIT_MS = 20_000;
const ASYNC_RETRY_MS = [60_000, 120_000];
const REDELIVERY_MS = 60_000;

interface FleetEvent {
  readonly "detail-type": string;
  readonly detail: { readonly EC2InstanceId?: string };
}

/**
 * Begins to handle one event. Of the several events of a launch or a termination it acts on one, and it is given the
 * instance's address for nothing: both are to the peer's advantage.
 */
export function handlePerEvent(world: World, event: object, options: PerEventOptions, outcome: PerEventOutcome): void {
  const { "detail-type": detailType, detail } = event as FleetEvent;
  const action =
    detailType === "EC2 Instance Launch Successful"
      ? "CREATE"
      : detailType === "EC2 Instance-terminate Lifecycle Action"
        ? "DELETE"
        : undefined;
  const instance = world.fleet.instances.get(detail.EC2InstanceId ?? "");
  if (action === undefined || instance?.carrierIp === undefined) return;
  const change: Change = {
    Action: action,
    ResourceRecordSet: {
      Name: NAME,
      Type: "A",
      SetIdentifier: setIdentifierOf(world.settings.owner, instance.id),
      Weight: 100,
      TTL: world.settings.ttlSeconds,
      ResourceRecords: [{ Value: instance.carrierIp }],
    },
  };
  const queued = options.invocations === Infinity;
  outcome.pending += 1;
  void (async () => {
    for (let invocation = 0; invocation < options.invocations; invocation += 1) {
      if (invocation > 0) await world.clock.sleep(queued ? REDELIVERY_MS : (ASYNC_RETRY_MS[invocation - 1] ?? 0));
      if (await invoke(world, change)) {
        outcome.pending -= 1;
        return;
      }
    }
    outcome.pending -= 1;
    outcome.lost += 1;
  })();
}

/** One invocation, with the SDK's own retries; false where it fails. */
async function invoke(world: World, change: Change): Promise<boolean> {
  const caller: Caller = { id: "per-event", killed: false };
  for (let attempt = 1; ; attempt += 1) {
    try {
      await world.route53.for(caller).changeResourceRecordSets({
        HostedZoneId: ZONE,
        ChangeBatch: { Changes: [change] },
      });
      return true;
    } catch (error) {
      const retryable = error instanceof Error && ["Throttling", "PriorRequestNotComplete"].includes(error.name);
      if (!retryable || attempt === MAX_ATTEMPTS) return false;
      await world.clock.sleep(Math.min(MAX_WAIT_MS, world.clock.random() * 2 ** attempt * THROTTLE_BASE_MS));
    }
  }
}
