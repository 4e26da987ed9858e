import * as assert from "node:assert/strict";
import { ACCOUNTS, entry, faultsIn, valid, withArgs, withFleet } from "../support/configurations";

interface Table {
  /** Where the value lies, below `aws-patterns:`. */
  path: string;
  /** A configuration with the value there. */
  at: (value: unknown) => [accounts: unknown, patterns: unknown];
  good: unknown[];
  bad: unknown[];
}

const account = (changes: Record<string, unknown>): [unknown, unknown] => [
  { edge: { id: "012345678901", ...changes } },
  entry(),
];
const long = (length: number): string => "a".repeat(length);

const TABLES: Record<string, Table> = {
  "account ids": {
    path: "accounts.edge.id",
    at: (id) => account({ id }),
    good: ["012345678901", "000000000000"],
    bad: [
      123456789012,
      12345678901,
      "1234",
      "12345678901a",
      " 12345678901",
      "1234-5678-9012",
      "",
      null,
      ["012345678901"],
    ],
  },
  regions: {
    path: "accounts.edge.region",
    at: (region) => [{ edge: { id: "012345678901", region } }, withArgs({ fleet: { autoScalingGroupName: "group" } })],
    good: [
      "us-east-1",
      "ap-southeast-7",
      "us-gov-west-1",
      "mx-central-1",
      "il-central-1",
      "cn-north-1",
      "eu-isoe-west-1",
      "eusc-de-east-1",
      "us-isob-west-1",
      "ap-southeast-9",
    ],
    bad: [
      "us-east",
      "us-esat-1",
      "us-east-11",
      "aws-global",
      "useast1",
      "moon-east-1",
      "us-east-1a",
      "US-EAST-1",
      "",
      1,
    ],
  },
  "role ARNs": {
    path: "accounts.edge.roleArn",
    at: (roleArn) => account({ roleArn }),
    good: [
      "arn:aws:iam::012345678901:role/a",
      "arn:aws:iam::012345678901:role/path/to/deployer",
      `arn:aws:iam::012345678901:role/${long(64)}`,
      "arn:aws:iam::012345678901:role/a+b=c,d.e@f-g_h",
    ],
    bad: [
      "arn:aws:iam::012345678901:user/a",
      "arn:aws:iam::1:role/a",
      "arn:aws:iam::012345678901:role/",
      "arn:aws:iam::012345678901:role/a b",
      "arn:aws:sts::012345678901:assumed-role/a/b",
      `arn:aws:iam::012345678901:role/${long(65)}`,
      "arn:aws:iam::999999999999:role/a",
      "arn:aws-cn:iam::012345678901:role/a",
      "role/a",
      "",
    ],
  },
  "external ids": {
    path: "accounts.edge.externalId",
    at: (externalId) => account({ externalId }),
    good: ["a-b_c", "12", "arn:x/y@z", long(1224)],
    bad: ["x", "a b", "", long(1225), 12],
  },
  "e-mail addresses": {
    path: "accounts.edge.tags.owner",
    at: (owner) => account({ tags: { owner } }),
    good: ["edge@example.com", "edge+dns@mail.example.co", "a.b@xn--bcher-kva.example", `${long(64)}@example.com`],
    bad: [
      "edge",
      "example.com",
      "@example.com",
      "edge@",
      "Edge <edge@example.com>",
      "edge@localhost",
      "edge@example..com",
      ".edge@example.com",
      "edge.@example.com",
      "a..b@example.com",
      "edge@-example.com",
      "edge@_example.com",
      "a b@example.com",
      `${long(65)}@example.com`,
      `edge@${"example.".repeat(32)}com`,
    ],
  },
  "tag values": {
    path: "accounts.edge.tags.team",
    at: (team) => account({ tags: { team } }),
    good: ["", "Größe 5: a/b=c+d-e@f_g.", long(256)],
    bad: [long(257), "a\nb", "a;b", 5, true, null],
  },
  "host names": {
    path: "patterns.media.args.recordName",
    at: (recordName) => [ACCOUNTS, withArgs({ recordName, hostedZone: { id: "Z1" } })],
    good: [
      "media.example.com",
      "a.b.c.d.example",
      "_sip._udp.example.com",
      "xn--bcher-kva.xn--p1ai",
      `${long(63)}.com`,
    ],
    bad: [
      "media",
      "Media.example.com",
      "media.example.com.",
      "media..example.com",
      "-media.example.com",
      "media-.example.com",
      "me dia.example.com",
      "media.example.c",
      "10.0.0.1",
      "*.example.com",
      `${long(64)}.com`,
      `${"a.".repeat(126)}com`,
      "",
      5,
    ],
  },
  "domain names": {
    path: "patterns.media.args.hostedZone.name",
    at: (name) => [ACCOUNTS, withArgs({ hostedZone: { name } })],
    good: ["example.com", "example.com.", "Example.COM", "media.example.com"],
    bad: ["com", "example.org", "ample.com", "http://example.com", "", 5],
  },
  "CIDR blocks of a VPC": {
    path: "patterns.media.args.fleet.vpc.cidrBlock",
    at: (cidrBlock) => [ACCOUNTS, withFleet({ vpc: { cidrBlock } })],
    good: ["10.0.0.0/16", "192.168.1.0/24", "172.16.0.16/28"],
    bad: [
      "10.0.0.1/16",
      "10.0.0.0/8",
      "10.0.0.0/29",
      "10.0.0.0",
      "10.0.0.0/33",
      "256.0.0.0/16",
      "010.0.0.0/16",
      "::/16",
      "",
    ],
  },
  "CIDR blocks of clients": {
    path: "patterns.media.args.fleet.ports[0].cidrBlocks[0]",
    at: (block) => [ACCOUNTS, withFleet({ ports: [{ protocol: "udp", from: 5004, cidrBlocks: [block] }] })],
    good: ["0.0.0.0/0", "203.0.113.7/32"],
    bad: ["203.0.113.7", "203.0.113.7/24", "everybody", "0.0.0.0/00", 0],
  },
  schedules: {
    path: "patterns.media.args.repairSchedule",
    at: (repairSchedule) => [ACCOUNTS, withArgs({ repairSchedule })],
    good: ["rate(1 minute)", "rate(5 minutes)", "cron(0/5 * * * ? *)", "cron(3,18,33,48 * ? * * *)"],
    bad: [
      // Too seldom to repair anything in time, though EventBridge would take them.
      "rate(1 day)",
      "cron(18 11 ? * MON-FRI *)",
      "rate(1 minutes)",
      "rate(0 minutes)",
      "cron(60 11 * * ? *)",
      "cron(18 11 * * *)",
      "cron(18 11 * * * *)",
      "at(2026-11-01T11:18:00)",
      "5 minutes",
      "* * * * *",
      "",
      5,
    ],
  },
  "hosted zone ids": {
    path: "patterns.media.args.hostedZone.id",
    at: (id) => [ACCOUNTS, withArgs({ hostedZone: { id } })],
    good: ["Z0123456789ABCDEFGHIJ", "/hostedzone/Z1", "hostedzone/Z1", "arn:aws:route53:::hostedzone/Z1"],
    bad: ["", "/hostedzone/", "/change/C1", "example.com", "z1"],
  },
  "names of groups": {
    path: "patterns.media.args.fleet.autoScalingGroupName",
    at: (autoScalingGroupName) => [ACCOUNTS, withArgs({ fleet: { autoScalingGroupName } })],
    good: ["mine", "a/b.c"],
    bad: ["", "my group", "a:b"],
  },
  "keys of tags": {
    path: "patterns.media.args.weights.key",
    at: (key) => [ACCOUNTS, withArgs({ weights: { kind: "tag", key, defaultWeight: 1 } })],
    good: ["weight", "my weight"],
    bad: ["", " ", "a*"],
  },
  "Wavelength zones": {
    path: "patterns.media.args.fleet.zones[0].name",
    at: (name) => [ACCOUNTS, withFleet({ zones: [{ name }] })],
    good: ["us-east-1-wl1-bos-wlz-1"],
    bad: ["us-east-1a", "us-east-1-bos-1a", "us-west-2-wl1-las-wlz-1", "us-east-1-wl1-bos", "", 5],
  },
  ports: {
    path: "patterns.media.args.fleet.ports[0].from",
    at: (from) => [ACCOUNTS, withFleet({ ports: [{ protocol: "tcp", from }] })],
    good: [1, 443, 65_535],
    bad: [0, -1, 65_536, 1.5, Infinity, "443", null],
  },
  seconds: {
    path: "patterns.media.args.ttlSeconds",
    at: (ttlSeconds) => [ACCOUNTS, withArgs({ ttlSeconds })],
    good: [1, 840],
    bad: [0, 841, 1.5, "30", null, true, [30]],
  },
};

describe("values with a meaning", () => {
  for (const [what, { path, at, good, bad }] of Object.entries(TABLES)) {
    for (const value of good) {
      it(`${what}: takes ${JSON.stringify(value).slice(0, 60)}`, () => void valid(...at(value)));
    }
    for (const value of bad) {
      it(`${what}: refuses ${String(JSON.stringify(value)).slice(0, 60)} at its place`, () => {
        const found = faultsIn(...at(value));
        assert.deepEqual(
          found.map((fault) => fault.path),
          [`aws-patterns:${path}`],
          JSON.stringify(found),
        );
      });
    }
  }

  it("tag names: take letters, digits and signs, but do not begin with AWS's own prefix", () => {
    valid(...account({ tags: { "cost-center": "1", Größe: "5", "a:b/c d": "" } }));
    for (const name of ["aws:team", "AWS:team", "", "a;b", "a".repeat(129)]) {
      const [fault, ...more] = faultsIn(...account({ tags: { [name]: "x" } }));
      assert.deepEqual(more, []);
      assert.match(fault?.allowed ?? "", /^tag names of at most 128/, JSON.stringify(name));
    }
  });

  it("names of accounts and entries: lower-case letters, digits and hyphens", () => {
    for (const name of ["a", "edge", "edge-2-west"]) {
      valid({ [name]: { id: "012345678901" } }, { [name]: { ...entry().media, account: name } });
    }
    for (const name of ["Edge", "2edge", "edge-", "-edge", "edge_1", "édge", "edge.1", "", "__proto__"]) {
      const accounts = JSON.parse(
        `{${JSON.stringify(name)}: {"id": "012345678901"}, "fine": {"id": "222222222222"}}`,
      ) as unknown;
      const found = faultsIn(accounts, { media: { ...entry().media, account: "fine" } });
      assert.equal(found.length, 1, name);
      assert.match(found[0]?.fix ?? "", /^Rename it/);
    }
  });
});
