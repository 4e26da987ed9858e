"""
Clients of the local cloud's own APIs that act as a role which a service assumes, so that IAM decides about every call
as it would about anyone's. For services that work on a user's behalf: Step Functions, Pipes.
"""

import hashlib
import os
from functools import lru_cache

import botocore.config
import botocore.session
from ministack.core.arn import parse_arn
from ministack.services import sts

from .permissions import can_assume

_session = botocore.session.Session()
# A function may take 15 minutes to answer; the hosts of all services are the gateway's.
_config = botocore.config.Config(
    retries={"total_max_attempts": 1}, max_pool_connections=100, read_timeout=900, inject_host_prefix=False)


def credentials_of(role_arn, service):
    """Credentials of a session of a role, for a service that it trusts; None where the service cannot assume it."""
    if not can_assume(role_arn, service):
        return None
    digest = hashlib.sha256(f"{service}:{role_arn}".encode()).hexdigest()
    arn, name, session = parse_arn(role_arn), role_arn.rsplit("/", 1)[-1], digest[:32]
    key, secret, token = f"ASIA{digest[:16].upper()}", digest, f"token-{digest}"
    sts.register_session(key, {
        "Arn": f"arn:aws:sts::{arn.account_id}:assumed-role/{name}/{session}", "UserId": f"{name}:{session}",
        "SecretAccessKey": secret, "SessionToken": token})
    return key, secret, token


@lru_cache(maxsize=500)
def client(service, region, key, secret, token):
    """A client of a service, known by botocore's name, with credentials as `credentials_of` gives them."""
    return _session.create_client(
        service, region_name=region, endpoint_url=f"http://127.0.0.1:{os.environ['GATEWAY_PORT']}", config=_config,
        aws_access_key_id=key, aws_secret_access_key=secret, aws_session_token=token)
