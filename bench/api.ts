/**
 * The time to read, check and put into one an OpenAPI document of 1, 10, 100 and 1,000 operations, each in a file of its
 * own, with the table of operations held against it, the body for API Gateway made, and each function given its schemas.
 * It should grow with the document.
 */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { importBody, tableFaults } from "../components/open-api/body";
import { operationsIn } from "../components/open-api/bundle";
import { OpenApiDocument } from "../components/open-api/document";
import { atMost, type BenchResult, type Progress } from "./support/benchmark";
import { median, rounded } from "./support/statistics";

const SAMPLE = join(__dirname, "..", "apps", "widget-api", "api");
const SIZES = [1, 10, 100, 1000];
const ROUNDS = 5;

const SKELETON = `openapi: 3.0.3
info: { title: Many, version: "1", license: { name: Apache-2.0, url: "https://www.apache.org/licenses/LICENSE-2.0" } }
servers: [{ url: "https://example.com" }]
security: [{ sigv4: [] }]
paths: {}
components:
  securitySchemes:
    sigv4: { type: apiKey, name: Authorization, in: header, x-amazon-apigateway-authtype: awsSigv4 }
`;

const endpoint = (n: number): string => `x-path: /widget/n${n}/{widgetname}
get:
  operationId: get${n}
  parameters: [{ $ref: "../requestParameters/widgetname.yaml" }]
  responses:
    "200": { $ref: "../responses/widget.yaml" }
    "404": { $ref: "../responses/problem.yaml" }
`;

/** A document of the sample's parts with so many operations. */
function documentOf(operations: number, folder: string): string {
  for (const part of ["fields", "requestParameters", "responses", "schemas"]) {
    cpSync(join(SAMPLE, part), join(folder, part), { recursive: true });
  }
  mkdirSync(join(folder, "paths"));
  for (let n = 1; n <= operations; n++) writeFileSync(join(folder, "paths", `get${n}.yaml`), endpoint(n));
  writeFileSync(join(folder, "apiSkeleton.yaml"), SKELETON);
  return join(folder, "apiSkeleton.yaml");
}

async function milliseconds(file: string, operations: number): Promise<number> {
  const started = performance.now();
  const document = new OpenApiDocument(file);
  const read = await document.read();
  const names = operationsIn(read.bundle).map(({ operationId = "" }) => operationId);
  const faults = [...read.faults, ...tableFaults(read, file, names)];
  importBody(
    read.bundle,
    Object.fromEntries(names.map((name) => [name, { kind: "function", invokeArn: name } as const])),
  );
  const schemas = pulumi.all(names.map((name) => document.schemas(name)));
  await new Promise((resolve) => schemas.apply(resolve));
  if (faults.length > 0 || names.length !== operations) throw new Error(JSON.stringify(faults.slice(0, 3)));
  return performance.now() - started;
}

export async function run(progress: Progress): Promise<BenchResult> {
  const times = new Map<number, number>();
  for (const size of SIZES) {
    const folder = mkdtempSync(join(tmpdir(), "bench-api-"));
    try {
      progress(`${size} operations`);
      const file = documentOf(size, folder);
      const rounds: number[] = [];
      for (let round = 0; round < ROUNDS; round++) rounds.push(await milliseconds(file, size));
      times.set(size, median(rounds));
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
  const time = (size: number): number => times.get(size) ?? NaN;
  const growth = rounded(time(1000) / time(100));
  return {
    ours: Object.fromEntries(SIZES.map((size) => [`operations${size}Ms`, rounded(time(size))])),
    peers: {},
    ratio: {
      "10 / 1": rounded(time(10) / time(1)),
      "100 / 10": rounded(time(100) / time(10)),
      "1000 / 100": growth,
    },
    // Linear is ten; the rest is what a busy machine may add.
    goals: [atMost("time of 1,000 operations beside that of 100", growth, 15)],
    notes: ["A document of few operations takes the time of what every document has: the rules of the check."],
  };
}
