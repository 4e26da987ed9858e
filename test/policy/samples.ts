/** For each rule what passes and what fails; a rule without an entry fails the tests. */
import type { RuleSettings, Subject } from "../../policy/rule";
import type { Known } from "../../policy/values";
import { accessSamples } from "./samples/access";
import { asynchronousSamples } from "./samples/asynchronous";
import { computeSamples } from "./samples/compute";
import { identitySamples } from "./samples/identities";
import { networkSamples } from "./samples/network";
import { secretSamples } from "./samples/secrets";
import { sharingSamples } from "./samples/sharing";
import { storageSamples } from "./samples/storage";
import { wholeSamples } from "./samples/whole";

export interface Sample {
  readonly subject: Subject;
  /** What else is in the stack. */
  readonly others?: readonly Subject[];
  readonly settings?: Partial<RuleSettings>;
}

export interface Failing extends Sample {
  /** What is to be found; more than one where a resource is wrong in several places. */
  readonly found: readonly { readonly property: string; readonly value: Known }[];
}

export interface RuleSamples {
  readonly passes: readonly Sample[];
  readonly fails: readonly Failing[];
}

export const SAMPLES: Readonly<Record<string, RuleSamples>> = {
  ...computeSamples,
  ...asynchronousSamples,
  ...storageSamples,
  ...accessSamples,
  ...identitySamples,
  ...networkSamples,
  ...secretSamples,
  ...sharingSamples,
  ...wholeSamples,
};
