import { arnParts } from "../internal/arn";

/** How many keys SES signs with; it names their records by tokens. */
export const DKIM_KEYS = 3;

/**
 * Regions whose keys are in a domain of their own; all others share one.
 * https://docs.aws.amazon.com/general/latest/gr/ses.html#ses_dkim_domains (September 2026)
 */
const OWN_DOMAIN = new Set([
  "af-south-1",
  "ap-northeast-3",
  "ap-south-2",
  "ap-southeast-3",
  "ap-southeast-5",
  "ca-west-1",
  "eu-central-2",
  "eu-south-1",
  "il-central-1",
  "me-central-1",
  "us-gov-east-1",
]);

export interface SigningIdentity {
  /** ARN of the identity; its region is where the keys are. */
  arn: string;
  domain: string;
  /** Undefined only under mocks that make up no outputs. */
  tokens: readonly string[] | undefined;
}

/**
 * The CNAME record of one of an identity's keys.
 *
 * @throws an Error where SES has named no token for it: a record of nothing would never verify anything
 */
export function dkimRecord({ arn, domain, tokens }: SigningIdentity, key: number): { name: string; value: string } {
  if (tokens === undefined) return { name: "", value: "" };
  const token = tokens[key];
  if (token === undefined) throw new Error(`SES gave no DKIM token ${key + 1} for ${domain}: run the deployment again`);
  const region = arnParts(arn).region;
  const place = OWN_DOMAIN.has(region) ? `dkim.${region}` : "dkim";
  return { name: `${token}._domainkey.${domain}`, value: `${token}.${place}.amazonses.com` };
}
