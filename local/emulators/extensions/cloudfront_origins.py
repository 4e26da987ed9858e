"""
Adds: origins that are APIs of API Gateway, and origin access control for function URLs: CloudFront signs, for the
distribution, what it sends there, in place of the viewer's Authorization. Lambda takes no unsigned payload: a request
with a body has its SHA-256 in x-amz-content-sha256, or its signature does not match.
Follows: CloudFront Developer Guide, "Restrict access to an AWS Lambda function URL origin", "Use various origins".
Delete when: the emulator does so.
"""

import contextvars
import hashlib
import re
from dataclasses import dataclass, field
from http.client import responses
from urllib.parse import parse_qs, unquote

from ministack import app
from ministack.services import cloudfront

from . import function_urls

_MISMATCH = ("The request signature we calculated does not match the signature you provided. Check your AWS Secret "
             "Access Key and signing method. Consult the service documentation for details.")
_API = re.compile(r"^[a-z0-9]+\.execute-api\.[a-z0-9-]+\.amazonaws\.com$")


@dataclass
class Viewing:
    """A viewer's request, as it came, and what became of it."""
    headers: dict
    behavior: dict = None
    is_hit: bool = False
    age: int = 0
    errors: dict = field(default_factory=dict)


present = contextvars.ContextVar("aws_patterns_viewing")


def _answered(answer):
    status, headers, data = answer
    return status, responses.get(status, ""), {name.lower(): value for name, value in headers.items()}, data


async def _from_api(host, origin, method, uri, query, headers, body, is_https, client_ip, forwarded):
    if not cloudfront._origin_connect_target(origin, is_https)[2]:
        raise cloudfront.OriginUnreachable(f"{host} does not answer HTTP")
    sent = {name.lower(): value for name, value in
            cloudfront._origin_request_headers(origin, headers, client_ip, forwarded).items()}
    # API Gateway knows its APIs by their own names only.
    if sent["host"].split(":")[0].lower() != host:
        return 403, {"Content-Type": "application/json", "x-amzn-ErrorType": "ForbiddenException"}, \
            b'{"message":"Forbidden"}'
    answer = await app._handle_execute_api_request(
        f"{host.split('.')[0]}.execute-api.{app._MINISTACK_HOST}", unquote(uri), method, sent, body or b"",
        parse_qs(query, keep_blank_values=True), raw_path=uri, raw_query_string=query)
    if answer is None:
        raise cloudfront.OriginUnreachable(f"there is no API {host}")
    return answer


def _signs(origin):
    control = cloudfront._oacs.get(origin["oac_id"]) or {}
    behavior = control.get("SigningBehavior") if control.get("OriginAccessControlOriginType") == "lambda" else "never"
    return behavior == "always" or (behavior == "no-override" and "authorization" not in present.get().headers)


def install():
    fetch = cloudfront._fetch_from_origin

    async def fetch_also_from_apis(origin, method, uri, query, headers, body, is_https, client_ip, forwarded, arn):
        host, rest = cloudfront._normalize_origin_host(origin["domain_name"]), (body, is_https, client_ip, forwarded)
        if _API.match(host):
            return _answered(await _from_api(host, origin, method, origin["origin_path"] + uri, query, headers, *rest))
        if origin["s3_bucket"] or not _signs(origin):
            return await fetch(origin, method, uri, query, headers, *rest, arn)
        digest = hashlib.sha256(body or b"").hexdigest()
        if present.get().headers.get("x-amz-content-sha256", digest if not body else "") != digest:
            return _answered(function_urls.refuse(_MISMATCH))
        sent = {name: value for name, value in headers.items() if name != "authorization"}
        with function_urls.signed_by("cloudfront.amazonaws.com", arn):
            return await fetch(origin, method, uri, query, sent, *rest, arn)

    cloudfront._fetch_from_origin = fetch_also_from_apis
