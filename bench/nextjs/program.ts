/** Programs that exist for a measurement only, deployed to the local cloud by the real engine. */
import { LocalWorkspace, type PulumiFn, type Stack } from "@pulumi/pulumi/automation";
import { type LocalRun, workspaceOptions } from "../../local/local-run";

export async function stackOf(run: LocalRun, stackName: string, program: PulumiFn): Promise<Stack> {
  return LocalWorkspace.createStack({ stackName, projectName: "bench", program }, await workspaceOptions(run));
}
