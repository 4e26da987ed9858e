/** Policies that samples need. */
import { allow } from "../support";

/** A policy of a resource, which says for whom it is. */
export function allowAll(...actions: string[]): string {
  const document = JSON.parse(allow(actions)) as { Statement: object[] };
  return JSON.stringify({ ...document, Statement: document.Statement.map((one) => ({ ...one, Principal: "*" })) });
}
