/** For each rule what passes and what fails; a rule without an entry fails the tests. */
import { accessSamples } from "./samples/access";
import { asynchronousSamples } from "./samples/asynchronous";
import { edgeSamples } from "./samples/at-edge";
import { computeSamples } from "./samples/compute";
import { identitySamples } from "./samples/identities";
import { networkSamples } from "./samples/network";
import { secretSamples } from "./samples/secrets";
import { sharingSamples } from "./samples/sharing";
import { storageSamples } from "./samples/storage";
import type { RuleSamples } from "./samples/sample";
import { wholeSamples } from "./samples/whole";

export const SAMPLES: Readonly<Record<string, RuleSamples>> = {
  ...computeSamples,
  ...asynchronousSamples,
  ...storageSamples,
  ...accessSamples,
  ...identitySamples,
  ...networkSamples,
  ...edgeSamples,
  ...secretSamples,
  ...sharingSamples,
  ...wholeSamples,
};
