/**
 * Functions that CloudFront runs (Lambda@Edge), which have to be on x86_64 and cannot be traced.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-at-edge-function-restrictions.html
 */
import { type Finding, type Rule, type Stack, type Subject } from "./rule";
import { statementsAt } from "./statements";
import { isAbsent, isKnown, type Known, placesAt, UNKNOWN, type Value, valueAt } from "./values";

const FUNCTION = "aws:lambda/function:Function";
const ROLE = "aws:iam/role:Role";

/** What functions at the edge cannot have. */
const UNSUPPORTED = [
  "deadLetterConfig",
  "environment.variables",
  "fileSystemConfigs",
  "fileSystemConfig",
  "imageUri",
  "layers",
  "vpcConfig",
];

function isGiven(value: Value): boolean {
  return !isAbsent(value) && (typeof value !== "object" || Object.keys(value).length > 0);
}

/** Whether a function can be one of the edge by what it says itself: a published version in us-east-1, and plain. */
function canBeAtEdge({ type, props, provider }: Subject): boolean {
  const region = props.region ?? provider?.region ?? UNKNOWN;
  return (
    type === FUNCTION &&
    (props.publish === true || props.publish === UNKNOWN) &&
    (region === "us-east-1" || region === UNKNOWN) &&
    !UNSUPPORTED.some((path) => isGiven(valueAt(props, path)))
  );
}

/** Whether CloudFront may take a role. Where the trust policy is not known, it may. */
function trustsEdge({ props }: Subject): boolean {
  return (
    props.assumeRolePolicy === UNKNOWN ||
    statementsAt({ props }, "assumeRolePolicy").some(
      ({ effect, principals }) => effect === "Allow" && principals.includes("edgelambda.amazonaws.com"),
    )
  );
}

const ASSOCIATIONS = ["defaultCacheBehavior", "orderedCacheBehaviors[]"].map(
  (behaviour) => `${behaviour}.lambdaFunctionAssociations[].lambdaArn`,
);
const DISTRIBUTIONS: Readonly<Record<string, readonly string[]>> = {
  "aws:cloudfront/distribution:Distribution": ASSOCIATIONS,
  "aws:cloudfront/multitenantDistribution:MultitenantDistribution": [
    "defaultCacheBehavior.lambdaFunctionAssociations[].lambdaFunctionArn",
    "cacheBehaviors[].lambdaFunctionAssociations[].lambdaFunctionArn",
  ],
};

/** Whether a distribution of the stack runs a function, or CloudFront may take the function's role. */
function isAtEdge(lambda: Subject, stack: Stack): boolean {
  if (!canBeAtEdge(lambda)) return false;
  const isRun = stack
    .ofType(...Object.keys(DISTRIBUTIONS))
    .some((from) =>
      (DISTRIBUTIONS[from.type] ?? []).some((path) => stack.references(from, path, [FUNCTION]).includes(lambda)),
    );
  return isRun || stack.references(lambda, "role", [ROLE]).some(trustsEdge);
}

/** A property of functions that has to pass a test, except at the edge; who is there shows in the whole stack only. */
export function exceptAtEdge(
  path: string,
  passes: (value: Known) => boolean,
): Pick<Rule, "types"> & {
  readonly check: (subject: Subject) => Finding[];
  readonly checkStack: (stack: Stack) => Required<Finding>[];
} {
  const wrong = ({ props }: Subject): Finding[] =>
    placesAt(props, path)
      .filter(isKnown)
      .filter(({ value }) => !passes(value))
      .map(({ path: property, value }) => ({ property, value }));
  return {
    types: [FUNCTION],
    check: (subject) => (canBeAtEdge(subject) ? [] : wrong(subject)),
    checkStack: (stack) =>
      stack
        .ofType(FUNCTION)
        .filter((lambda) => canBeAtEdge(lambda) && !isAtEdge(lambda, stack))
        .flatMap((subject) => wrong(subject).map((finding) => ({ ...finding, subject }))),
  };
}

/**
 * Whether a function may be one of the edge, as far as is known when it is registered, before any distribution. Its
 * role was registered before it: when it is of this stack, its trust policy is known. In doubt it may.
 */
export function mayBeAtEdge(lambda: Subject, earlier: readonly Subject[]): boolean {
  if (!canBeAtEdge(lambda)) return false;
  const { role } = lambda.props;
  const roles = earlier.filter(({ type }) => type === ROLE);
  if (role === UNKNOWN) return roles.length === 0 || roles.some(trustsEdge);
  const own = roles.filter(({ props: { name } }) => typeof name === "string" && String(role).endsWith(`/${name}`));
  return own.length === 0 || own.some(trustsEdge);
}
