/** The same function as a CDK application has it: an entry file, its settings in it as in the serialised callback. */
import type { Context, SQSEvent } from "aws-lambda";
import { makeReconcileHandler } from "../../handlers/wavelength-dns/handler";
import { settings } from "./settings";

export const handler = async (event: SQSEvent, context: Context) => makeReconcileHandler(settings)(event, context);
