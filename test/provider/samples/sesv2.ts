import type { Sample } from "./sample";

const SET = "aws:sesv2/configurationSet:ConfigurationSet";

export const sesv2: readonly Sample[] = [
  {
    token: SET,
    program: () => ({
      inputs: { configurationSetName: "reports", deliveryOptions: { tlsPolicy: "REQUIRE" } },
      changes: [
        { deliveryOptions: { tlsPolicy: "OPTIONAL" } },
        { reputationOptions: { reputationMetricsEnabled: true } },
        { suppressionOptions: { suppressedReasons: ["BOUNCE", "COMPLAINT"] } },
      ],
    }),
  },
  {
    token: "aws:sesv2/configurationSetEventDestination:ConfigurationSetEventDestination",
    program: async (make) => {
      await make(SET, { configurationSetName: "events" });
      const dimension = {
        defaultDimensionValue: "none",
        dimensionName: "ses:configuration-set",
        dimensionValueSource: "MESSAGE_TAG",
      };
      const cloudWatchDestination = { dimensionConfigurations: [dimension] };
      return {
        inputs: {
          configurationSetName: "events",
          eventDestinationName: "metrics",
          eventDestination: { enabled: true, matchingEventTypes: ["BOUNCE"], cloudWatchDestination },
        },
        changes: [
          { eventDestination: { enabled: true, matchingEventTypes: ["BOUNCE", "REJECT"], cloudWatchDestination } },
        ],
      };
    },
  },
  { token: "aws:sesv2/emailIdentity:EmailIdentity", program: () => ({ inputs: { emailIdentity: "example.com" } }) },
];
