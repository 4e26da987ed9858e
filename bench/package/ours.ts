import { callbackArchive, packageCallback } from "../../components/packaging";
import { type Files, filesOf } from "./archive";
import { reconcileCallback } from "./callback";

/** What `CallbackLambda` uploads. */
export async function ourFiles(): Promise<Files> {
  return filesOf(callbackArchive(await packageCallback(reconcileCallback())), "/");
}
