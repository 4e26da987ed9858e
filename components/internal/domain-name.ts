const LABEL = "[a-z0-9_](?:[a-z0-9-]{0,61}[a-z0-9])?";
/** A top-level domain has letters only, unless it is an internationalised one in its ASCII form. */
const TOP_LEVEL = "(?:[a-z]{2,63}|xn--[a-z0-9-]{0,58}[a-z0-9])";
const HOST_NAME = new RegExp(`^(?=.{1,253}$)(?:${LABEL}\\.)+${TOP_LEVEL}$`);

/** Whether a text is a full host name in lower case, without a final dot, such as `media.example.com`. */
export function isHostName(text: string): boolean {
  return HOST_NAME.test(text);
}

/** A domain name as it can be compared: in lower case, without the final dot. */
export function plainDomainName(text: string): string {
  return text.toLowerCase().replace(/\.$/, "");
}
