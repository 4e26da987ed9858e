/** What a rule is, and what it looks at. */
import { isKnown, type Known, placesAt, type Value, type Values } from "./values";

export type Severity = "mandatory" | "advisory";

/** A resource that is judged. */
export interface Subject {
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  /** Inputs, after the provider's defaults. */
  readonly props: Values;
  /** What the engine knows of it besides; only when the whole stack is judged. */
  readonly outputs?: Values;
  /** Inputs of its provider. */
  readonly provider?: Values;
  /** URNs of the resources that an input property comes from. */
  readonly dependencies?: Readonly<Record<string, readonly string[]>>;
  /** Paths of properties that are secret: their values are not shown. */
  readonly secrets?: ReadonlySet<string>;
}

/** What rules can be given by the stack configuration. */
export interface RuleSettings {
  /** Regions where resources may be. Default: all. */
  readonly regions?: readonly string[];
  /** Zones where resources may be; `*` stands for any characters. Default: all. */
  readonly zones?: readonly string[];
  /** Tags that everything has. */
  readonly requiredTags: readonly string[];
  /** Values for required tags that are missing. */
  readonly tags: Readonly<Record<string, string>>;
  /** Whether the stack is one of production. Default: whether its name is `prod` or `production`. */
  readonly production?: boolean;
  /** Days that logs are kept where nothing is said. */
  readonly logRetentionDays: number;
  /** Whether log groups need a key of the customer's. */
  readonly encryptLogs: boolean;
}

export const DEFAULT_SETTINGS: RuleSettings = {
  requiredTags: ["owner", "environment", "cost-center"],
  tags: {},
  logRetentionDays: 30,
  encryptLogs: false,
};

/** Something that is not as a rule wants it. */
export interface Finding {
  /** Path of the property, e.g. `ingress[0].cidrBlocks`. */
  readonly property: string;
  readonly value: Known;
  /** The resource, where a rule judges the stack. */
  readonly subject?: Subject;
}

interface Described {
  /** Lower case with hyphens; part of the configuration, so it does not change. */
  readonly id: string;
  /** What holds, in one line. */
  readonly title: string;
  /** Why, as sentences. */
  readonly reason: string;
  /** Settings that it considers. */
  readonly parameters?: readonly (keyof RuleSettings)[];
}

export interface Rule extends Described {
  /** What to change, as sentences. */
  readonly remedy: string;
  readonly severity: Severity;
  /** Types of the resources that `check` judges; all when empty. */
  readonly types: readonly string[];
  check?(subject: Subject, settings: RuleSettings): readonly Finding[];
  /** Judges what can be seen in the stack as a whole only. */
  checkStack?(stack: Stack, settings: RuleSettings): readonly Required<Finding>[];
}

/** A change of a resource's inputs: a property is set, or items are added to a list. */
export type Change = { readonly path: readonly string[] } & (
  { readonly set: Value } | { readonly append: readonly Value[] }
);

/** Fixes what a rule would find, where nothing was said; what was said is left as it is. */
export interface Remediation extends Described {
  /** The rule that holds afterwards. */
  readonly fixes: string;
  readonly types: readonly string[];
  /** `earlier` are the resources of the stack that were registered before. */
  remediate(subject: Subject, settings: RuleSettings, earlier?: readonly Subject[]): readonly Change[];
}

export function appliesTo({ types }: Pick<Rule, "types">, type: string): boolean {
  return types.length === 0 || types.includes(type);
}

/** Every known value at some paths of some types has to pass a test. */
export function properties(
  paths: Readonly<Record<string, string | readonly string[]>>,
  passes: (value: Known, subject: Subject, settings: RuleSettings) => boolean,
): Pick<Rule, "types"> & Required<Pick<Rule, "check">> {
  return {
    types: Object.keys(paths),
    check: (subject, settings) =>
      [paths[subject.type] ?? []]
        .flat()
        .flatMap((path) => placesAt(subject.props, path))
        .filter(isKnown)
        .filter(({ value }) => !passes(value, subject, settings))
        .map(({ path, value }) => ({ property: path, value })),
  };
}

/** All resources of a stack, and how they refer to each other. */
export class Stack {
  private readonly byUrn: ReadonlyMap<string, Subject>;

  constructor(readonly subjects: readonly Subject[]) {
    this.byUrn = new Map(subjects.map((subject) => [subject.urn, subject]));
  }

  ofType(...types: readonly string[]): Subject[] {
    return this.subjects.filter(({ type }) => types.includes(type));
  }

  /**
   * The resources of some types that a property refers to: by its value, or, as long as that is not known, by where it
   * comes from.
   */
  references(from: Subject, path: string, types: readonly string[]): Subject[] {
    const places = placesAt(from.props, path);
    const known = places.filter(isKnown).flatMap(({ value }) => (typeof value === "string" ? value : []));
    const named = this.ofType(...types).filter((subject) => known.some((text) => isNamed(subject, text)));
    if (places.every(isKnown)) return named;
    const [property = ""] = path.split(/[.[]/);
    const sources = (from.dependencies?.[property] ?? []).flatMap((urn) => this.byUrn.get(urn) ?? []);
    return [...new Set([...named, ...sources.filter(({ type }) => types.includes(type))])];
  }
}

const IDENTITIES = ["arn", "id", "url", "name", "bucket", "qualifiedArn"];

/** Whether a text is a resource's ARN (of a version, too), id, address or name. */
function isNamed({ props, outputs = {} }: Subject, text: string): boolean {
  const names = IDENTITIES.flatMap((property) => [outputs[property], props[property]]);
  return names.some((name) => typeof name === "string" && name !== "" && (text === name || isVersion(text, name)));
}

function isVersion(text: string, name: string): boolean {
  return name.startsWith("arn:") && text.startsWith(`${name}:`);
}
