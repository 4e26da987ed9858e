import { ArgumentChecks, type Rule } from "../internal/argument-checks";
import { checkPolicies } from "../internal/policy";
import type { SecuredFunctionUrlArgs } from "./args";
import { SCHEMA } from "./args.schema";
import { FORMATS } from "./formats";

type Check = Rule<SecuredFunctionUrlArgs>;

/** All that is wrong with arguments, for programs and stack files. */
export function checkSecuredFunctionUrl(args: SecuredFunctionUrlArgs): ArgumentChecks {
  return new ArgumentChecks().declared({ schema: SCHEMA, formats: FORMATS }, args, [checkFunction, checkCallbackUrls]);
}

const checkFunction: Check = (checks, { function: own }) => {
  if (own === undefined) return;
  checks.require(typeof own.callback === "function", {
    path: "function.callback",
    received: own.callback,
    allowed: "an inline callback, in a program",
    fix: "A stack file cannot hold code: leave `function` out for the sample, or write a program that uses the component.",
  });
  checkPolicies(checks, "function.policies", own.policies ?? []);
};

/** Somebody has to say where people come back to. */
const checkCallbackUrls: Check = (checks, { signIn, site }) => {
  const { callbackUrls } = signIn ?? {};
  checks.require(callbackUrls !== undefined || site !== undefined, {
    path: "signIn.callbackUrls",
    received: callbackUrls,
    allowed: "at least one address, where there is no site",
    fix: "Give the address of the page that people sign in from, or `site`.",
  });
};
