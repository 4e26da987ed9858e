/**
 * Event patterns of EventBridge rules and EventBridge Pipes: written with types, checked before they are deployed, and
 * matched in unit tests without AWS.
 *
 * ```ts
 * import { eventPattern } from "aws-patterns";
 *
 * const { prefix, anythingBut, matches, patternFaults } = eventPattern;
 * const pattern = { source: ["shop"], detail: { region: [prefix("eu-")], state: [anythingBut("draft")] } };
 * assert.deepEqual(patternFaults(pattern, { service: "eventbridge" }), []);
 * assert.ok(matches(pattern, { source: "shop", detail: { region: "eu-west-1", state: "paid" } }));
 * ```
 *
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
 */
export * from "./builder";
export { type PatternService, patternFaults } from "./check";
export { matches } from "./match";
export type * from "./types";
