import * as assert from "node:assert/strict";
import { WavelengthDns } from "../../components/wavelength-dns/wavelength-dns";
import * as errors from "../../handlers/wavelength-dns/errors";
import { parseEvent } from "../../handlers/wavelength-dns/events";
import { METRIC_NAMESPACE, type MetricName } from "../../handlers/wavelength-dns/settings";
import { deploy, ofType, type Registered } from "../support/mocks";
import type { Statement } from "../support/policies";
import { countsOf, countsTold, permissionsGiven, permissionsTold } from "./claims";
import { blocks, codes, read, rows, section } from "./markdown";

const page = read("docs/wavelength-dns.md");

/** Every metric of the handlers; a missing one does not compile. */
const METRICS: Readonly<Record<MetricName, true>> = {
  RegisteredInstances: true,
  UnregisteredInstances: true,
  ChangesApplied: true,
  DriftRepaired: true,
  MalformedEvents: true,
  InvalidWeights: true,
  ReleasedInstances: true,
  ShortenedHolds: true,
};

/** What the page calls the resources that policies name. */
const RESOURCES: readonly [RegExp, string][] = [
  [/^\*$/, "`*`"],
  [/:hostedzone\/Z123EXAMPLE$/, "hosted zone"],
  [/^arn:aws:route53:::change\/\*$/, "changes"],
  [/:table\/media-registrar-state$/, "table"],
  [/:autoScalingGroup:\*:autoScalingGroupName\/aws-patterns-test-media$/, "group"],
  [/:media-registrar-drain-queue$/, "drain queue"],
  [/:media-registrar-events-queue$/, "events queue"],
  [/:media-registrar-events-dead-letters-queue$/, "events dead letters"],
  [/:media-registrar-(reconcile|release|withdraw)-logs:log-stream:\*$/, "its log group"],
];

function calledOnPage(arn: string, { Condition }: Statement): string {
  const name = RESOURCES.find(([pattern]) => pattern.test(arn))?.[1];
  assert.ok(name, `${arn} has no name on the page`);
  if (Condition === undefined) return name;
  assert.deepEqual(Condition, {
    "ForAllValues:StringEquals": {
      "route53:ChangeResourceRecordSetsNormalizedRecordNames": ["media.example.com"],
      "route53:ChangeResourceRecordSetsRecordTypes": ["A"],
    },
  });
  return `${name}, A records of the name`;
}

describe("the page of wavelength-dns", () => {
  let resources: Registered[];
  before(async () => {
    // The page's minimal example; another test compiles it.
    ({ resources } = await deploy(
      () =>
        new WavelengthDns("media", {
          recordName: "media.example.com",
          hostedZone: { name: "example.com" },
          fleet: {
            zones: [{ name: "us-east-1-wl1-bos-wlz-1" }, { name: "us-east-1-wl1-nyc-wlz-1" }],
            ports: [{ protocol: "udp", from: 5004 }],
          },
        }),
    ));
  });

  it("tells who may do what on which resource, and nothing else", () => {
    assert.deepEqual(permissionsTold(page), permissionsGiven(resources, /^media-registrar-(\w+)-role$/, calledOnPage));
  });

  it("lists what the minimal example creates, and how many of each", () => {
    const table = rows(section(page, "What it creates"));
    assert.deepEqual(countsTold(table), countsOf(resources));
  });

  it("says what to do for each alarm", () => {
    const reported = rows(section(page, "How to operate it")).map(([name = ""]) =>
      codes(name)[0]?.replace("…", "media"),
    );
    const real = ofType(resources, "aws:cloudwatch/metricAlarm:MetricAlarm").map(({ name }) => name);
    assert.deepEqual(reported.sort(), real.sort());
    assert.ok(section(page, "Cost").includes(`| ${real.length} alarms at 0.10`));
  });

  it("names every error that the functions throw, and every metric", () => {
    const named = codes(page);
    for (const name of [...Object.keys(errors), ...Object.keys(METRICS), METRIC_NAMESPACE]) {
      assert.ok(
        named.some((code) => code.includes(name)),
        name,
      );
    }
  });

  it("repairs by a message that the function understands, sent to an output of the stack", () => {
    const [commands = ""] = blocks(section(page, "How to operate it"), "sh");
    const body = /--message-body '(.*)'/.exec(commands)?.[1] ?? "";
    assert.deepEqual(parseEvent(body), { kind: "schedule" });
    assert.match(commands, /'\.media\.eventQueueUrl'/);
  });
});
