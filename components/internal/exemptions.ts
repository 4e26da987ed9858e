/** Where a component does not keep to a rule of the policy pack by its nature (docs/guardrails.md), and why. */
export interface ComponentExemption {
  /** Id of the rule. */
  readonly rule: string;
  /** Type token of the component, which the resource is in at any depth. */
  readonly component: string;
  /** Type token of the resource. */
  readonly type: string;
  /** Why it is right there; every preview shows it. */
  readonly reason: string;
}
