/** Forms of texts among the arguments of SecuredFunctionUrl. */
import { FORMATS as SHARED } from "../internal/formats";
import type { Format } from "../internal/schema";

function urlOf(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

/** Over TLS, or to the machine itself. */
function isSafe({ protocol, hostname }: URL): boolean {
  return protocol === "https:" || (protocol === "http:" && hostname === "localhost");
}

export const FORMATS = {
  ...SHARED,
  /** https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-app-settings-client-apps.html */
  "callback-url": {
    test: (text) => {
      const url = urlOf(text);
      return url !== undefined && isSafe(url) && !/[#*\s]/.test(text) && url.username === "" && text.length <= 1024;
    },
    allowed: "an exact address with https, or http://localhost, without wildcards and fragment",
    fix: "Write the whole address that the site sends, such as https://app.example.com/.",
  },
  "certificate-arn": {
    test: /^arn:[\w-]+:acm:us-east-1:\d{12}:certificate\/[\w-]+$/,
    allowed: "the ARN of a certificate in us-east-1",
    fix: "Request the certificate in us-east-1: CloudFront takes those of no other region.",
  },
  "country-code": {
    test: /^[A-Z]{2}$/,
    allowed: "a country's code of two capitals, such as CA (ISO 3166)",
    fix: "Write the code that WAF lists for the country.",
  },
  origin: {
    test: (text) => {
      const url = urlOf(text);
      return url !== undefined && isSafe(url) && url.origin === text;
    },
    allowed: "an origin with https, or http://localhost, such as https://app.example.com",
    fix: "Write scheme and host alone, without a path and a final slash.",
  },
} as const satisfies Readonly<Record<string, Format>>;
