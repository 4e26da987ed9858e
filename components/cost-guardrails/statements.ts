/** The Deny statements that a guardrail's settings become. */
import type { Guardrail, TypeLimits } from "./args";
import { GLOBAL_ACTIONS } from "./global-actions";
import { roleArns } from "./roles";
import { isGraviton, knownFamilies, type TypedService } from "./types";

type Condition = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

export interface DenyStatement {
  readonly Sid: string;
  readonly Effect: "Deny";
  readonly Action?: readonly string[];
  readonly NotAction?: readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Condition;
}

/** Without duplicates and in order, so that the order of settings makes no difference. */
export function sorted(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort();
}

function deny(
  Sid: string,
  what: { Action: readonly string[] } | { NotAction: readonly string[] },
  { protectedRoles }: Guardrail,
  { resource = "*", condition = {} }: { resource?: string | readonly string[]; condition?: Condition } = {},
): DenyStatement {
  const ArnNotLike = { ...condition["ArnNotLike"], "aws:PrincipalArn": roleArns(protectedRoles) };
  const Condition = { ...condition, ArnNotLike };
  return { Sid, Effect: "Deny", ...what, Resource: resource, Condition };
}

/** Nobody leaves, protected roles neither: no deployment needs that, and the management account can always let go. */
export function leaving({ denyLeaving }: Guardrail): DenyStatement[] {
  if (denyLeaving === false) return [];
  return [{ Sid: "Leaving", Effect: "Deny", Action: ["organizations:LeaveOrganization"], Resource: "*" }];
}

const ROLE_CHANGES = [
  "iam:AttachRolePolicy",
  "iam:CreateRole",
  "iam:DeleteRole",
  "iam:DeleteRolePermissionsBoundary",
  "iam:DeleteRolePolicy",
  "iam:DetachRolePolicy",
  "iam:PutRolePermissionsBoundary",
  "iam:PutRolePolicy",
  "iam:UpdateAssumeRolePolicy",
  "iam:UpdateRole",
];

/** Who could make or change a role that is exempt would be exempt. */
export function protectedRoles(guardrail: Guardrail): DenyStatement[] {
  return [
    deny("ProtectedRoles", { Action: ROLE_CHANGES }, guardrail, { resource: roleArns(guardrail.protectedRoles) }),
  ];
}

/** https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_examples_general.html */
export function regions(guardrail: Guardrail): DenyStatement[] {
  if (guardrail.regions === undefined) return [];
  const allowed = sorted(guardrail.regions);
  const condition = { StringNotEquals: { "aws:RequestedRegion": allowed } };
  const profiles = inferenceProfiles(guardrail, allowed);
  const apart = profiles.length === 0 ? [] : INFERENCE;
  const NotAction = sorted([...GLOBAL_ACTIONS, ...(guardrail.globalActions ?? []), ...apart]);
  const statements = [deny("Regions", { NotAction }, guardrail, { condition })];
  if (profiles.length === 0) return statements;
  const ArnNotLike = { "bedrock:InferenceProfileArn": profiles };
  return [
    ...statements,
    deny("Inference", { Action: INFERENCE }, guardrail, { condition: { ...condition, ArnNotLike } }),
  ];
}

/** The actions whose requests tell the profile that they go through; for the Converse API, too. */
const INFERENCE = ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"];

/**
 * Requests through a profile are asked for at every region that may answer them (`unspecified` for global ones), with the
 * profile's ARN, which has the region that they were made in:
 * https://docs.aws.amazon.com/bedrock/latest/userguide/geographic-cross-region-inference.html
 */
function inferenceProfiles({ inferenceProfiles = [] }: Guardrail, regions: readonly string[]): string[] {
  return regions.flatMap((region) =>
    sorted(inferenceProfiles).map((profile) => {
      const resource = profile === "application" ? "application-inference-profile/*" : `inference-profile/${profile}.*`;
      return `arn:*:bedrock:${region}:*:${resource}`;
    }),
  );
}

/** How requests to a service name types; see the Service Authorization Reference of EC2, RDS and ElastiCache. */
interface TypeKeys {
  /** What types of this service begin with. */
  readonly prefix: string;
  /** Types without hardware of the account's choice. */
  readonly always: readonly string[];
  /** Actions whose requests always tell a type of this resource. */
  readonly launch?: { readonly actions: readonly string[]; readonly resource: string; readonly key: string };
  /** Actions whose requests may tell a type; without one the type stays what it is, or what it is copied from. */
  readonly reported: { readonly actions: readonly string[]; readonly key: string };
}

const KEYS: Readonly<Record<TypedService, TypeKeys>> = {
  instances: {
    prefix: "",
    always: [],
    launch: {
      actions: ["ec2:CreateFleet", "ec2:RunInstances"],
      resource: "arn:*:ec2:*:*:instance/*",
      key: "ec2:InstanceType",
    },
    reported: { actions: ["ec2:ModifyInstanceAttribute"], key: "ec2:Attribute/InstanceType" },
  },
  databases: {
    prefix: "db.",
    always: ["db.serverless"],
    reported: {
      actions: [
        "rds:CreateBlueGreenDeployment",
        "rds:CreateDBCluster",
        "rds:CreateDBInstance",
        "rds:CreateDBInstanceReadReplica",
        "rds:ModifyDBCluster",
        "rds:ModifyDBInstance",
        "rds:RestoreDBClusterFromSnapshot",
        "rds:RestoreDBClusterToPointInTime",
        "rds:RestoreDBInstanceFromDBSnapshot",
        "rds:RestoreDBInstanceFromS3",
        "rds:RestoreDBInstanceToPointInTime",
      ],
      key: "rds:DatabaseClass",
    },
  },
  caches: {
    prefix: "cache.",
    always: [],
    reported: {
      actions: [
        "elasticache:CreateCacheCluster",
        "elasticache:CreateReplicationGroup",
        "elasticache:ModifyCacheCluster",
        "elasticache:ModifyGlobalReplicationGroup",
        "elasticache:ModifyReplicationGroup",
      ],
      key: "elasticache:CacheNodeType",
    },
  },
};

/** The families that a guardrail allows a service; undefined for all. */
export function allowedFamilies(guardrail: Guardrail, service: TypedService): string[] | undefined {
  const { families, otherFamilies = [] }: TypeLimits = guardrail[service] ?? {};
  if (families !== undefined) return sorted([...families, ...otherFamilies]);
  if (guardrail.gravitonOnly !== true) return undefined;
  return sorted([...knownFamilies(service).filter(isGraviton), ...otherFamilies]);
}

const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Families and sizes of one service. A type must fit both, so each has statements of its own. */
export function types(guardrail: Guardrail, service: TypedService): DenyStatement[] {
  const { prefix, always, launch, reported } = KEYS[service];
  const families = allowedFamilies(guardrail, service)?.map((family) => `${prefix}${family}.*`);
  const sizes = guardrail[service]?.sizes;
  const limits: [string, readonly string[] | undefined][] = [
    ["Families", families],
    ["Sizes", sizes && sorted(sizes).map((size) => `*.${size}`)],
  ];
  const statements = limits.flatMap(([what, patterns]) => {
    if (patterns === undefined) return [];
    const allowed = [...patterns, ...always];
    const sid = capitalized(service) + what;
    const changes = deny(`${sid}Changed`, { Action: reported.actions }, guardrail, {
      condition: { Null: { [reported.key]: "false" }, StringNotLike: { [reported.key]: allowed } },
    });
    if (launch === undefined) return [{ ...changes, Sid: sid }];
    const condition = { StringNotLike: { [launch.key]: allowed } };
    return [deny(sid, { Action: launch.actions }, guardrail, { resource: launch.resource, condition }), changes];
  });
  const spot = service === "instances" && statements.length > 0 ? [spotRequests(guardrail)] : [];
  return [...statements, ...spot];
}

/** No condition key tells the types in these older requests; RunInstances and CreateFleet launch Spot instances too. */
function spotRequests(guardrail: Guardrail): DenyStatement {
  return deny("SpotRequests", { Action: ["ec2:RequestSpotFleet", "ec2:RequestSpotInstances"] }, guardrail);
}

/** `redshift` stands for all its actions. */
export function deniedActions({ deniedServices = [] }: Guardrail): string[] {
  return sorted(deniedServices.map((name) => (name.includes(":") ? name : `${name}:*`)));
}

export function services(guardrail: Guardrail, actions: readonly string[]): DenyStatement[] {
  return actions.length === 0 ? [] : [deny("Services", { Action: actions }, guardrail)];
}
