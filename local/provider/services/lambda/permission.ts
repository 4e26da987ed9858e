/** https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html */
import {
  AddPermissionCommand,
  type FunctionUrlAuthType,
  GetPolicyCommand,
  LambdaClient,
  RemovePermissionCommand,
  ResourceNotFoundException,
} from "@aws-sdk/client-lambda";
import { containsUnknown, isObject, type Value, type Values } from "../../property-values";
import { optionalBoolean, optionalText, type ResourceType, text } from "../../resource-type";
import { checkOneOf } from "../checks";
import { actual, ifMissing } from "../support";

interface Statement {
  Sid?: string;
  Action?: Value;
  Principal?: Value;
  Condition?: Record<string, Record<string, Value>>;
}

/** The condition's value under any operator; AWS writes the keys in either case. */
function condition(statement: Statement, key: string): string | undefined {
  const entries = Object.values(statement.Condition ?? {}).flatMap((operator) => Object.entries(operator));
  const value = entries.find(([name]) => name.toLowerCase() === key.toLowerCase())?.[1];
  return value === undefined || value === null ? undefined : String(value);
}

/** `123456789012` and `arn:aws:iam::123456789012:root` are the same principal. */
function principal(statement: Statement, given: Value | undefined): string {
  const answered = isObject(statement.Principal) ? Object.values(statement.Principal)[0] : statement.Principal;
  const name = String(answered ?? "");
  return typeof given === "string" && name === `arn:aws:iam::${given}:root` ? given : name;
}

function outputs(statement: Statement, state: Values): Values {
  const viaUrl = condition(statement, "lambda:InvokedViaFunctionUrl");
  return actual(state, {
    action: String(statement.Action ?? ""),
    principal: principal(statement, state.principal),
    sourceArn: condition(statement, "aws:SourceArn"),
    sourceAccount: condition(statement, "aws:SourceAccount"),
    principalOrgId: condition(statement, "aws:PrincipalOrgID"),
    eventSourceToken: condition(statement, "lambda:EventSourceToken"),
    functionUrlAuthType: condition(statement, "lambda:FunctionUrlAuthType"),
    invokedViaFunctionUrl: viaUrl === undefined ? undefined : viaUrl === "true",
    statementId: statement.Sid,
  });
}

export const permission: ResourceType = {
  token: "aws:lambda/permission:Permission",
  properties: Object.fromEntries(
    [
      "action",
      "eventSourceToken",
      "function",
      "functionUrlAuthType",
      "invokedViaFunctionUrl",
      "principal",
      "principalOrgId",
      "qualifier",
      "sourceAccount",
      "sourceArn",
      "statementId",
      "statementIdPrefix",
    ].map((name) => [name, "replace"]),
  ),
  required: ["action", "function", "principal"],
  autoName: { property: "statementId", maxLength: 100 },
  check: (inputs) => [
    ...checkOneOf("functionUrlAuthType", inputs.functionUrlAuthType, ["NONE", "AWS_IAM"]),
    ...(typeof inputs.action === "string" &&
    !containsUnknown(inputs.action) &&
    !/^(\*|lambda:[A-Za-z*]+)$/.test(inputs.action)
      ? [
          {
            property: "action",
            reason: `received "${inputs.action}"; expected an action such as lambda:InvokeFunction`,
          },
        ]
      : []),
  ],
  async create({ account }, inputs) {
    await account.client(LambdaClient).send(
      new AddPermissionCommand({
        FunctionName: text(inputs, "function"),
        StatementId: text(inputs, "statementId"),
        Action: text(inputs, "action"),
        Principal: text(inputs, "principal"),
        SourceArn: optionalText(inputs, "sourceArn"),
        SourceAccount: optionalText(inputs, "sourceAccount"),
        EventSourceToken: optionalText(inputs, "eventSourceToken"),
        PrincipalOrgID: optionalText(inputs, "principalOrgId"),
        Qualifier: optionalText(inputs, "qualifier"),
        FunctionUrlAuthType: optionalText(inputs, "functionUrlAuthType") as FunctionUrlAuthType | undefined,
        InvokedViaFunctionUrl: optionalBoolean(inputs, "invokedViaFunctionUrl"),
      }),
    );
    return { id: text(inputs, "statementId"), outputs: {} };
  },
  async read({ account }, id, state) {
    const answer = await ifMissing(
      account
        .client(LambdaClient)
        .send(
          new GetPolicyCommand({ FunctionName: text(state, "function"), Qualifier: optionalText(state, "qualifier") }),
        ),
      ResourceNotFoundException,
    );
    const { Statement: statements } = JSON.parse(answer?.Policy ?? '{"Statement":[]}') as { Statement: Statement[] };
    const statement = statements.find(({ Sid }) => Sid === id);
    return statement === undefined ? undefined : { id, outputs: outputs(statement, state) };
  },
  async delete({ account }, id, state) {
    await ifMissing(
      account.client(LambdaClient).send(
        new RemovePermissionCommand({
          FunctionName: text(state, "function"),
          StatementId: id,
          Qualifier: optionalText(state, "qualifier"),
        }),
      ),
      ResourceNotFoundException,
    );
  },
};
