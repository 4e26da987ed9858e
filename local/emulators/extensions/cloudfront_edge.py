"""
Adds: a distribution is found in whatever account, and in front of it are countries, its web ACL and its access log; the
answer says whether it was a hit. Distributions that name what is not there, and names without a certificate of
us-east-1, are refused.
A viewer's scheme is in X-Forwarded-Proto; tests say by x-test-viewer-country (US) and x-test-viewer-address where a
viewer is. No origin sees these.
Follows: CloudFront Developer Guide, "Restrict the geographic distribution of your content", "Use AWS WAF protections",
"Requirements for using SSL/TLS certificates with CloudFront", "Standard log file fields".
Delete when: the emulator does so.
"""

import time

from ministack.core.responses import request_scope
from ministack.services import cloudfront

from . import log_deliveries, waf_acls, waf_rules
from .cloudfront_origins import Viewing, present
from .wire import before
from .wire_requests import AwsError

_BLOCKED = ("Request blocked. We can't connect to the server for this app or website at this time. There might be too "
            "much traffic or a configuration error. Try again later, or contact the app or website owner.")
_ABROAD = "The Amazon CloudFront distribution is configured to block access from your country."
_BODY_TYPES = {"APPLICATION_JSON": "application/json", "TEXT_HTML": "text/html", "TEXT_PLAIN": "text/plain"}


def _policies(kind):
    return lambda name: name in getattr(cloudfront, f"_{kind}") or name in getattr(cloudfront, f"_MANAGED_{kind.upper()}")


def _check_behavior(behavior, origins):
    named = (("TargetOriginId", origins.__contains__, "NoSuchOrigin", "One or more of your origins or origin groups do "
              "not exist."),
             ("CachePolicyId", _policies("cache_policies"), "NoSuchCachePolicy", "The cache policy does not exist."),
             ("OriginRequestPolicyId", _policies("origin_request_policies"), "NoSuchOriginRequestPolicy",
              "The origin request policy does not exist."),
             ("ResponseHeadersPolicyId", _policies("response_headers_policies"), "NoSuchResponseHeadersPolicy",
              "The response headers policy does not exist."))
    for member, exists, code, message in named:
        if behavior.get(member) and not exists(behavior[member]):
            raise AwsError(code, message)


@before("cloudfront", "CreateDistribution", "CreateDistributionWithTags", "UpdateDistribution")
def _check_distribution(request):
    config = request.get("DistributionConfig") or request["DistributionConfigWithTags"]["DistributionConfig"]
    origins = {origin["Id"] for origin in config["Origins"]["Items"]}
    for behavior in [config["DefaultCacheBehavior"], *config.get("CacheBehaviors", {}).get("Items", [])]:
        _check_behavior(behavior, origins)
    for origin in config["Origins"]["Items"]:
        if origin.get("OriginAccessControlId") and origin["OriginAccessControlId"] not in cloudfront._oacs:
            raise AwsError("InvalidOriginAccessControl", "The specified origin access control does not exist.")
    certificate = config.get("ViewerCertificate", {})
    arn = certificate.get("ACMCertificateArn", "")
    if config.get("Aliases", {}).get("Items") and not arn and not certificate.get("IAMCertificateId"):
        raise AwsError("InvalidViewerCertificate", "To add an alternate domain name (CNAME) to a CloudFront "
                       "distribution, you must attach a trusted certificate that validates your authorization to use "
                       "the domain name.")
    if arn and ":acm:us-east-1:" not in arn:
        raise AwsError("InvalidViewerCertificate", "The specified SSL certificate doesn't exist, isn't in us-east-1 "
                       "region, isn't valid, or doesn't include a valid certificate chain.")
    acl = config.get("WebACLId")
    if acl and (waf_acls.find(acl) or {}).get("Scope") != "CLOUDFRONT":
        raise AwsError("InvalidWebACLId", "Web ACL is not accessible by the requester.")
    if config.get("DefaultRootObject", "").startswith("/"):
        raise AwsError("InvalidDefaultRootObject", "The parameter Default Root Object is not valid.")


def _is_abroad(distribution, country):
    restrictions = cloudfront._find(cloudfront._dist_config_el(distribution), "Restrictions")
    if restrictions is None:
        return False
    restriction = cloudfront._find(restrictions, "GeoRestriction")
    kind = cloudfront._text(restriction, "RestrictionType")
    items = cloudfront._find(restriction, "Items")
    named = country in {one.text for one in (items if items is not None else [])}
    return (kind == "whitelist" and not named) or (kind == "blacklist" and named)


def _blocked(acl, response):
    """The page of a refusal, or what the rule says in its place."""
    status, headers, body = cloudfront._cf_error_response(response.get("ResponseCode", 403), _BLOCKED,
                                                          cloudfront._ERROR_X_CACHE)
    if response:
        key = response.get("CustomResponseBodyKey")
        given = acl["CustomResponseBodies"][key] if key else {"ContentType": "TEXT_PLAIN", "Content": ""}
        headers = {**headers, "Content-Type": _BODY_TYPES[given["ContentType"]],
                   **{one["Name"]: one["Value"] for one in response.get("ResponseHeaders", [])}}
        body = given["Content"].encode()
    return status, headers, body


async def _answer(view, distribution, viewer, raw_uri, raw_query, headers, query_params):
    if not distribution["enabled"] or _is_abroad(distribution, viewer.country):
        return cloudfront._cf_error_response(403, _ABROAD if distribution["enabled"] else _BLOCKED,
                                             cloudfront._ERROR_X_CACHE)
    acl = waf_acls.find(cloudfront._opt_text(cloudfront._dist_config_el(distribution), "WebACLId") or "")
    if acl:
        verdict = waf_rules.evaluate(acl, viewer)
        blocked = _blocked(acl, verdict.response) if verdict.action == "BLOCK" else None
        waf_acls.log(acl, viewer, verdict, distribution["Id"], cloudfront._cf_request_id(), blocked and blocked[0])
        if blocked:
            return blocked
    status, answered, body = await view(distribution, viewer.method, viewer.path, raw_uri, raw_query, headers,
                                        viewer.body, query_params, viewer.address)
    viewing = present.get()
    if answered.get("X-Cache") == "Miss from cloudfront":
        hit = {"X-Cache": "Hit from cloudfront", "Age": str(viewing.age)} if viewing.is_hit else {}
        answered = {**answered, **hit, **({"X-Cache": cloudfront._ERROR_X_CACHE} if status >= 400 else {})}
    return status, answered, body


def _record(distribution, viewer, answer, started):
    status, headers, body = answer
    result = {"Hit": "Hit", "Miss": "Miss"}.get(headers.get("X-Cache", "").split(" ")[0], "Error")
    now = time.gmtime()
    return {
        "date": time.strftime("%Y-%m-%d", now), "time": time.strftime("%H:%M:%S", now),
        "x-edge-location": headers.get("X-Amz-Cf-Pop", "-"), "sc-bytes": str(len(body)), "c-ip": viewer.address,
        "cs-method": viewer.method, "cs(Host)": distribution["DomainName"], "cs-uri-stem": viewer.path,
        "sc-status": str(status), "cs(Referer)": viewer.headers.get("referer", "-"),
        "cs(User-Agent)": viewer.headers.get("user-agent", "-"), "cs-uri-query": viewer.query or "-",
        "cs(Cookie)": "-", "x-edge-result-type": result, "x-edge-request-id": headers.get("X-Amz-Cf-Id", "-"),
        "x-host-header": viewer.headers.get("host", "-"),
        "cs-protocol": viewer.headers.get("x-forwarded-proto", "http"), "cs-bytes": str(len(viewer.body)),
        "time-taken": f"{time.time() - started:.3f}", "sc-content-type": headers.get("Content-Type", "-"),
    }


def install():
    view = cloudfront.handle_viewer_request

    def find_for_label(label):
        return next((one for _key, one in cloudfront._distributions._data.items()
                     if one["DomainName"].lower() == f"{label}.cloudfront.net"), None)

    async def view_at_edge(distribution, method, path, raw_uri, raw_query, headers, body, query_params,
                           client_ip="127.0.0.1"):
        started, account = time.time(), distribution["ARN"].split(":")[4]
        headers = dict(headers)
        country, address = headers.pop("x-test-viewer-country", "US"), headers.pop("x-test-viewer-address", client_ip)
        viewer = waf_rules.Viewer(method, path, raw_query, dict(headers), body or b"", address, country)
        with request_scope(account, "us-east-1"):
            token = present.set(Viewing(dict(headers)))
            try:
                answer = await _answer(view, distribution, viewer, raw_uri, raw_query, headers, query_params)
            finally:
                present.reset(token)
            log_deliveries.deliver(account, distribution["ARN"], _record(distribution, viewer, answer, started))
            return answer

    cloudfront.find_distribution_for_label, cloudfront.handle_viewer_request = find_for_label, view_at_edge
