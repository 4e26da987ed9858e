import { containsUnknown, type Value } from "../../property-values";
import type { CheckFailure } from "../../resource-type";

/** IAM answers policies percent-encoded (RFC 3986). */
export function decoded(document: string | undefined): string | undefined {
  return document === undefined ? undefined : decodeURIComponent(document);
}

export function checkName(property: string, value: Value | undefined, maxLength: number): CheckFailure[] {
  if (typeof value !== "string" || containsUnknown(value)) return [];
  if (/^[\w+=,.@-]+$/.test(value) && value.length <= maxLength) return [];
  return [{ property, reason: `received "${value}"; 1 to ${maxLength} letters, digits and _ + = , . @ -` }];
}

export function checkPath(value: Value | undefined): CheckFailure[] {
  if (typeof value !== "string" || containsUnknown(value) || /^\/([!-~]+\/)?$/.test(value)) return [];
  return [{ property: "path", reason: `received "${value}"; a path begins and ends with a slash` }];
}

export function checkPolicyArn(property: string, value: Value | undefined): CheckFailure[] {
  if (typeof value !== "string" || containsUnknown(value)) return [];
  if (/^arn:[\w-]+:iam::(\d{12}|aws):policy\/.+$/.test(value)) return [];
  return [{ property, reason: `received "${value}"; expected the ARN of a managed policy` }];
}
