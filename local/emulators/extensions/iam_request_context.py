"""
Adds: what AWS tells policies about a request, where the emulator says otherwise or nothing: `aws:PrincipalArn` of a
role session is the role, a global service is asked in us-east-1, the organization of the principal and its path, calls
that no service makes, instance and node types of EC2, RDS and ElastiCache, and, for a launch, each of its resources.
Follows: IAM User Guide, "AWS global condition context keys"; Service Authorization Reference, Amazon RDS, ElastiCache.
Delete when: the emulator answers these keys so.
"""

import contextvars
from dataclasses import dataclass, field

from ministack.core import iam_actions, iam_evaluator
from ministack.services import iam

from . import iam_ec2_context
from .organizations_common import management_of, organization_of, organization_path
from .wire import request_of

# Services with one endpoint for the world, in us-east-1.
_GLOBAL = {"iam", "organizations", "route53", "cloudfront", "budgets", "ce", "account", "cur", "waf"}
_QUERY_KEYS = {
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
_DESCRIBED = {"ec2", *(service for service, _ in _QUERY_KEYS)}
# What the request that is being authorized is about: its action, and its resources with their keys.
_described = contextvars.ContextVar("aws_patterns_described_request", default=("", None))


@dataclass
class SimulatedContext(iam_evaluator.EvalContext):
    """A request that is only imagined, with the condition keys that it is given (in lower case) and no other."""
    entries: dict = field(default_factory=dict)


def requested_region(service, region):
    return "us-east-1" if service in _GLOBAL else region


def resources(action, resource):
    """The resources of the present request with the condition keys of each: what it was described with, or the one."""
    described, found = _described.get()
    return [(arn or resource, keys) for arn, keys in found] if found and described == action else [(resource, {})]


def resource_tags(resource):
    from ministack.services.tagging import resource_tags as tags_of_resource

    tags = tags_of_resource(resource) or {} if resource.startswith("arn:") else {}
    return {f"aws:resourcetag/{name}".lower(): value for name, value in tags.items()}


def _describe(service, *call):
    """The action and resources of a request with keys of its own; the ARN is None where the emulator knows it."""
    request = request_of(service, *call) if service in _DESCRIBED else None
    if request is None:
        return "", None
    action = request.operation.name
    if service == "ec2":
        return f"ec2:{action}", iam_ec2_context.resources(request)
    given = {key: iam_ec2_context.as_text(request[name])
             for key, name in _QUERY_KEYS.get((service, action), {}).items() if name in request}
    return f"{service}:{action}", [(None, given)] if given else None


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
    extract, resolve = iam_actions.extract_resource_arn, iam_evaluator._resolve_condition_key

    def extract_and_describe(service, method, path, headers, body, query_params, region, account_id):
        _described.set(_describe(service, method, path, headers, body, query_params))
        return extract(service, method, path, headers, body, query_params, region, account_id)

    def resolve_key(key, context):
        if isinstance(context, SimulatedContext):
            return context.entries.get(key.lower())
        resolver = _RESOLVERS.get(key.lower())
        return resolver(context) if resolver else resolve(key, context)

    iam_actions.extract_resource_arn = extract_and_describe
    iam_evaluator._resolve_condition_key = resolve_key
    iam_evaluator._principal_org_id = _organization_id
