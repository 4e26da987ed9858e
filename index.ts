import "./stacks/promise-traces";
import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { createProvider } from "./stacks/accounts";
import type { Account } from "./stacks/account";
import { parseConfiguration } from "./stacks/config";
import { ConfigurationError } from "./stacks/faults";
import { PATTERNS } from "./stacks/patterns";
import { readConfiguration } from "./stacks/read";

const stack = pulumi.getStack();
const { configuration, faults } = parseConfiguration(readConfiguration(), stack);
// A RunError is shown as it is, without a stack trace that would bury the faults.
if (faults !== undefined) throw new pulumi.RunError(new ConfigurationError(stack, faults).message);

const providers = new Map<string, aws.Provider>();

/** Providers are made for the accounts in use only: each one is a process. */
function providerFor(account: Account): aws.Provider {
  const provider = providers.get(account.name) ?? createProvider(account);
  providers.set(account.name, provider);
  return provider;
}

/** Outputs of every deployment, by its name. */
export const patterns = Object.fromEntries(
  configuration.deployments.map(({ name, pattern, account, args }) => {
    const outputs = PATTERNS[pattern]?.deploy(name, args, { provider: providerFor(account) });
    return [name, { pattern, account: account.id, region: account.region, ...outputs }];
  }),
);
