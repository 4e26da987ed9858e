/** Whether an ARN fits a pattern as IAM's `ArnLike` reads it: `*` stands for any characters, `?` for one. */
export function matches(pattern: string, arn: string): boolean {
  const escaped = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${escaped}$`).test(arn);
}
