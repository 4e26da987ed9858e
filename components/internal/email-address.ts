import { isHostName } from "./domain-name";

/** As RFC 5321 mail servers take it, without comments and quoted parts. */
export function isEmailAddress(text: string): boolean {
  const at = text.lastIndexOf("@");
  if (at < 0) return false;
  const [local, domain] = [text.slice(0, at), text.slice(at + 1)];
  const atom = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
  const isLocalPart = local.length <= 64 && new RegExp(`^${atom}(\\.${atom})*$`).test(local);
  return text.length <= 254 && isLocalPart && isHostName(domain.toLowerCase()) && !domain.includes("_");
}
