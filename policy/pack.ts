/** The rules as a policy pack: each rule and each remediation is a policy of its own, which the configuration can set. */
import type {
  PolicyPackArgs,
  PolicyResource,
  ReportViolation,
  ResourceValidationPolicy,
  StackValidationPolicy,
} from "@pulumi/policy";
import { rawProperties, subjectOf, withArchives, withChanges } from "./engine";
import { type ComponentExemption, COMPONENT_EXEMPTIONS, type Exemption, exemptionOf } from "./exemptions";
import { messageOf } from "./message";
import { configSchema } from "./parameters";
import {
  appliesTo,
  DEFAULT_SETTINGS,
  type Finding,
  type Remediation,
  type Rule,
  type RuleSettings,
  Stack,
  type Subject,
} from "./rule";
import { REMEDIATIONS, RULES } from "./rules";

export const PACK_NAME = "aws-patterns";

type Policy = ResourceValidationPolicy & Partial<StackValidationPolicy>;
type Configuration = Partial<RuleSettings> & { exemptions?: readonly Exemption[] };

/** What the pack remembers while the engine goes through a stack. */
class Ledger {
  /** Inputs as they were judged, by URN: what the engine tells of the whole stack are outputs. */
  readonly inputs = new Map<string, Subject>();
  /** Paths of secret inputs, by URN: policies that only judge are not given them. */
  readonly secrets = new Map<string, ReadonlySet<string>>();
  private readonly reported = new Set<string>();
  private readonly used = new Set<string>();
  private lines: string[] = [];

  subject(resource: Parameters<typeof subjectOf>[0]): Subject {
    const found = { ...subjectOf(resource), secrets: this.secrets.get(resource.urn) ?? new Set<string>() };
    this.inputs.set(resource.urn, found);
    return found;
  }

  noteExemption(rule: string, { type, name, urn }: Subject, exemption: Exemption | ComponentExemption): void {
    this.used.add(keyOf(exemption));
    const key = `${rule} ${urn}`;
    if (this.reported.has(key)) return;
    this.reported.add(key);
    this.lines.push(`exempt: ${rule}, ${type} "${name}". ${exemption.reason}`);
  }

  /** Exemptions made use of since the last time. */
  takeExemptions(): string[] {
    const lines = this.lines;
    this.lines = [];
    return lines;
  }

  isUsed(exemption: Exemption): boolean {
    return this.used.has(keyOf(exemption));
  }
}

function keyOf(exemption: Exemption | ComponentExemption): string {
  return JSON.stringify(exemption, ["rule", "resource", "component", "type", "reason"]);
}

/** Reports what a rule has found, but for what is exempted from it. */
function judge(
  rule: Rule,
  subject: Subject,
  finding: Finding,
  { exemptions = [] }: Configuration,
  ledger: Ledger,
  components: readonly ComponentExemption[],
  report: ReportViolation,
): void {
  const exemption = exemptionOf(rule.id, subject, exemptions, components);
  if (exemption === undefined) report(messageOf(rule, subject, finding), subject.urn);
  else ledger.noteExemption(rule.id, subject, exemption);
}

function policyOf(rule: Rule, ledger: Ledger, components: readonly ComponentExemption[]): Policy {
  const { id: name, title: description, severity: enforcementLevel, remedy: remediationSteps, parameters } = rule;
  const policy: Policy = {
    name,
    description,
    enforcementLevel,
    remediationSteps,
    configSchema: configSchema(parameters),
    validateResource: (args, report) => {
      if (rule.check === undefined || !appliesTo(rule, args.type)) return;
      const configuration = args.getConfig<Configuration>();
      const subject = ledger.subject(args);
      for (const finding of rule.check(subject, { ...DEFAULT_SETTINGS, ...configuration })) {
        judge(rule, subject, finding, configuration, ledger, components, report);
      }
    },
  };
  const { checkStack } = rule;
  if (checkStack === undefined) return policy;
  return {
    ...policy,
    validateStack: (args, report) => {
      const configuration = args.getConfig<Configuration>();
      const stack = new Stack(args.resources.map((resource) => stackSubject(resource, ledger)));
      for (const finding of checkStack(stack, { ...DEFAULT_SETTINGS, ...configuration })) {
        judge(rule, finding.subject, finding, configuration, ledger, components, report);
      }
    },
  };
}

function stackSubject(resource: PolicyResource, ledger: Ledger): Subject {
  const { props: outputs, ...subject } = subjectOf(resource);
  const dependencies = Object.entries(resource.propertyDependencies).map(
    ([property, sources]) => [property, sources.map(({ urn }) => urn)] as const,
  );
  const inputs = ledger.inputs.get(resource.urn)?.props ?? outputs;
  return { ...subject, props: inputs, outputs, dependencies: Object.fromEntries(dependencies) };
}

function remediationPolicyOf(
  remediation: Remediation,
  ledger: Ledger,
  components: readonly ComponentExemption[],
): Policy {
  const { id: name, title: description, fixes, parameters } = remediation;
  return {
    name,
    description,
    enforcementLevel: "remediate",
    configSchema: configSchema(parameters),
    remediateResource: async (args) => {
      if (!appliesTo(remediation, args.type)) return undefined;
      const { exemptions = [], ...settings } = args.getConfig<Configuration>();
      const subject = subjectOf(args);
      const earlier = [...ledger.inputs.values()];
      const changes = remediation.remediate(subject, { ...DEFAULT_SETTINGS, ...settings }, earlier);
      if (changes.length === 0 || exemptionOf(fixes, subject, exemptions, components) !== undefined) return undefined;
      return withArchives(withChanges(rawProperties(args.props), changes));
    },
  };
}

/** Sees every resource first, and changes nothing: what is secret is given to remediations only. */
function bookkeeping(ledger: Ledger): Policy {
  return {
    name: "bookkeeping",
    description: "Notes each resource's inputs, and which of them are secret",
    enforcementLevel: "remediate",
    remediateResource: (args) => {
      ledger.secrets.set(args.urn, subjectOf(args).secrets);
    },
    validateResource: (args) => {
      ledger.subject(args);
    },
  };
}

/** Comes last, and tells which exemptions the other policies made use of. */
function exemptionsPolicy(ledger: Ledger): Policy {
  const tell = (report: ReportViolation): void => {
    for (const line of ledger.takeExemptions()) report(line);
  };
  return {
    name: "exemptions",
    description: "Exemptions from the rules",
    enforcementLevel: "advisory",
    configSchema: configSchema(),
    validateResource: (_, report) => tell(report),
    validateStack: (args, report) => {
      tell(report);
      const { exemptions = [] } = args.getConfig<Configuration>();
      for (const exemption of exemptions.filter((candidate) => !ledger.isUsed(candidate))) {
        report(
          `unused exemption: ${exemption.rule}, "${exemption.resource}". Nothing that it describes violates the rule.`,
        );
      }
    },
  };
}

/** What the PolicyPack is made of. `components` are the exemptions that components bring along. */
export function packArguments(components: readonly ComponentExemption[] = COMPONENT_EXEMPTIONS): PolicyPackArgs {
  const ledger = new Ledger();
  return {
    description: "What every stack of aws-patterns keeps to; docs/guardrails.md",
    enforcementLevel: "mandatory",
    policies: [
      bookkeeping(ledger),
      ...REMEDIATIONS.map((remediation) => remediationPolicyOf(remediation, ledger, components)),
      ...RULES.map((rule) => policyOf(rule, ledger, components)),
      exemptionsPolicy(ledger),
    ],
  };
}
