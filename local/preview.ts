/** `npm run preview -- STACK`: a real `pulumi preview` of Pulumi.STACK.yaml against the local cloud. */
import { Argument, Command } from "commander";
import { ROLES } from "../stacks/roles";
import { configurationOf, readStackFile, type StackFile, stackNames } from "../stacks/stack-file";
import { fail, PlainError, say } from "./console";
import { withLocalRun } from "./local-run";
import { type Changes, describeChanges } from "./engine-progress";
import { LocalStack } from "./local-stack";
import { prepareAccounts } from "./play";
import { readByCli } from "./read-by-cli";

/** What an update of a stack would do, in accounts of a local cloud of its own. */
export async function previewOf(file: StackFile): Promise<Changes> {
  const configuration = configurationOf(file.name, file.settings);
  return withLocalRun(
    async (run) => {
      // As in a pull request: with the role that can only read.
      await prepareAccounts(run, configuration, ROLES.preview.policy);
      const stack = await LocalStack.create(run, file);
      return stack.preview();
    },
    (base) => readByCli(base, file),
  );
}

async function preview(stackName: string): Promise<void> {
  const changes = await previewOf(await readStackFile(stackName));
  say(`Preview of ${stackName}: ${describeChanges(changes, { isPlan: true })}`);
}

async function main(): Promise<void> {
  const names = await stackNames();
  await new Command("npm run preview --")
    .description("Shows what `pulumi up` of a stack would do, against the local cloud; no AWS account needed.")
    .addArgument(new Argument("[stack]", `one of ${names.join(", ")}`))
    .action(async (stackName: string | undefined) => {
      if (stackName === undefined) throw new PlainError(`Which stack? npm run preview -- ${names.join(" | ")}`);
      await preview(stackName);
    })
    .parseAsync();
}

if (require.main === module) main().catch(fail);
