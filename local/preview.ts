/** `npm run preview -- STACK`: a real `pulumi preview` of Pulumi.STACK.yaml against the local cloud. */
import { Argument, Command } from "commander";
import { fail, say } from "./console";
import { type LocalRun, withLocalRun } from "./local-run";
import { configurationOf, readStackFile, stackNames } from "../stacks/stack-file";
import { LocalStack } from "./local-stack";
import { prepareAccounts } from "./play";
import { readByCli } from "./read-by-cli";

async function preview(stackName: string): Promise<void> {
  const file = await readStackFile(stackName);
  const configuration = configurationOf(stackName, file.settings);
  const play = async (run: LocalRun): Promise<void> => {
    await prepareAccounts(run, configuration);
    const stack = await LocalStack.create(run, file);
    const changes = await stack.preview();
    const total = Object.entries(changes).map(([kind, count]) => `${count} to ${kind}`);
    say(`Preview of ${stackName}: ${total.join(", ")}`);
  };
  await withLocalRun(play, (base) => readByCli(base, file));
}

async function main(): Promise<void> {
  const names = await stackNames();
  await new Command("npm run preview --")
    .description("Shows what `pulumi up` of a stack would do, against the local cloud; no AWS account needed.")
    .addArgument(new Argument("<stack>", `one of ${names.join(", ")}`))
    .action(preview)
    .parseAsync();
}

main().catch(fail);
