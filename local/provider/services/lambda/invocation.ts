/** https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html, and the real provider's life cycle around it. */
import { createHash } from "node:crypto";
import { InvokeCommand, LambdaClient, ResourceNotFoundException } from "@aws-sdk/client-lambda";
import type { Account } from "../../account";
import { containsUnknown, isEqual, type Values } from "../../property-values";
import { type CheckFailure, optionalText, type ResourceType, text } from "../../resource-type";
import { checkOneOf } from "../checks";
import { FILE } from "./configuration";

const SCOPES = ["CREATE_ONLY", "CRUD"];

/** The input; with scope CRUD what happens to the resource comes along, under the key that the program chose. */
function payload(values: Values, action: "create" | "update" | "delete", previous?: string): string {
  const input = text(values, "input");
  if (values.lifecycleScope !== "CRUD") return input;
  const previousInput: unknown = previous === undefined ? null : JSON.parse(previous);
  const told = { [text(values, "terraformKey")]: { action, prev_input: previousInput } };
  return JSON.stringify({ ...(JSON.parse(input) as object), ...told });
}

async function invoke(account: Account, values: Values, sent: string): Promise<string> {
  const functionName = text(values, "functionName");
  const answer = await account
    .client(LambdaClient)
    .send(new InvokeCommand({ FunctionName: functionName, Qualifier: text(values, "qualifier"), Payload: sent }));
  const result = Buffer.from(answer.Payload ?? []).toString();
  if (answer.FunctionError !== undefined) throw new Error(`Lambda function ${functionName} failed: ${result}`);
  return result;
}

function checkInput({ input, lifecycleScope }: Values): CheckFailure[] {
  if (typeof input !== "string" || containsUnknown(input)) return [];
  const reason = (allowed: string) => [
    { property: "input", reason: `received ${JSON.stringify(input)}; allowed: ${allowed}; see ${FILE}` },
  ];
  try {
    const parsed: unknown = JSON.parse(input);
    const isObject = typeof parsed === "object" && parsed !== null && !Array.isArray(parsed);
    return lifecycleScope === "CRUD" && !isObject ? reason("a JSON object where lifecycleScope is CRUD") : [];
  } catch {
    return reason("JSON");
  }
}

export const invocation: ResourceType = {
  token: "aws:lambda/invocation:Invocation",
  properties: {
    functionName: "replace",
    input: "update",
    lifecycleScope: "update",
    qualifier: "replace",
    terraformKey: "update",
    triggers: "replace",
  },
  required: ["functionName", "input"],
  computed: ["result"],
  defaults: { lifecycleScope: "CREATE_ONLY", qualifier: "$LATEST", terraformKey: "tf" },
  check: (inputs) => [...checkInput(inputs), ...checkOneOf("lifecycleScope", inputs.lifecycleScope, SCOPES)],
  async create({ account }, inputs) {
    const result = await invoke(account, inputs, payload(inputs, "create"));
    const digest = createHash("md5").update(text(inputs, "input")).digest("hex");
    return {
      id: `${text(inputs, "functionName")}_${text(inputs, "qualifier")}_${digest}`,
      outputs: { ...inputs, result },
    };
  },
  /** An invocation leaves nothing behind that could be read. */
  read: (_operation, id, state) => Promise.resolve({ id, outputs: state }),
  async update({ account }, _id, olds, news) {
    if (isEqual(olds.input, news.input)) return { ...olds, ...news };
    if (news.lifecycleScope !== "CRUD") {
      // The real provider replaces the resource then, which this table cannot say of one scope alone.
      throw new Error(`another input with lifecycleScope CREATE_ONLY is not mapped in ${FILE}; use triggers or CRUD`);
    }
    const result = await invoke(account, news, payload(news, "update", optionalText(olds, "input")));
    return { ...olds, ...news, result };
  },
  async delete({ account }, _id, state) {
    if (state.lifecycleScope !== "CRUD") return;
    try {
      await invoke(account, state, payload(state, "delete", text(state, "input")));
    } catch (error) {
      // A function that is gone cannot be told.
      if (!(error instanceof ResourceNotFoundException)) throw error;
    }
  },
};
