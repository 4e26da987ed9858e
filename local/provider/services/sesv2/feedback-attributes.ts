/** https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_PutEmailIdentityFeedbackAttributes.html */
import { PutEmailIdentityFeedbackAttributesCommand } from "@aws-sdk/client-sesv2";
import { optionalBoolean } from "../../resource-type";
import { boolean, checkShape, text as string } from "../shape";
import { identityAttributes } from "./attributes";

const FILE = "local/provider/services/sesv2/feedback-attributes.ts";

export const emailIdentityFeedbackAttributes = identityAttributes({
  token: "aws:sesv2/emailIdentityFeedbackAttributes:EmailIdentityFeedbackAttributes",
  properties: { emailForwardingEnabled: "update" },
  defaults: { emailForwardingEnabled: false },
  initial: { emailForwardingEnabled: true },
  check: (inputs) => checkShape({ emailForwardingEnabled: boolean, emailIdentity: string }, inputs, FILE),
  put: (client, EmailIdentity, inputs) => {
    const EmailForwardingEnabled = optionalBoolean(inputs, "emailForwardingEnabled") ?? false;
    return client.send(new PutEmailIdentityFeedbackAttributesCommand({ EmailIdentity, EmailForwardingEnabled }));
  },
  get: ({ FeedbackForwardingStatus = false }) => ({ emailForwardingEnabled: FeedbackForwardingStatus }),
});
