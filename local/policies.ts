/** The policy pack in local runs: every preview and deployment is held to it. */
import { join } from "node:path";
import { type EngineEvent, LocalWorkspace, type PolicyEvent } from "@pulumi/pulumi/automation";
import { writePolicyPack } from "../policy/bundle";
import type { GuardrailsSettings } from "../policy/settings";
import { plainText } from "./console";
import { type LocalRun, workspaceOptions } from "./local-run";
import type { Preview } from "./stories/story";
import { POLICY_RUNTIME } from "./toolchain";

/** What an operation is held to, as the Automation API takes it. */
export interface Held {
  readonly policyPacks: string[];
  readonly policyPackConfigs: string[];
}

/** @param folder inside of this project, whose packages the pack uses */
export async function heldTo(folder: string, settings: GuardrailsSettings): Promise<Held> {
  const { directory, configurationFile } = await writePolicyPack(folder, { runtime: POLICY_RUNTIME, settings });
  return { policyPacks: [directory], policyPackConfigs: [configurationFile] };
}

/** What a policy says, without what the engine puts around it: the policy's description, and its remedy once more. */
export function policyLine({ enforcementLevel, policyName, message }: PolicyEvent): string {
  const lines = plainText(message).split("\n");
  const text = lines.filter((line) => line.trim() !== "").at(-1) ?? message;
  // Exemptions are told as what they are, not as a rule's word.
  return policyName === "exemptions" ? text.trim() : `${enforcementLevel} ${policyName}: ${text.trim()}`;
}

let programs = 0;

/** Previews a program that is no stack of this project. */
export async function previewProgram(
  run: LocalRun,
  program: () => Promise<void>,
  settings: GuardrailsSettings,
): Promise<Preview> {
  const stackName = `program-${(programs += 1)}`;
  const stack = await LocalWorkspace.createStack(
    { stackName, projectName: "story", program },
    await workspaceOptions(run),
  );
  const lines: string[] = [];
  const onEvent = ({ policyEvent, diagnosticEvent }: EngineEvent): void => {
    if (policyEvent !== undefined) lines.push(policyLine(policyEvent));
    if (diagnosticEvent?.severity === "error") lines.push(plainText(diagnosticEvent.message));
  };
  const held = await heldTo(join(run.folder, stackName), settings);
  const refused = await stack.preview({ ...held, onEvent, signal: run.signal }).then(
    () => false,
    () => true,
  );
  return { refused, lines };
}
