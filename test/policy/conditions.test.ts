import * as assert from "node:assert/strict";
import fc from "fast-check";
import { areInternet } from "../../policy/addresses";
import { openStatements, statementsAt } from "../../policy/statements";
import { UNKNOWN, type Value, type Values } from "../../policy/values";
import { policy } from "./subjects";

const ACCOUNT = "111111111111";
const ORGANIZATION = "o-a1b2c3d4e5";

type Conditions = Record<string, Record<string, Value>>;

/** Whether a queue's policy with these statements lets strangers in. */
function isOpen(...statements: Record<string, Value>[]): boolean {
  return openStatements(statementsAt({ props: { policy: policy(...statements) } }, "policy")).length > 0;
}

const allow = (Condition: Value, more: Values = {}): Values => ({
  Effect: "Allow",
  Principal: "*",
  Action: "sqs:SendMessage",
  Resource: "*",
  Condition,
  ...more,
});

/** Conditions that leave strangers in. */
const OPEN: Conditions[] = [
  {},
  { ArnLike: { "aws:SourceArn": "arn:aws:sns:*:*:*" } },
  { ArnLike: { "aws:SourceArn": "arn:aws:sns:us-east-1:*:my-topic" } },
  { ArnLike: { "aws:SourceArn": "arn:aws:sns:us-east-1:1111*:my-topic" } },
  { ArnEquals: { "aws:SourceArn": "arn:aws:sns:us-east-1:????????????:my-topic" } },
  { StringLike: { "aws:SourceArn": "*" } },
  { StringLike: { "aws:SourceArn": `*:${ACCOUNT}:*` } },
  { ArnLike: { "aws:SourceArn": ["arn:aws:sns:us-east-1:111111111111:t", "arn:aws:sns:*:*:t"] } },
  { ArnLike: { "aws:SourceArn": "arn:aws:s3:::*" } },
  { ArnLike: { "aws:SourceArn": "arn:aws:s3:::my-bucket*" } },
  { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/deployer" } },
  { StringLike: { "aws:PrincipalOrgID": "o-*" } },
  { StringLike: { "aws:PrincipalOrgID": "*" } },
  { StringEquals: { "aws:PrincipalOrgID": ["o-*"] } },
  { StringEqualsIfExists: { "aws:PrincipalOrgID": ORGANIZATION } },
  { "ForAllValues:StringEquals": { "aws:PrincipalOrgID": ORGANIZATION } },
  { "ForAllValues:StringLike": { "aws:PrincipalOrgPaths": `${ORGANIZATION}/*` } },
  { "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": "o-*/r-*/ou-1/*" } },
  { StringNotEquals: { "aws:PrincipalOrgID": ORGANIZATION } },
  { StringNotLike: { "aws:SourceAccount": ACCOUNT } },
  { ArnNotEquals: { "aws:PrincipalArn": `arn:aws:iam::${ACCOUNT}:root` } },
  { NotIpAddress: { "aws:SourceIp": "203.0.113.0/24" } },
  { Null: { "aws:PrincipalOrgID": "false" } },
  { Null: { "aws:SourceArn": true } },
  { StringLike: { "aws:SourceAccount": "1*" } },
  { StringLike: { "aws:userid": "*:somebody" } },
  { StringLike: { "aws:SourceVpce": "vpce-*" } },
  { StringEquals: { "aws:PrincipalTag/team": "edge" } },
  { StringEquals: { "aws:Referer": "https://example.com" } },
  { StringEquals: { "aws:RequestedRegion": "us-east-1" } },
  { Bool: { "aws:SecureTransport": "true" } },
  { StringEquals: { "kms:ViaService": "s3.us-east-1.amazonaws.com" } },
  // The caller's own values fit themselves.
  { StringEquals: { "aws:PrincipalAccount": "${aws:PrincipalAccount}" } },
  { StringEquals: { "aws:SourceAccount": "${aws:SourceAccount}" } },
  { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::${aws:PrincipalAccount}:role/x" } },
  { StringEquals: { "aws:PrincipalOrgID": "${aws:PrincipalOrgID, 'o-none'}" } },
  { IpAddress: { "aws:SourceIp": "0.0.0.0/0" } },
  { IpAddress: { "aws:SourceIp": ["0.0.0.0/1", "128.0.0.0/1"] } },
  { IpAddress: { "aws:SourceIp": "0.0.0.0/1" } },
  { IpAddress: { "aws:SourceIp": ["10.0.0.0/8", "::/0"] } },
  { IpAddress: { "aws:SourceIp": ["::/1", "8000::/1"] } },
  { IpAddress: { "aws:SourceIp": "2000::/3" } },
  { IpAddress: { "aws:SourceIp": Array.from({ length: 256 }, (_, i) => `${i}.0.0.0/8`) } },
  { IpAddress: { "aws:SourceIp": Array.from({ length: 255 }, (_, i) => `${i}.128.0.0/9`) } },
  { IpAddressIfExists: { "aws:SourceIp": "203.0.113.0/24" } },
  { IpAddress: { "aws:VpcSourceIp": "10.0.0.0/8" } },
  { StringEqualsIfExists: { "aws:SourceAccount": ACCOUNT }, Null: { "aws:SourceArn": "false" } },
];

/** Conditions that keep strangers out. */
const CLOSED: Conditions[] = [
  { ArnLike: { "aws:SourceArn": `arn:aws:sns:us-east-1:${ACCOUNT}:my-topic` } },
  { ArnLike: { "aws:SourceArn": `arn:aws:sns:*:${ACCOUNT}:*` } },
  { ArnEquals: { "AWS:SOURCEARN": `arn:aws-cn:events:cn-north-1:${ACCOUNT}:rule/*` } },
  { ArnLike: { "aws:SourceArn": "arn:aws:s3:::my-bucket" } },
  { ArnLike: { "aws:SourceArn": "arn:aws:s3:::my-bucket/*" } },
  { ArnLike: { "aws:SourceArn": "arn:aws:sns:*:*:*" }, StringEquals: { "aws:SourceAccount": ACCOUNT } },
  { StringLike: { "aws:PrincipalArn": `arn:aws:iam::${ACCOUNT}:role/*` } },
  { ArnLike: { "aws:PrincipalArn": `arn:aws:iam::${ACCOUNT}:user/\${aws:username}` } },
  { StringEquals: { "aws:PrincipalOrgID": ORGANIZATION } },
  { StringEquals: { "aws:PrincipalOrgID": "${aws:ResourceOrgID}" } },
  { StringEquals: { "aws:SourceAccount": "${aws:ResourceAccount}" } },
  { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::${aws:ResourceAccount}:role/*" } },
  { "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": `${ORGANIZATION}/r-1/*` } },
  { StringEqualsIfExists: { "aws:PrincipalOrgID": ORGANIZATION }, Null: { "aws:PrincipalOrgID": "false" } },
  { "ForAllValues:StringEquals": { "aws:PrincipalOrgID": ORGANIZATION }, Null: { "aws:PrincipalOrgID": false } },
  { StringEqualsIgnoreCase: { "aws:SourceOwner": ACCOUNT } },
  { StringLike: { "aws:userid": "AROAEXAMPLE:*" } },
  { StringEquals: { "aws:SourceVpce": ["vpce-1", "vpce-2"] } },
  { StringEquals: { "kms:CallerAccount": ACCOUNT, "kms:ViaService": "s3.us-east-1.amazonaws.com" } },
  { StringEquals: { "vpc-lattice-svcs:SourceVpc": "vpc-1" } },
  { Bool: { "elasticfilesystem:AccessedViaMountTarget": "true" } },
  { IpAddress: { "aws:SourceIp": ["203.0.113.0/24", "198.51.100.7", "2001:db8::/32"] } },
  { IpAddress: { "aws:SourceIp": "10.0.0.0/8" } },
  { IpAddress: { "aws:SourceIp": ["17.0.0.0/8"] } },
];

describe("conditions of policies", () => {
  it("that wildcards, absence or other keys fit leave everybody in", () => {
    for (const conditions of OPEN) assert.ok(isOpen(allow(conditions)), JSON.stringify(conditions));
  });

  it("that only known callers, sources or addresses fit keep strangers out", () => {
    for (const conditions of CLOSED) assert.ok(!isOpen(allow(conditions)), JSON.stringify(conditions));
  });

  it("that are not known yet are not judged", () => {
    const Statement = (Condition: Value): Values[] => [{ Effect: "Allow", Principal: "*", Action: "x:Y", Condition }];
    const unknown: Value[] = [
      UNKNOWN,
      { StringEquals: UNKNOWN },
      { StringEquals: { "aws:SourceAccount": UNKNOWN } },
      { ArnLike: { "aws:SourceArn": [UNKNOWN] } },
    ];
    for (const condition of unknown) {
      const statements = statementsAt({ props: { policy: { Statement: Statement(condition) } } }, "policy");
      assert.deepEqual(openStatements(statements), []);
    }
  });

  it("of a denial for anyone who is not ours count, where it covers all that is allowed", () => {
    const deny = (Condition: Value, more: Values = {}): Values => ({
      Effect: "Deny",
      Principal: "*",
      Action: "sqs:*",
      Resource: "*",
      Condition,
      ...more,
    });
    const ours = { StringNotEquals: { "aws:SourceVpce": "vpce-1" } };
    const closing = [
      deny(ours),
      deny({ StringNotEqualsIfExists: { "aws:PrincipalOrgID": ORGANIZATION } }, { Principal: { AWS: "*" } }),
      deny({ NotIpAddress: { "aws:SourceIp": "203.0.113.0/24" }, ...ours }),
      deny({
        StringNotEquals: { "aws:PrincipalOrgID": ORGANIZATION },
        BoolIfExists: { "aws:PrincipalIsAWSService": "false" },
      }),
      { Effect: "Deny", Principal: "*", Action: "*", Condition: ours },
    ];
    const other = [
      deny({ StringNotLike: { "aws:PrincipalOrgID": "o-*" } }),
      deny({ StringEquals: { "aws:SourceVpce": "vpce-1" } }),
      deny({ NotIpAddress: { "aws:SourceIp": ["0.0.0.0/1", "128.0.0.0/1"] } }),
      deny({ "ForAnyValue:StringNotEquals": { "aws:PrincipalOrgID": ORGANIZATION } }),
      deny({ ...ours, StringEquals: { "aws:RequestedRegion": "us-east-1" } }),
      deny({ Bool: { "aws:SecureTransport": "false" } }),
      deny(ours, { Action: "sqs:ReceiveMessage" }),
      deny(ours, { Resource: "arn:aws:sqs:us-east-1:111111111111:other" }),
      deny(ours, { Principal: { AWS: ACCOUNT } }),
      { ...allow(ours), Effect: "Allow" },
    ];
    for (const statement of closing) assert.ok(!isOpen(allow({}), statement), JSON.stringify(statement));
    for (const statement of other) assert.ok(isOpen(allow({}), statement), JSON.stringify(statement));
  });

  it("count for anyone who is named in any way as everybody", () => {
    const named = (more: Record<string, Value>) => isOpen({ ...allow({}), ...more });
    for (const Principal of ["*", { AWS: "*" }, { AWS: [ACCOUNT, "*"] }, { AWS: "arn:aws:iam::*:root" }]) {
      assert.ok(named({ Principal }), JSON.stringify(Principal));
    }
    assert.ok(isOpen({ Effect: "Allow", NotPrincipal: { AWS: ACCOUNT }, Action: "sqs:SendMessage" }));
    for (const Principal of [
      { AWS: ACCOUNT },
      { AWS: `arn:aws:iam::${ACCOUNT}:root` },
      { Service: "s3.amazonaws.com" },
    ]) {
      assert.ok(!named({ Principal }), JSON.stringify(Principal));
    }
    assert.ok(!named({ Effect: "Deny" }));
  });
});

describe("sets of addresses", () => {
  /** Halves of halves of a block, in any order. */
  const pieces = (prefix: number): string[] =>
    Array.from({ length: 2 ** prefix }, (_, i) => `${(i * 2 ** (8 - prefix)) % 256}.0.0.0/${prefix}`);

  it("are the internet in however many blocks it is cut", () => {
    for (const prefix of [1, 2, 3, 4, 5, 6, 7, 8]) {
      fc.assert(
        fc.property(fc.shuffledSubarray(pieces(prefix), { minLength: 2 ** prefix }), (blocks) => areInternet(blocks)),
        { numRuns: 10 },
      );
    }
  });

  it("are not while they hold no more than a /8 or a /32, whatever is private beside", () => {
    const inside = fc.tuple(fc.nat(255), fc.nat(255), fc.integer({ min: 16, max: 32 }));
    fc.assert(
      fc.property(fc.array(inside, { maxLength: 20 }), (blocks) => {
        const texts = blocks.map(([b, c, prefix]) => `17.${b}.${c}.1/${prefix}`);
        return !areInternet([...texts, "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fd00::/8"]);
      }),
    );
    assert.ok(!areInternet(["2001:db8::/32", "2400:cb00::/32"]));
    assert.ok(areInternet(["2001:db8::/31"]));
    assert.ok(!areInternet([]));
    assert.ok(!areInternet(["somewhere", "1.2.3.4/33", "1.2.3/8", "::/129"]));
  });
});
