/** Amazon Simple Email Service, API v2. https://docs.aws.amazon.com/ses/latest/APIReference-V2/ */
import type { Service } from "../resource-type";
import { configurationSet } from "./sesv2/configuration-set";
import { emailIdentity, getEmailIdentity } from "./sesv2/email-identity";
import { configurationSetEventDestination } from "./sesv2/event-destination";
import { emailIdentityFeedbackAttributes } from "./sesv2/feedback-attributes";
import { emailIdentityPolicy } from "./sesv2/identity-policy";
import { emailIdentityMailFromAttributes } from "./sesv2/mail-from-attributes";

export const sesv2: Service = {
  resources: [
    configurationSet,
    configurationSetEventDestination,
    emailIdentity,
    emailIdentityFeedbackAttributes,
    emailIdentityMailFromAttributes,
    emailIdentityPolicy,
  ],
  functions: [getEmailIdentity],
};
