"""
Adds: whom roles trust. A trust policy that names a role or user that does not exist is refused; a token of an OpenID
Connect provider that the account does not have, or of an audience that the provider does not list, is refused; the
provider's audiences and tags can change. Tokens count as signed by whom they name.
Follows: IAM User Guide, "AWS JSON policy elements: Principal"; IAM API Reference, AddClientIDToOpenIDConnectProvider,
TagOpenIDConnectProvider; STS API Reference, AssumeRoleWithWebIdentity.
Delete when: the emulator refuses unknown principals and looks at its OpenID Connect providers.
"""

import json
import re

from ministack.services import iam, sts

from .wire import AwsError, before, operation

_ENTITY = re.compile(r"arn:[\w-]+:iam::(\d{12}):(role|user)/(?:.*/)?([^/]+)")


def _exists(principal):
    match = _ENTITY.fullmatch(principal)
    if not match:
        return True
    account, kind, name = match.groups()
    entity = (iam._roles if kind == "role" else iam._users).get_scoped(account, None, name)
    return entity is not None and entity["Arn"] == principal


def _trusted(document):
    try:
        statements = json.loads(document).get("Statement", [])
    except (ValueError, AttributeError):
        # The emulator's own answer says what is wrong.
        return []
    principals = [s.get("Principal") for s in (statements if isinstance(statements, list) else [statements])]
    named = [p.get("AWS", []) for p in principals if isinstance(p, dict)]
    return [arn for arns in named for arn in (arns if isinstance(arns, list) else [arns])]


@before("iam", "CreateRole", "UpdateAssumeRolePolicy")
def check_principals(request):
    for principal in _trusted(request.get("AssumeRolePolicyDocument") or request.get("PolicyDocument")):
        if not _exists(principal):
            raise AwsError("MalformedPolicyDocument", f'Invalid principal in policy: "AWS":"{principal}"')


def _provider(request):
    provider = iam._oidc_providers.get(request["OpenIDConnectProviderArn"])
    if provider is None:
        raise AwsError("NoSuchEntity", f"OpenIDConnect Provider not found for arn {request['OpenIDConnectProviderArn']}")
    return provider


@operation("iam", "AddClientIDToOpenIDConnectProvider")
def add_audience(request):
    audiences = _provider(request)["ClientIDList"]
    if request["ClientID"] not in audiences:
        audiences.append(request["ClientID"])


@operation("iam", "RemoveClientIDFromOpenIDConnectProvider")
def remove_audience(request):
    provider = _provider(request)
    provider["ClientIDList"] = [one for one in provider["ClientIDList"] if one != request["ClientID"]]


@operation("iam", "TagOpenIDConnectProvider")
def tag_provider(request):
    provider, keys = _provider(request), {tag["Key"] for tag in request["Tags"]}
    provider["Tags"] = [tag for tag in provider.get("Tags", []) if tag["Key"] not in keys] + request["Tags"]


@operation("iam", "UntagOpenIDConnectProvider")
def untag_provider(request):
    provider = _provider(request)
    provider["Tags"] = [tag for tag in provider.get("Tags", []) if tag["Key"] not in request["TagKeys"]]


@before("sts", "AssumeRoleWithWebIdentity")
def check_token(request):
    arn, keys = sts._web_identity_principal(
        request["WebIdentityToken"], request.get("ProviderId", ""), request["RoleArn"])
    account, host = request["RoleArn"].split(":")[4], arn.split("oidc-provider/")[-1]
    # Google, Amazon and Facebook need no provider.
    if "oidc-provider/" not in arn:
        return
    provider = iam._oidc_providers.get_scoped(account, None, arn)
    if provider is None:
        raise AwsError("InvalidIdentityToken", f"No OpenIDConnect provider found in your account for https://{host}")
    if keys.get(f"{host}:aud".lower()) not in provider["ClientIDList"]:
        raise AwsError("InvalidIdentityToken", "Incorrect token audience")
