/** `npm run preview -- STACK`: a real `pulumi preview` of Pulumi.STACK.yaml against the local cloud. */
import { Argument, Command } from "commander";
import { fail, say } from "./console";
import { withLocalRun } from "./local-run";
import { configurationOf, LocalStack, onlyPatterns, readStackFile, stackNames } from "./local-stack";
import { prepareAccounts } from "./play";
import { ROLES } from "../stacks/roles";

async function preview(stackName: string): Promise<void> {
  const settings = onlyPatterns(await readStackFile(stackName), []);
  const configuration = configurationOf(stackName, settings);
  await withLocalRun(async (run) => {
    // As in a pull request: with the role that can only read.
    await prepareAccounts(run, configuration, ROLES.preview.policy);
    const stack = await LocalStack.create(run, stackName, settings);
    const changes = await stack.preview();
    const total = Object.entries(changes).map(([kind, count]) => `${count} to ${kind}`);
    say(`Preview of ${stackName}: ${total.join(", ")}`);
  });
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
