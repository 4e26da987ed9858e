/**
 * What service control policies of denials say about a request, as AWS evaluates them: any statement that fits denies.
 * It knows the operators that the project uses, and refuses others rather than taking them for fulfilled.
 */
import { arnLike } from "../../components/internal/arn-pattern";
import { matches } from "./arn-pattern";

export interface ScpRequest {
  action: string;
  /** ARN of what is acted on. Default: `*`, for actions without one. */
  resource?: string;
  /** ARN of the role (not of its session), user or root. */
  principal: string;
  region: string;
  /** Condition keys of the service, by name; without those that the request does not have. */
  context?: Readonly<Record<string, string>>;
}

interface Statement {
  Sid: string;
  Effect: string;
  Action?: string[];
  NotAction?: string[];
  Resource: string | string[];
  Condition?: Record<string, Record<string, string | string[]>>;
}

/** Names of services and actions have no case. */
function fitsAny(patterns: readonly string[], action: string): boolean {
  return patterns.some((pattern) => matches(pattern.toLowerCase(), action.toLowerCase()));
}

/** Negated operators hold for a key that the request does not have: the trap of every allow-list. */
const OPERATORS: Readonly<Record<string, (values: readonly string[], actual: string | undefined) => boolean>> = {
  StringNotEquals: (values, actual) => actual === undefined || !values.includes(actual),
  StringNotLike: (values, actual) => actual === undefined || !values.some((value) => matches(value, actual)),
  // ARNs are compared part by part: a wildcard does not reach over a colon.
  ArnNotLike: (values, actual) => actual === undefined || !values.some((value) => arnLike(value, actual)),
  Null: ([value], actual) => (actual === undefined) === (value === "true"),
};

function valueOf(key: string, { principal, region, context = {} }: ScpRequest): string | undefined {
  if (key === "aws:PrincipalArn") return principal;
  return key === "aws:RequestedRegion" ? region : context[key];
}

function denies(statement: Statement, request: ScpRequest): boolean {
  const { Effect, Action, NotAction, Resource, Condition = {} } = statement;
  if (Effect !== "Deny" || (Action === undefined) === (NotAction === undefined)) throw new Error("no denial");
  const isMeant = Action === undefined ? !fitsAny(NotAction ?? [], request.action) : fitsAny(Action, request.action);
  const resources = [Resource].flat();
  if (!isMeant || !resources.some((pattern) => matches(pattern, request.resource ?? "*"))) return false;
  return Object.entries(Condition).every(([name, keys]) => {
    const operator = OPERATORS[name];
    if (operator === undefined) throw new Error(`no operator ${name} in test/support/scp.ts`);
    return Object.entries(keys).every(([key, values]) => operator([values].flat(), valueOf(key, request)));
  });
}

/** Sids of the statements that deny a request, in order; none when the policies let it pass. */
export function denialsOf(policies: readonly string[], request: ScpRequest): string[] {
  return policies.flatMap((policy) => {
    const { Version, Statement } = JSON.parse(policy) as { Version: string; Statement: Statement[] };
    if (Version !== "2012-10-17") throw new Error(`policy version ${Version}`);
    return Statement.filter((statement) => denies(statement, request)).map(({ Sid }) => Sid);
  });
}
