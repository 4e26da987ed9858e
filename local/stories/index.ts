import { wavelengthDns } from "./wavelength-dns";
import type { Story } from "./story";

/** The story of every pattern. A test keeps this in step with stacks/patterns.ts. */
export const STORIES: Readonly<Record<string, Story>> = { "wavelength-dns": wavelengthDns };
