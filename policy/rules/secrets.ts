/** Secrets where everybody reads them who may look at the resource. */
import { type Finding, type Rule, type Subject } from "../rule";
import { isObject, placesAt, UNKNOWN, type Value, type Values } from "../values";

/** Where types keep environment variables: an object by name, or a list with `name` and `value`; maybe in JSON. */
const ENVIRONMENTS: Readonly<Record<string, readonly string[]>> = {
  "aws:amplify/app:App": ["environmentVariables"],
  "aws:amplify/branch:Branch": ["environmentVariables"],
  "aws:apprunner/service:Service": [
    "sourceConfiguration.imageRepository.imageConfiguration.runtimeEnvironmentVariables",
    "sourceConfiguration.codeRepository.codeConfiguration.codeConfigurationValues.runtimeEnvironmentVariables",
  ],
  "aws:batch/jobDefinition:JobDefinition": ["containerProperties.environment"],
  "aws:codebuild/project:Project": ["environment.environmentVariables"],
  "aws:ecs/taskDefinition:TaskDefinition": ["containerDefinitions[].environment"],
  "aws:lambda/function:Function": ["environment.variables"],
};

interface Variable {
  readonly name: string;
  readonly path: string;
  readonly value: Value;
}

/** Names that end in what a secret is called; `DB_SECRET_ARN` or `TOKEN_URL` only point at something. */
const SECRET_NAME =
  /(password|passwd|passphrase|secret|token|credentials?|pwd|(api|access|account|auth|client|encryption|license|master|private|secret|shared|signing|ssh|storage|webhook)_?key)(_?\d+)?$/i;

/** Values that are no secret whatever their name: nothing, flags, numbers, ARNs, names in a store, KMS ciphertext. */
const REFERENCE =
  /^(|true|false|-?[\d.]+|arn:.*|AQICAH.*|\/.*|alias\/.*|(ssm|secretsmanager|vault|op|kms):.*|\{\{resolve:.*|https?:\/\/[^@]*|[a-z0-9._-]+(\/[a-z0-9._-]+)+)$/s;

/** What tokens look like, by who gives them. */
const SECRET_VALUES: readonly RegExp[] = [
  /-----BEGIN [A-Z ]*PRIVATE KEY/,
  /\b(AKIA|ASIA)[A-Z0-9]{16}\b/,
  /\bgh[oprsu]_\w{36,}/,
  /\bgithub_pat_\w{22,}/,
  /\bglpat-[\w-]{20,}/,
  /\bxox[abeprs]-[\w-]{10,}/,
  /\bhooks\.slack\.com\/(services|workflows)\/[\w/]{20,}/,
  /\b[rs]k_(live|test)_\w{16,}/,
  /\bsk-[\w-]{20,}/,
  /\bSG\.[\w-]{16,}\.[\w-]{16,}/,
  /\bnpm_\w{36}/,
  /\bpul-[0-9a-f]{40}/,
  /\bhvs\.[\w-]{20,}/,
  /\bAIza[\w-]{35}/,
  /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}/,
  // In an address, or in a list of settings.
  /:\/\/[^/?#\s:@]*:[^/?#\s@]+@/,
  /(^|[;&?\s])(password|pwd|accountkey|sharedaccesskey)=[^;&\s]+/i,
];

function variablesAt(props: Values, path: string): Variable[] {
  return placesAt(decoded(props), path).flatMap(({ path: at, value }) => {
    if (Array.isArray(value)) {
      return value.flatMap((item, i) =>
        isObject(item) && typeof item.name === "string"
          ? { name: item.name, path: `${at}[${i}].value`, ...held(item) }
          : [],
      );
    }
    if (!isObject(value)) return [];
    return Object.entries(value)
      .filter(([name]) => name !== "__defaults")
      .map(([name, item]) => ({ name, path: `${at}.${name}`, value: item }));
  });
}

/** CodeBuild's variables may be the name of a parameter or a secret. */
function held({ value, type }: Values): { value: Value } {
  return { value: type === undefined || type === "PLAINTEXT" ? value : undefined };
}

/** Properties that are JSON, such as containers' definitions, as what they say. */
function decoded(props: Values): Values {
  const entries = Object.entries(props).map(([key, value]) => [key, parsed(value)] as const);
  return Object.fromEntries(entries);
}

function parsed(value: Value): Value {
  if (typeof value !== "string" || !/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value) as Value;
  } catch {
    return value;
  }
}

function looksSecret({ name, value }: Variable): boolean {
  if (typeof value !== "string") return false;
  return SECRET_VALUES.some((shape) => shape.test(value)) || (SECRET_NAME.test(name) && !REFERENCE.test(value));
}

/** The path that Pulumi keeps secret and that a variable is or lies in; of texts that are JSON nobody knows which part. */
function secretPath({ path }: Variable, { props, secrets = new Set() }: Subject): string | undefined {
  return [...secrets].find(
    (secret) =>
      typeof props[secret] !== "string" &&
      (path === secret || path.startsWith(`${secret}.`) || path.startsWith(`${secret}[`)),
  );
}

function secretsIn(subject: Subject): Finding[] {
  const found = (ENVIRONMENTS[subject.type] ?? [])
    .flatMap((path) => variablesAt(subject.props, path))
    .filter(({ value }) => value !== UNKNOWN && value !== undefined)
    .flatMap((variable) => secretPath(variable, subject) ?? (looksSecret(variable) ? variable.path : []));
  return [...new Set(found)].map((property) => ({ property, value: "(hidden)" }));
}

export const secretRules: readonly Rule[] = [
  {
    id: "no-secrets-in-environment",
    title: "Environment variables hold no passwords, tokens or keys",
    reason:
      "Everybody who may look at the function, build or task reads them, in the console and in logs of its configuration.",
    remedy:
      "Keep the secret in Secrets Manager or as a SecureString parameter, give the program its ARN, and let it read the secret when it starts.",
    severity: "mandatory",
    types: Object.keys(ENVIRONMENTS),
    check: secretsIn,
  },
];
