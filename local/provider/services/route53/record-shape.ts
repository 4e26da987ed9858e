/** A record's nested properties, and what can be wrong with a record before Route 53 sees it. */
import { isIPv4, isIPv6 } from "node:net";
import { containsUnknown, isEqual, type Values } from "../../property-values";
import { type CheckFailure, texts } from "../../resource-type";
import { checkEach, checkExactlyOne, checkOneOf, checkRange } from "../checks";
import { boolean, checkShape, named, nestedList, number, type Shape, text as asText } from "../shape";
import { FILE } from "./common";

export const TYPES = [
  "A",
  "AAAA",
  "CAA",
  "CNAME",
  "DS",
  "HTTPS",
  "MX",
  "NAPTR",
  "NS",
  "PTR",
  "SOA",
  "SPF",
  "SRV",
  "SSHFP",
  "SVCB",
  "TLSA",
  "TXT",
];

export const ALIAS: Shape = {
  evaluateTargetHealth: boolean,
  name: named("DNSName", asText),
  zoneId: named("HostedZoneId", asText),
};
export const GEOLOCATION: Shape = {
  continent: named("ContinentCode", asText),
  country: named("CountryCode", asText),
  subdivision: named("SubdivisionCode", asText),
};
/** Routing policies are lists of one, and all of them need a `setIdentifier`. */
export const POLICIES: Shape = {
  failoverRoutingPolicies: nestedList({ type: asText }),
  geolocationRoutingPolicies: nestedList(GEOLOCATION),
  latencyRoutingPolicies: nestedList({ region: asText }),
  multivalueAnswerRoutingPolicy: boolean,
  weightedRoutingPolicies: nestedList({ weight: number }),
};

function checkValues(inputs: Values): CheckFailure[] {
  const isValid = inputs.type === "A" ? isIPv4 : inputs.type === "AAAA" ? isIPv6 : undefined;
  if (isValid === undefined || !Array.isArray(inputs.records)) return [];
  return texts(inputs, "records").flatMap((value, i) =>
    containsUnknown(value) || isValid(value)
      ? []
      : [
          {
            property: `records[${i}]`,
            reason: `received "${value}"; expected an ${inputs.type === "A" ? "IPv4" : "IPv6"} address`,
          },
        ],
  );
}

export function checkRecord(inputs: Values): CheckFailure[] {
  const policies = Object.keys(POLICIES).filter(
    (name) => inputs[name] !== undefined && inputs[name] !== false && !isEqual(inputs[name], []),
  );
  const hasIdentifier = inputs.setIdentifier !== undefined && inputs.setIdentifier !== "";
  const isRecord = inputs.records !== undefined;
  return [
    ...checkShape({ ...POLICIES, aliases: nestedList(ALIAS), ttl: number }, inputs, FILE),
    ...checkOneOf("type", inputs.type, TYPES),
    ...checkExactlyOne(inputs, ["records", "aliases"]),
    ...(isRecord && inputs.ttl === undefined
      ? [{ property: "ttl", reason: "missing, and required beside records" }]
      : []),
    ...(!isRecord && inputs.ttl !== undefined
      ? [{ property: "ttl", reason: "received beside aliases, which have no TTL of their own" }]
      : []),
    ...checkRange("ttl", inputs.ttl, 0, 2147483647),
    ...checkValues(inputs),
    ...checkEach(inputs, "weightedRoutingPolicies", ({ weight }, path) => checkRange(`${path}.weight`, weight, 0, 255)),
    ...policies
      .slice(1)
      .map((property) => ({ property, reason: `received beside ${policies[0]}; give one routing policy` })),
    ...(policies.length > 0 && !hasIdentifier
      ? [{ property: "setIdentifier", reason: `missing, and required with ${policies[0]}` }]
      : []),
    ...(policies.length === 0 && hasIdentifier
      ? [
          {
            property: "setIdentifier",
            reason: "received without a routing policy; give one, e.g. weightedRoutingPolicies",
          },
        ]
      : []),
  ];
}
