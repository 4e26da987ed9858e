"""
Adds: the edge caches answers to GET and HEAD by the behavior's cache policy: what is in the key, how long, and what an
invalidation removes; errors for 10 seconds or as a custom error response says; conditional requests; gzip. Behaviors
without a cache policy (ForwardedValues) are not cached, and Brotli is left to origins.
Follows: CloudFront Developer Guide, "Manage how long content stays in the cache", "Understand cache policies",
"Control how long CloudFront caches errors", "Invalidate files", "Serve compressed files".
Delete when: the emulator caches.
"""

import email.utils
import gzip
import re
import time
from urllib.parse import parse_qsl

from ministack.services import cloudfront

from .cloudfront_origins import present

_entries = {}
_ALWAYS = {404, 414, 500, 501, 502, 503, 504}
_IF_SAID = {400, 403, 405, 412, 415}
_COMPRESSED = re.compile(r"^(text/(html|css|plain|xml|javascript|csv|x-component)|image/(svg\+xml|x-icon)|font/\w+|"
                         r"application/(javascript|x-javascript|json|ld\+json|manifest\+json|xml|rss\+xml|wasm|"
                         r"xhtml\+xml|vnd\.ms-fontobject))$")


def _policy(behavior):
    policy_id = behavior["cache_policy_id"]
    found = cloudfront._cache_policies.get(policy_id) or cloudfront._MANAGED_CACHE_POLICIES.get(policy_id)
    return found["Config"] if found else {"MinTTL": 0, "DefaultTTL": 0, "MaxTTL": 0}


def _chosen(parameters, kind, names, values, lowercase=False):
    given = cloudfront._behavior_kind(parameters.get(f"{kind}Behavior", "none"), parameters.get(names), lowercase)
    return tuple(sorted((name, value) for name, value in values if cloudfront._combine_forward(given, None, name)))


def _encodings(policy, headers):
    """What the edge makes of Accept-Encoding."""
    parameters, accepted = policy.get("Parameters", {}), headers.get("accept-encoding", "")
    enabled = (("br", "Brotli"), ("gzip", "Gzip"))
    return ",".join(name for name, word in enabled if parameters.get(f"EnableAcceptEncoding{word}") and name in accepted)


def _key(policy, arn, method, uri, query, headers, encodings):
    parameters = policy.get("Parameters", {})
    cookies = [(name, field["value"]) for name, field in
               cloudfront._event_cookies_from_header(headers.get("cookie", "")).items()]
    named = [(name, value) for name, value in headers.items() if name != "accept-encoding"]
    return (arn, uri, method, encodings, _chosen(parameters, "Header", "Headers", named, True),
            _chosen(parameters, "Cookie", "Cookies", cookies),
            _chosen(parameters, "QueryString", "QueryStrings", parse_qsl(query, keep_blank_values=True)))


def _said(headers):
    """The seconds that an answer may be kept as its origin says, or None; 0 where it may not be kept."""
    control = {name.strip().lower(): value.strip('" ') for name, _, value in
               (part.partition("=") for part in str(headers.get("cache-control", "")).split(","))}
    if control.keys() & {"no-store", "no-cache", "private"}:
        return 0
    for name in ("s-maxage", "max-age"):
        if control.get(name, "").isdigit():
            return int(control[name])
    expires = email.utils.parsedate_to_datetime(headers["expires"]) if headers.get("expires") else None
    return max(0, int(expires.timestamp() - time.time())) if expires else None


def _seconds(policy, status, headers, errors):
    said = _said(headers)
    if status >= 400:
        if status in errors or status in _ALWAYS:
            return max(errors.get(status, 10), said or 0)
        return said or 0 if status in _IF_SAID else 0
    least, most = policy["MinTTL"], policy.get("MaxTTL", 31536000)
    wanted = policy.get("DefaultTTL", 86400) if said is None else said
    return max(least, min(wanted, most))


def _compressed(policy, encodings, status, headers, body):
    """The answer as the edge compresses it."""
    kind = str(headers.get("content-type", "")).split(";")[0].strip().lower()
    if "gzip" not in encodings or not present.get().behavior["compress"] or "content-encoding" in headers \
            or policy.get("MaxTTL", 1) == 0 or status not in (200, 403, 404) or not _COMPRESSED.match(kind) \
            or not 1000 <= len(body) <= 10_000_000:
        return headers, body
    body = gzip.compress(body, mtime=0)
    headers = {**headers, "content-encoding": "gzip", "content-length": str(len(body)), "vary": "Accept-Encoding"}
    if headers.get("etag", "").startswith('"'):
        headers["etag"] = f"W/{headers['etag']}"
    return headers, body


def _is_same(headers, answered):
    tags = {tag.strip().removeprefix("W/") for tag in headers.get("if-none-match", "").split(",")}
    return str(answered.get("etag", "")).removeprefix("W/") in tags - {""}


def _invalidate(arn, patterns):
    def is_meant(uri, query):
        whole = uri + ("?" + "&".join("=".join(pair) for pair in query) if query else "")
        return any(whole.startswith(pattern[:-1]) if pattern.endswith("*") else whole == pattern
                   for pattern in patterns)

    for key in [key for key in _entries if key[0] == arn and is_meant(key[1], key[6])]:
        del _entries[key]


def install():
    fetch, match, invalidate = cloudfront._fetch_from_origin, cloudfront._match_behavior, cloudfront._create_invalidation
    parse, parse_behavior = cloudfront.parse_distribution_dataplane_config, cloudfront._dataplane_behavior

    def behavior_with_compression(element, path_pattern=None):
        return {**parse_behavior(element, path_pattern), "compress": cloudfront._xbool(element, "Compress", False)}

    def parse_with_errors(distribution):
        parsed = parse(distribution)
        element = cloudfront._find(cloudfront._dist_config_el(distribution), "CustomErrorResponses")
        items = cloudfront._find(element, "Items") if element is not None else None
        errors = {int(cloudfront._text(one, "ErrorCode")): int(cloudfront._text(one, "ErrorCachingMinTTL") or 10)
                  for one in (items if items is not None else [])}
        present.get().errors = errors
        return parsed

    def match_and_note(parsed, path):
        present.get().behavior = match(parsed, path)
        return present.get().behavior

    async def fetch_cached(origin, method, uri, query, headers, body, is_https, client_ip, forwarded, arn):
        viewing = present.get()
        policy, sent = _policy(viewing.behavior), {k: v for k, v in headers.items() if k != "x-forwarded-proto"}
        encodings = _encodings(policy, viewing.headers)
        if policy.get("Parameters"):
            sent.pop("accept-encoding", None)
        if encodings:
            sent["accept-encoding"] = encodings
        key = _key(policy, arn, method, uri, query, sent, encodings)
        found = _entries.get(key) if method in ("GET", "HEAD") else None
        if found and time.time() < found["until"]:
            viewing.is_hit, viewing.age = True, int(time.time() - found["since"])
            status, reason, answered, data = found["answer"]
            if status == 200 and _is_same(headers, answered):
                return 304, "Not Modified", dict(answered), b""
            return status, reason, dict(answered), data
        viewing.is_hit = False
        status, reason, answered, data = await fetch(origin, method, uri, query, sent, body, is_https, client_ip,
                                                     forwarded, arn)
        answered, data = _compressed(policy, encodings, status, answered, data)
        seconds = _seconds(policy, status, answered, viewing.errors)
        # A part of an object, or that it has not changed, answers nobody else.
        if method in ("GET", "HEAD") and seconds > 0 and status not in (206, 304, 416):
            now = time.time()
            _entries[key] = {"since": now, "until": now + seconds, "answer": (status, reason, dict(answered), data)}
        return status, reason, answered, data

    def create_invalidation(distribution_id, body):
        answer = invalidate(distribution_id, body)
        if answer[0] == 201:
            paths = cloudfront._invalidations[distribution_id][-1]["InvalidationBatch"]["Paths"]["Items"]
            _invalidate(cloudfront._distributions[distribution_id]["ARN"], paths)
        return answer

    cloudfront._dataplane_behavior, cloudfront.parse_distribution_dataplane_config = \
        behavior_with_compression, parse_with_errors
    cloudfront._match_behavior, cloudfront._fetch_from_origin = match_and_note, fetch_cached
    cloudfront._create_invalidation = create_invalidation
