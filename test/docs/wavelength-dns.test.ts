/** The numbers on the page are those of the component and its functions. */
import * as assert from "node:assert/strict";
import { WavelengthDns } from "../../components/wavelength-dns/wavelength-dns";
import { DEFAULTS } from "../../components/wavelength-dns/args.schema";
import { deletionTimeout, hookNameOf } from "../../components/wavelength-dns/fleet";
import { LONGEST_REPAIR_PAUSE_SECONDS } from "../../components/wavelength-dns/repair-schedule";
import { ADDRESSLESS_PATIENCE_MS } from "../../handlers/wavelength-dns/contradictions";
import { DEFAULT_MAX_RECORDS } from "../../handlers/wavelength-dns/plan";
import { MAX_TTL_SECONDS, RELEASE_DELIVERIES } from "../../handlers/wavelength-dns/settings";
import { INTERRUPTED_SECONDS } from "../../handlers/wavelength-dns/state";
import { deploy, only, type Registered } from "../support/mocks";
import { read, rows, section } from "./markdown";

const page = read("docs/wavelength-dns.md").replaceAll(/\s+/g, " ");

/** Resources of a fleet with these times; the defaults without any. */
async function resourcesOf(times: { ttlSeconds?: number; drainMarginSeconds?: number }): Promise<Registered[]> {
  const { resources } = await deploy(
    () =>
      new WavelengthDns("media", {
        recordName: "media.example.com",
        hostedZone: { name: "example.com" },
        fleet: { zones: [{ name: "us-east-1-wl1-bos-wlz-1" }], ports: [] },
        ...times,
      }),
  );
  return resources;
}

function queue(resources: readonly Registered[], role: string) {
  const { inputs } = only(resources, "aws:sqs/queue:Queue", `-registrar-${role}-queue`);
  const { maxReceiveCount = 0 } = JSON.parse(String(inputs.redrivePolicy ?? "{}")) as { maxReceiveCount?: number };
  return {
    deliveries: maxReceiveCount,
    delaySeconds: Number(inputs.delaySeconds),
    visibilitySeconds: Number(inputs.visibilityTimeoutSeconds),
    retentionSeconds: Number(inputs.messageRetentionSeconds),
  };
}

function hookSeconds(resources: readonly Registered[]): number {
  const { inputs } = only(resources, "aws:autoscaling/group:Group");
  const [hook] = inputs.initialLifecycleHooks as { heartbeatTimeout: number }[];
  return hook?.heartbeatTimeout ?? NaN;
}

/** Seconds that an alarm's condition lasts before it goes off. */
function patience(alarm: Registered): number {
  return Number(alarm.inputs.period) * Number(alarm.inputs.evaluationPeriods);
}

function says(...claims: string[]): void {
  for (const claim of claims) assert.ok(page.includes(claim), `the page does not say "${claim}"`);
}

describe("the numbers on the page of wavelength-dns", () => {
  let resources: Registered[];
  before(async () => {
    resources = await resourcesOf({});
  });

  it("tell how often the queues deliver, and how long they wait", () => {
    const events = queue(resources, "events");
    const counts = [...page.matchAll(/after (\d+) deliveries/g)].map(([, count]) => Number(count));
    assert.ok(counts.length >= 3);
    assert.deepEqual([...new Set(counts)], [events.deliveries]);
    const { maximumBatchingWindowInSeconds: gathered } = only(
      resources,
      "aws:lambda/eventSourceMapping:EventSourceMapping",
      "on-events-mapping",
    ).inputs;
    says(`come again after ${(events.visibilitySeconds - Number(gathered)) / 60} minutes and \`gatherSeconds\``);
    says(`its message comes again, up to ${queue(resources, "drain").deliveries} times`);
    says(`of which a hold without failures takes ${RELEASE_DELIVERIES} at most`);
    for (const role of ["events-dead-letters", "drain-dead-letters"]) {
      says(`Dead letters are kept for ${queue(resources, role).retentionSeconds / 86_400} days`);
    }
  });

  it("tell how long an instance is held, and how much longer the hook waits", async () => {
    const { delaySeconds } = queue(resources, "drain");
    assert.equal((2 * delaySeconds) / 60, 3);
    says("(30 + 60 s) an instance is held for about three minutes");
    assert.equal(hookSeconds(resources), 3600);
    says("ends the instance: after an hour;");
    says(`\`${hookNameOf("<name>", "owner").replace(/[0-9a-f]{12}$/, "<digest>")}\``);
    assert.equal(hookSeconds(await resourcesOf({ ttlSeconds: 300, drainMarginSeconds: 100 })), 3600);
    says("the group is given a quarter of an hour more than that");
    assert.equal(deletionTimeout(delaySeconds), `${(2 * delaySeconds) / 60 + 15}m`);
  });

  it("tell when the alarms go off", () => {
    const alarm = (ending: string) => only(resources, "aws:cloudwatch/metricAlarm:MetricAlarm", ending);
    const reported = new Map(
      rows(section(read("docs/wavelength-dns.md"), "How to operate it")).map(([a, b]) => [a, b]),
    );
    const seconds = Number(alarm("-events-oldest-message").inputs.threshold) - DEFAULTS.WavelengthDnsArgs.gatherSeconds;
    assert.equal(
      reported.get("`…-registrar-events-oldest-message`"),
      `a message is older than ${seconds / 60} minutes and \`gatherSeconds\``,
    );
    says(`periods of ${Number(alarm("-drift").inputs.period) / 60} minutes`);
    says(`A schedule may leave ${LONGEST_REPAIR_PAUSE_SECONDS / 60} minutes between two runs at most`);
    const later = Number(alarm("-drain-oldest-message").inputs.threshold) - queue(resources, "drain").delaySeconds;
    assert.equal(reported.get("`…-registrar-drain-oldest-message`"), `… than ${later / 60} minutes after its delay`);
    const minutes = patience(alarm("-shortened-holds")) / 60;
    assert.match(reported.get("`…-observability-shortened-holds`") ?? "", new RegExp(`within ${minutes} minutes$`));
    for (const role of ["no-instances", "drift", "unregistered"]) {
      assert.match(
        reported.get(`\`…-observability-${role}\``) ?? "",
        new RegExp(`for ${patience(alarm(`-${role}`)) / 60} minutes$`),
      );
    }
    assert.equal(alarm("-no-instances").inputs.treatMissingData, "breaching");
    says("that no run reports at all counts too");
  });

  it("tell how runs are started, and what they cost", () => {
    const { inputs: schedule } = only(resources, "aws:scheduler/schedule:Schedule");
    assert.equal(schedule.scheduleExpression, "rate(1 minute)");
    says("Scheduler<br>every minute", `${(30 * 24 * 60).toLocaleString("en")} scheduled runs`);
    const { inputs: mapping } = only(
      resources,
      "aws:lambda/eventSourceMapping:EventSourceMapping",
      "on-events-mapping",
    );
    says(`batches, ${String(mapping.maximumBatchingWindowInSeconds)} s window`);
    const { inputs: reconcile } = only(resources, "aws:lambda/function:Function", "-reconcile-function");
    says(`with ${String(reconcile.memorySize)} MB`);
    // The function's time limit, and the lease's grace of 5 s.
    says(`about ${Number(reconcile.timeout) + 5} s after it began`);
    const { inputs: logs } = only(resources, "aws:cloudwatch/logGroup:LogGroup", "-reconcile-logs");
    says(`of the functions; ${String(logs.retentionInDays)} days`);
  });

  it("tell what the functions remember, and how many records fit", () => {
    assert.equal(ADDRESSLESS_PATIENCE_MS, 2 * 60_000);
    says("tells no carrier IP of one in service | the same for two minutes");
    says(`with a TTL above ${MAX_TTL_SECONDS} s`, `its instance alone is held as for ${MAX_TTL_SECONDS} s`);
    says(`may cache an answer. 1 to ${MAX_TTL_SECONDS}`);
    assert.equal(INTERRUPTED_SECONDS, 10 * 60);
    says("One that is spared has its record back after ten minutes");
    says(
      `has ${DEFAULT_MAX_RECORDS} weighted records at the name`,
      `${DEFAULT_MAX_RECORDS} weighted records for a name`,
    );
  });
});
