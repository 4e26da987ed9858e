/** https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_PutEmailIdentityMailFromAttributes.html */
import { PutEmailIdentityMailFromAttributesCommand } from "@aws-sdk/client-sesv2";
import { containsUnknown, type Values } from "../../property-values";
import type { CheckFailure } from "../../resource-type";
import { checkOneOf } from "../checks";
import { checkShape, presentState, type Shape, text as string, toAws } from "../shape";
import { identityAttributes } from "./attributes";

const FILE = "local/provider/services/sesv2/mail-from-attributes.ts";
const MAIL_FROM: Shape = { behaviorOnMxFailure: string, mailFromDomain: string };

/** The MAIL FROM domain is one below the identity's. */
function checkDomain({ emailIdentity, mailFromDomain }: Values): CheckFailure[] {
  if (typeof mailFromDomain !== "string" || mailFromDomain === "" || containsUnknown(mailFromDomain)) return [];
  if (typeof emailIdentity !== "string" || containsUnknown(emailIdentity)) return [];
  const domain = emailIdentity.slice(emailIdentity.lastIndexOf("@") + 1);
  if (mailFromDomain.endsWith(`.${domain}`)) return [];
  return [{ property: "mailFromDomain", reason: `received "${mailFromDomain}"; expected a subdomain of ${domain}` }];
}

export const emailIdentityMailFromAttributes = identityAttributes({
  token: "aws:sesv2/emailIdentityMailFromAttributes:EmailIdentityMailFromAttributes",
  properties: { behaviorOnMxFailure: "update", mailFromDomain: "update" },
  defaults: { behaviorOnMxFailure: "USE_DEFAULT_VALUE" },
  initial: {},
  check: (inputs) => [
    ...checkShape({ ...MAIL_FROM, emailIdentity: string }, inputs, FILE),
    ...checkOneOf("behaviorOnMxFailure", inputs.behaviorOnMxFailure, ["USE_DEFAULT_VALUE", "REJECT_MESSAGE"]),
    ...checkDomain(inputs),
  ],
  put: (client, EmailIdentity, inputs) =>
    client.send(new PutEmailIdentityMailFromAttributesCommand({ ...toAws(MAIL_FROM, inputs), EmailIdentity })),
  get: ({ MailFromAttributes }, state) => presentState(MAIL_FROM, state, MailFromAttributes),
});
