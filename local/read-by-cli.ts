/** Stack files as the Pulumi CLI reads them: it has the last word on what a file says. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { CommandError, LocalWorkspace, type Stack } from "@pulumi/pulumi/automation";
import { settingOf } from "../stacks/config-keys";
import { ROOT } from "../stacks/root";
import { type StackFile, StackFileError, stackFileName } from "../stacks/stack-file";
import { type RunBase, workspaceOptions } from "./local-run";

/**
 * Makes a stack in the run's own folder, so that nothing is written into the project: a Pulumi.yaml whose `main` is the
 * project, and the stack's file as it is written. Answers what the CLI has read. May be called again.
 *
 * @throws StackFileError when the CLI refuses the file
 */
export async function readByCli(run: RunBase, file: StackFile): Promise<{ stack: Stack; file: StackFile }> {
  const folder = stackFolder(run, file.name);
  await mkdir(folder, { recursive: true });
  const project = await readFile(join(ROOT, "Pulumi.yaml"), "utf8");
  await writeFile(join(folder, "Pulumi.yaml"), project.replace(/^main: /m, `$&${relative(folder, ROOT)}/`));
  await writeFile(join(folder, stackFileName(file.name)), withoutKeys(file.text));
  try {
    const place = { stackName: file.name, workDir: folder };
    const stack = await LocalWorkspace.createOrSelectStack(place, await workspaceOptions(run));
    const config = Object.entries(await stack.getAllConfig());
    const settings = Object.fromEntries(config.map(([key, { value }]) => [key, settingOf(value)]));
    return { stack, file: { ...file, settings } };
  } catch (error) {
    if (error instanceof CommandError) throw refusal(file.name, error.message);
    throw error;
  }
}

export function stackFolder({ folder }: Pick<RunBase, "folder">, name: string): string {
  return join(folder, `stack-${name}`);
}

/**
 * The text without the lines in which the CLI keeps what encrypts the stack's secrets: the local cloud has neither the
 * passphrase nor the key. Empty lines take their places, so that all others keep their numbers.
 */
function withoutKeys(text: string): string {
  return text.replaceAll(/^(secretsprovider|encryptedkey|encryptionsalt):.*$/gm, "");
}

/** The CLI's message as one line. */
function refusal(name: string, message: string): StackFileError {
  const elsewhere = `Preview it where its accounts are: pulumi preview --stack ${name}.`;
  if (/decrypt/.test(message)) {
    return new StackFileError(`${stackFileName(name)}: the local cloud cannot decrypt its secrets. ${elsewhere}`);
  }
  if (/does not support environments/.test(message)) {
    return new StackFileError(`${stackFileName(name)}: the local cloud has no Pulumi ESC environments. ${elsewhere}`);
  }
  const said = (/error: ([\s\S]*?)(\n err\?:|$)/.exec(message)?.[1] ?? message)
    .replaceAll(/could not create secrets manager for new stack: |invalid YAML file: |unmarshal errors:|yaml: /g, "")
    .replaceAll(/\s+/g, " ")
    .trim();
  const line = /\bline (\d+): /.exec(said);
  const place = line === null ? "" : `:${line[1]}:1`;
  const text = said.replace(line?.[0] ?? "", "").slice(0, 300);
  // Its parser counts lines from where a structure begins.
  const fix = line === null ? "Correct it." : "Correct that line, or what begins there.";
  return new StackFileError(`${stackFileName(name)}${place}: the Pulumi CLI cannot read it: ${text}. ${fix}`);
}
