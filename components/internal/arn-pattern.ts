/**
 * Whether an ARN fits a pattern as IAM's `ArnLike` compares them: part by part between the first five colons, where `*`
 * stands for any characters and `?` for one.
 */
export function arnLike(pattern: string, arn: string): boolean {
  const [wanted, given] = [parts(pattern), parts(arn)];
  return wanted.length === given.length && wanted.every((part, i) => wildcard(part).test(given[i] ?? ""));
}

/** At most six: what comes after the account may have colons of its own. */
function parts(arn: string): string[] {
  const all = arn.split(":");
  return [...all.slice(0, 5), ...(all.length > 5 ? [all.slice(5).join(":")] : [])];
}

function wildcard(pattern: string): RegExp {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`, "s");
}
