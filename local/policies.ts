/** The policy pack in local runs: every preview and deployment is held to it. */
import { join } from "node:path";
import { type EngineEvent, LocalWorkspace, type PolicyEvent } from "@pulumi/pulumi/automation";
import { writePolicyPack } from "../policy/bundle";
import type { GuardrailsSettings } from "../policy/settings";
import { plainText } from "./console";
import { type LocalRun, workspaceOptions } from "./local-run";
import type { Preview } from "./stories/story";
import { POLICY_RUNTIME } from "./toolchain";
import { policyText } from "./violations";

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

function policyLine(event: PolicyEvent): string {
  return `${event.enforcementLevel} ${event.policyName}: ${policyText(event)}`;
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
