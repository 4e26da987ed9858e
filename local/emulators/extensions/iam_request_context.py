"""
Adds: what AWS tells policies about a request, where the emulator says otherwise or nothing: `aws:PrincipalArn` of a
role session is the role, a global service is asked in us-east-1, the organization of the principal and its path, calls
that no service makes, instance and node types of EC2, RDS and ElastiCache, and, for a launch, each of its resources.
Follows: IAM User Guide, "AWS global condition context keys"; Service Authorization Reference, Amazon RDS, ElastiCache.
Delete when: the emulator answers these keys so.
"""

from dataclasses import dataclass, field

from ministack.core import iam_evaluator
from ministack.services import iam

from . import iam_ec2_context
from .iam_resources import present_request
from .organizations_common import management_of, organization_of, organization_path

# Services with one endpoint for the world, in us-east-1.
_GLOBAL = {"iam", "organizations", "route53", "cloudfront", "budgets", "ce", "account", "cur", "waf"}
_REQUEST_KEYS = {
    ("rds", "CreateDBInstance"): {"rds:DatabaseClass": "DBInstanceClass", "rds:DatabaseEngine": "Engine",
                                  "rds:MultiAz": "MultiAZ", "rds:StorageEncrypted": "StorageEncrypted",
                                  "rds:StorageSize": "AllocatedStorage"},
    ("rds", "ModifyDBInstance"): {"rds:DatabaseClass": "DBInstanceClass", "rds:MultiAz": "MultiAZ",
                                  "rds:StorageSize": "AllocatedStorage"},
    ("elasticache", "CreateCacheCluster"): {"elasticache:CacheNodeType": "CacheNodeType",
                                            "elasticache:EngineType": "Engine"},
    ("elasticache", "CreateReplicationGroup"): {"elasticache:CacheNodeType": "CacheNodeType",
                                                "elasticache:EngineType": "Engine"},
    ("elasticache", "ModifyCacheCluster"): {"elasticache:CacheNodeType": "CacheNodeType"},
    ("elasticache", "ModifyReplicationGroup"): {"elasticache:CacheNodeType": "CacheNodeType"},
}


@dataclass
class SimulatedContext(iam_evaluator.EvalContext):
    """A request that is only imagined, with the condition keys that it is given (in lower case) and no other."""
    entries: dict = field(default_factory=dict)


def requested_region(service, region):
    return "us-east-1" if service in _GLOBAL else region


def resources(action, resource):
    """The resources of the present request with the condition keys of each."""
    request = present_request()
    service, _, name = action.partition(":")
    if request is None or request.operation.name != name:
        return [(resource, {})]
    if service == "ec2":
        return iam_ec2_context.resources(request) or [(resource, {})]
    return [(resource, {key: iam_ec2_context.as_text(request[member])
                        for key, member in _REQUEST_KEYS.get((service, name), {}).items() if member in request})]


def resource_tags(resource):
    from ministack.services.tagging import resource_tags as tags_of_resource

    tags = tags_of_resource(resource) or {} if resource.startswith("arn:") else {}
    return {f"aws:resourcetag/{name}".lower(): value for name, value in tags.items()}


def principal_keys(context):
    """The keys that follow from who asks, under their names in lower case."""
    names = ("aws:principalarn", "aws:principalorgid", "aws:principalorgpaths")
    found = {"aws:principalaccount": context.principal_account,
             **{name: _RESOLVERS[name](context) for name in names}, **context.principal_keys}
    return {name: value for name, value in found.items() if value is not None}


def _role_arn(principal_arn, account):
    """The role of a session; any other principal is its own."""
    if ":assumed-role/" not in principal_arn:
        return principal_arn
    name = iam_evaluator._role_name_from_assumed_arn(principal_arn)
    role = iam._roles.get_scoped(account, None, name)
    return role["Arn"] if role else f"arn:aws:iam::{account}:role/{name}"


def _organization_id(account):
    organization = organization_of(account)
    return organization["Id"] if organization else None


def _organization_paths(account):
    management = management_of(account)
    return [organization_path(management, account).removesuffix(f"{account}/")] if management else None


_RESOLVERS = {
    "aws:principalarn": lambda context: _role_arn(context.principal_arn, context.principal_account),
    "aws:principalorgid": lambda context: _organization_id(context.principal_account),
    "aws:principalorgpaths": lambda context: _organization_paths(context.principal_account),
    # Nothing in this emulator calls with the caller's credentials on its behalf, nor as a service.
    "aws:viaawsservice": lambda context: "false",
    "aws:principalisawsservice": lambda context: "true" if context.principal_type == "Service" else "false",
}


def install():
    resolve = iam_evaluator._resolve_condition_key

    def resolve_key(key, context):
        if isinstance(context, SimulatedContext):
            return context.entries.get(key.lower())
        resolver = _RESOLVERS.get(key.lower())
        return resolver(context) if resolver else resolve(key, context)

    iam_evaluator._resolve_condition_key = resolve_key
    iam_evaluator._principal_org_id = _organization_id
