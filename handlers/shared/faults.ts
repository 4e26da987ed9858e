interface Issue {
  path: PropertyKey[];
  message: string;
}

/** What zod found wrong with a value, each fault with its place; `whole` names the value itself. */
export function faultsOf(error: { issues: Issue[] }, whole = "the value"): string {
  return error.issues.map(({ path, message }) => `${path.join(".") || whole}: ${message}`).join("; ");
}
