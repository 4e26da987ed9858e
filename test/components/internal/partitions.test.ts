import * as assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import * as vm from "node:vm";
import * as ts from "typescript";
import * as aws from "@pulumi/aws";
import { PARTITIONS, partitionOf, regionFix } from "../../../components/internal/partitions";

interface SdkTable {
  partitions: {
    id: string;
    outputs: { name: string; dnsSuffix: string };
    regionRegex: string;
    regions: Record<string, unknown>;
  }[];
}

/** The table inside of the AWS SDK, which exports only a function that takes what it does not know for `aws`. */
function sdkTable(): SdkTable {
  const folder = dirname(require.resolve("@aws-sdk/core/package.json"));
  const file = join(folder, "dist-es/submodules/client/util-endpoints/lib/aws/partitions.js");
  const { outputText } = ts.transpileModule(readFileSync(file, "utf8"), {
    compilerOptions: { module: ts.ModuleKind.CommonJS },
  });
  const exports: { partitionsInfo?: SdkTable } = {};
  vm.runInNewContext(outputText, { exports });
  assert.ok(exports.partitionsInfo);
  // Out of the other realm, whose objects have other prototypes.
  return JSON.parse(JSON.stringify(exports.partitionsInfo)) as SdkTable;
}

describe("the table of partitions", () => {
  it("is the AWS SDK's, without pseudo regions", () => {
    const theirs = sdkTable().partitions.map(({ id, outputs, regionRegex, regions }) => {
      assert.equal(outputs.name, id);
      const pattern = regionRegex.replaceAll("\\-", "-");
      const real = Object.keys(regions).filter((region) => !region.endsWith("-global"));
      return { id, dnsSuffix: outputs.dnsSuffix, pattern, regions: real.sort().join(" ") };
    });
    const ours = PARTITIONS.map(({ id, dnsSuffix, pattern, regions }) => ({
      id,
      dnsSuffix,
      pattern: pattern.source,
      regions: [...regions].sort().join(" "),
    }));
    assert.deepEqual(ours, theirs);
  });

  it("knows every region of the Pulumi provider, in the partition of its ARNs", () => {
    const unknown = Object.values(aws.Region).filter((region) => partitionOf(region) === undefined);
    assert.deepEqual(unknown, []);
  });

  it("finds the partition of regions of all partitions, and of those that are yet to come", () => {
    const found = Object.fromEntries(
      [
        "us-east-1",
        "me-west-1",
        "ap-southeast-9",
        "cn-north-1",
        "cn-northwest-2",
        "eusc-de-east-1",
        "eusc-de-west-1",
        "us-gov-west-1",
        "us-gov-east-2",
        "us-iso-east-1",
        "us-isob-east-1",
        "us-isob-west-1",
        "eu-isoe-west-1",
        "us-isof-south-1",
      ].map((region) => [region, partitionOf(region)?.id]),
    );
    assert.deepEqual(found, {
      "us-east-1": "aws",
      "me-west-1": "aws",
      "ap-southeast-9": "aws",
      "cn-north-1": "aws-cn",
      "cn-northwest-2": "aws-cn",
      "eusc-de-east-1": "aws-eusc",
      "eusc-de-west-1": "aws-eusc",
      "us-gov-west-1": "aws-us-gov",
      "us-gov-east-2": "aws-us-gov",
      "us-iso-east-1": "aws-iso",
      "us-isob-east-1": "aws-iso-b",
      "us-isob-west-1": "aws-iso-b",
      "eu-isoe-west-1": "aws-iso-e",
      "us-isof-south-1": "aws-iso-f",
    });
  });

  it("takes a typing error for what it is, and names the region that is meant", () => {
    const fixes = ["us-esat-1", "eu-west1", "US-EAST-1", "eusc-de-eest-1", "us-east-1a", "aws-global", "x"].map(
      (text) => [text, partitionOf(text), regionFix(text)],
    );
    assert.deepEqual(fixes, [
      ["us-esat-1", undefined, 'Did you mean "us-east-1"?'],
      ["eu-west1", undefined, 'Did you mean "eu-west-1"?'],
      ["US-EAST-1", undefined, "Write it in lower case: us-east-1."],
      ["eusc-de-eest-1", undefined, 'Did you mean "eusc-de-east-1"?'],
      ["us-east-1a", undefined, 'Did you mean "us-east-1"?'],
      ["aws-global", undefined, "Use one of the names that are allowed, or remove it."],
      ["x", undefined, "Use one of the names that are allowed, or remove it."],
    ]);
  });
});

describe("the components", () => {
  it("write no partition into an ARN", () => {
    const root = join(__dirname, "..", "..", "..");
    const files = ["components", "handlers"].flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
        .filter((name) => /\.tsx?$/.test(name))
        .map((name) => join(folder, name)),
    );
    assert.ok(files.length > 50);
    const found = files.flatMap((file) =>
      readFileSync(join(root, file), "utf8")
        .split("\n")
        // Comments and messages show people what an ARN looks like.
        .map((line) => line.replace(/^\s*(\/?\*|\/\/).*|such as arn:aws:/, ""))
        .flatMap((line, i) => (/arn:aws(-[a-z-]+)?:/.test(line) ? [`${file}:${i + 1}: ${line.trim()}`] : [])),
    );
    assert.deepEqual(found, []);
  });
});
