/**
 * `node -r ./scripts/register.cjs stacks/preview-roles.ts STACK`: in this checkout's copy of a stack file, puts
 * each account's preview role in the place of its deployer. What a pull request's own code assumes can only read then.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { dump, load } from "js-yaml";
import { ROLES } from "./roles";
import { configurationOf, type Settings } from "./stack-file";

interface File {
  readonly config: Settings & { "aws-patterns:accounts": Record<string, { id: string; roleArn?: string }> };
}

/**
 * The text of a stack file with the preview roles.
 *
 * @throws ConfigurationError with everything that is wrong with the file
 */
export function withPreviewRoles(text: string, stack: string): string {
  const file = load(text) as File;
  const partitions = new Map(
    configurationOf(stack, file.config).accounts.map(({ name, roleArn }) => [name, roleArn.split(":")[1]]),
  );
  for (const [name, account] of Object.entries(file.config["aws-patterns:accounts"])) {
    account.roleArn = `arn:${partitions.get(name)}:iam::${account.id}:role/${ROLES.preview.name}`;
  }
  return dump(file);
}

if (require.main === module) {
  const [stack = ""] = process.argv.slice(2);
  const path = join(__dirname, "..", `Pulumi.${stack}.yaml`);
  writeFileSync(path, withPreviewRoles(readFileSync(path, "utf8"), stack));
}
