const compiled = new Map<string, RegExp>();

function expressionOf(pattern: string): RegExp {
  const escaped = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  const expression = new RegExp(`^${escaped}$`);
  compiled.set(pattern, expression);
  return expression;
}

/** Whether an ARN fits a pattern as IAM's `ArnLike` reads it: `*` stands for any characters, `?` for one. */
export function matches(pattern: string, arn: string): boolean {
  return (compiled.get(pattern) ?? expressionOf(pattern)).test(arn);
}
