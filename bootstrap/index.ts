/**
 * What stacks need before their first deployment, from the stacks' own files: the state's bucket and key, roles for
 * GitHub's workflows, and in every account the roles that stacks assume. docs/accounts.md has the commands.
 */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Account } from "../stacks/account";
import { DEFAULTS } from "../stacks/defaults";
import { ROLES } from "../stacks/roles";
import { createAccountRoles, type Trusted } from "./account-roles";
import { createIdentityProvider, createWorkflowRole } from "./github";
import { type DeployedStack, readSettings, readStacks, type Settings } from "./settings";
import { createState, inlinePolicy, mayRead, mayWrite } from "./state";

const partitionOf = ({ roleArn }: Account): string => roleArn.split(":")[1] ?? "aws";
const previewRoleOf = (account: Account): string =>
  `arn:${partitionOf(account)}:iam::${account.id}:role/${ROLES.preview.name}`;
/** An account's stacks may have a role of their own there; somebody else makes it. */
const isStandard = ({ roleArn }: Account): boolean => roleArn.endsWith(`:role/${ROLES.deployer.name}`);
const unique = <Value>(values: readonly Value[]): Value[] => [...new Set(values)];

/** The provider of the account where it begins assumes no role; that of another account assumes the one there. */
function providerOf({ region, account, accountRole }: Settings, id: string, partition: string): aws.Provider {
  const assumed = [{ roleArn: `arn:${partition}:iam::${id}:role/${accountRole}`, sessionName: "bootstrap" }];
  return new aws.Provider(`account-${id}`, {
    region: region as aws.Region,
    allowedAccountIds: [id],
    ...(id === account ? {} : { assumeRoles: assumed }),
    defaultTags: { tags: { ...DEFAULTS.tags } },
  });
}

/** Each with every name that an account's stacks have for it, once. */
function trustedIn(accounts: readonly Account[], arns: readonly pulumi.Input<string>[]): Trusted[] {
  return unique(accounts.map(({ externalId }) => externalId)).flatMap((externalId) =>
    arns.map((arn) => ({ arn, externalId })),
  );
}

function deploy(settings: Settings, stacks: readonly DeployedStack[]) {
  const { account: home, repository, region, people } = settings;
  const accounts = stacks.flatMap((stack) => stack.accounts);
  const partition = accounts.map(partitionOf)[0] ?? "aws";
  const provider = providerOf(settings, home, partition);
  const opts = { provider };
  const state = createState(settings.stateBucket, opts);
  const github = createIdentityProvider(opts);

  const preview = createWorkflowRole("github-preview", github, `repo:${repository}:pull_request`, opts);
  const assumePreview = { actions: ["sts:AssumeRole"], resources: unique(accounts.map(previewRoleOf)) };
  inlinePolicy(preview, "github-preview", [...mayRead(state), assumePreview], opts);

  const deployers = stacks.map((stack) => {
    const name = `github-deploy-${stack.name}`;
    const role = createWorkflowRole(name, github, `repo:${repository}:environment:${stack.name}`, opts);
    const assume = { actions: ["sts:AssumeRole"], resources: unique(stack.accounts.map(({ roleArn }) => roleArn)) };
    inlinePolicy(role, name, [...mayRead(state), ...mayWrite(state, stack.name), assume], opts);
    return { ...stack, role };
  });

  for (const id of unique(accounts.map((account) => account.id))) {
    const here = accounts.filter((account) => account.id === id);
    const deploying = deployers.flatMap(({ accounts: used, role }) =>
      trustedIn(
        used.filter((account) => account.id === id && isStandard(account)),
        [role.arn],
      ),
    );
    const trusted = {
      deployer: [...deploying, ...trustedIn(here.filter(isStandard), people)],
      preview: trustedIn(here, [preview.arn]),
    };
    createAccountRoles(id, trusted, { provider: id === home ? provider : providerOf(settings, id, partition) });
  }

  return {
    backendUrl: pulumi.interpolate`s3://${state.bucket.bucket}?region=${region}`,
    secretsProvider: pulumi.interpolate`awskms://${state.alias.name}?region=${region}`,
    previewRole: preview.arn,
    deployRoles: Object.fromEntries(deployers.map(({ name, role }) => [name, role.arn])),
  };
}

export = async () => {
  const settings = readSettings();
  return deploy(settings, await readStacks(settings));
};
