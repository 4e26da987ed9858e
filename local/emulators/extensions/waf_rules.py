"""
Adds: the rules of a web ACL are evaluated, in order of priority, with Allow, Block (custom responses included) and
Count. Statements: countries, IP sets, rates by address, bytes, sizes and regular expressions, And, Or and Not, and of
three managed groups the rules below; other statements and actions are refused when they are set.
Follows: AWS WAF Developer Guide, "Rule statements list", "Rule actions", "Baseline rule groups", "IP reputation rule
groups". AWS counts a rate every few seconds and lets some requests more through; here the count is exact.
Delete when: the emulator, or a package, evaluates web ACLs.
"""

import base64
import collections
import html
import ipaddress
import re
import time
from dataclasses import dataclass, field
from urllib.parse import unquote

from ministack.services import waf

from .wire_requests import AwsError

# Addresses of the third block for documentation (RFC 5737) have a bad name here; AWS's own lists are secret.
_BAD_ADDRESSES = ipaddress.ip_network("203.0.113.0/24")
_seen = collections.defaultdict(collections.deque)


@dataclass
class Viewer:
    """A request as a web ACL sees it; names of headers are lower case."""
    method: str
    path: str
    query: str
    headers: dict
    body: bytes
    address: str
    country: str


@dataclass
class Verdict:
    action: str
    rule: str = "Default_Action"
    kind: str = "REGULAR"
    response: dict = field(default_factory=dict)
    counted: list = field(default_factory=list)
    # The group and the rule in it that ended the evaluation.
    group: tuple = ()


def _matcher(parts, pattern):
    """Whether one of some parts of a request fits a pattern, as it is or decoded."""
    expression = re.compile(pattern, re.IGNORECASE)
    return lambda viewer: any(expression.search(unquote(text)) for part in parts for text in _PARTS[part](viewer))


def _longer(part, size):
    return lambda viewer: any(len(text) > size for text in _PARTS[part](viewer))


_PARTS = {
    "URIPATH": lambda viewer: [viewer.path],
    "QUERYSTRING": lambda viewer: [viewer.query],
    "QUERYARGUMENTS": lambda viewer: [viewer.query],
    "BODY": lambda viewer: [viewer.body.decode("utf-8", "replace")],
    "COOKIE": lambda viewer: [viewer.headers.get("cookie", "")],
    "HEADER": lambda viewer: list(viewer.headers.values()),
}


def _on(name, pattern, *parts):
    return {f"{name}_{part}": _matcher([part], pattern) for part in parts}


_GROUPS = {
    "AWSManagedRulesCommonRuleSet": {
        "NoUserAgent_HEADER": lambda viewer: not viewer.headers.get("user-agent"),
        "UserAgent_BadBots_HEADER": lambda viewer: re.search("nessus|nmap", viewer.headers.get("user-agent", ""), re.I),
        "SizeRestrictions_QUERYSTRING": _longer("QUERYSTRING", 2048),
        "SizeRestrictions_Cookie_HEADER": _longer("COOKIE", 10240),
        "SizeRestrictions_BODY": _longer("BODY", 8192),
        "SizeRestrictions_URIPATH": _longer("URIPATH", 1024),
        **_on("EC2MetaDataSSRF", r"169\.254\.169\.254", "BODY", "COOKIE", "URIPATH", "QUERYARGUMENTS"),
        **_on("GenericLFI", r"\.\./", "QUERYARGUMENTS", "URIPATH", "BODY"),
        **_on("RestrictedExtensions", r"\.(log|ini|bak|sql|env|conf)\b", "URIPATH", "QUERYARGUMENTS"),
        **_on("GenericRFI", r"(https?|ftp)://\d+\.\d+\.\d+\.\d+", "QUERYARGUMENTS", "BODY", "URIPATH"),
        **_on("CrossSiteScripting", r"<script|javascript:", "COOKIE", "QUERYARGUMENTS", "BODY", "URIPATH"),
    },
    "AWSManagedRulesKnownBadInputsRuleSet": {
        "Host_localhost_HEADER": lambda viewer: viewer.headers.get("host", "").split(":")[0] == "localhost",
        "PROPFIND_METHOD": lambda viewer: viewer.method == "PROPFIND",
        "ExploitablePaths_URIPATH": _matcher(["URIPATH"], r"web-inf|/etc/passwd"),
        **_on("Log4JRCE", r"\$\{jndi:(ldap|rmi|dns)s?://", "HEADER", "QUERYSTRING", "BODY", "URIPATH"),
        **_on("JavaDeserializationRCE", r"\(java\.lang\.Runtime\)|rO0AB", "BODY", "URIPATH", "QUERYSTRING", "HEADER"),
    },
    "AWSManagedRulesAmazonIpReputationList": {
        "AWSManagedIPReputationList": lambda viewer: ipaddress.ip_address(viewer.address) in _BAD_ADDRESSES,
    },
}


def _query_values(viewer, name=None):
    pairs = (pair.partition("=") for pair in viewer.query.split("&") if pair)
    return [value for key, _, value in pairs if name is None or key.lower() == name.lower()]


_FIELDS = {
    "SingleHeader": lambda viewer, given: [viewer.headers.get(given["Name"].lower(), "")],
    "SingleQueryArgument": lambda viewer, given: _query_values(viewer, given["Name"]),
    "AllQueryArguments": lambda viewer, _given: _query_values(viewer),
    "UriPath": lambda viewer, _given: [viewer.path],
    "QueryString": lambda viewer, _given: [viewer.query],
    "Method": lambda viewer, _given: [viewer.method],
    "Body": lambda viewer, _given: _PARTS["BODY"](viewer),
}
_TRANSFORMATIONS = {"NONE": str, "LOWERCASE": str.lower, "URL_DECODE": unquote, "HTML_ENTITY_DECODE": html.unescape,
                    "COMPRESS_WHITE_SPACE": lambda text: re.sub(r"\s+", " ", text)}
_POSITIONS = {"EXACTLY": str.__eq__, "STARTS_WITH": str.startswith, "ENDS_WITH": str.endswith,
              "CONTAINS": str.__contains__,
              "CONTAINS_WORD": lambda text, word: bool(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text))}
_SIZES = {"EQ": int.__eq__, "NE": int.__ne__, "LE": int.__le__, "LT": int.__lt__, "GE": int.__ge__, "GT": int.__gt__}


def _texts(statement, viewer):
    (name, given), = statement["FieldToMatch"].items()
    texts = _FIELDS[name](viewer, given)
    for one in sorted(statement["TextTransformations"], key=lambda one: one["Priority"]):
        texts = [_TRANSFORMATIONS[one["Type"]](text) for text in texts]
    return texts


def _rate(statement, viewer, rule):
    scope = statement.get("ScopeDownStatement")
    if scope and not _matches(scope, viewer, rule):
        return False
    key = (*rule, viewer.address if statement["AggregateKeyType"] == "IP" else "")
    now, times = time.time(), _seen[key]
    times.append(now)
    while times[0] <= now - statement.get("EvaluationWindowSec", 300):
        times.popleft()
    return len(times) > statement["Limit"]


def _in_set(statement, viewer, _rule):
    account, uid = statement["ARN"].split(":")[4], statement["ARN"].rsplit("/", 1)[-1]
    found = waf._ip_sets.get_scoped(account, statement["ARN"].split(":")[3], uid)
    address = ipaddress.ip_address(viewer.address)
    return any(address in ipaddress.ip_network(block) for block in (found or {}).get("Addresses", []))


def _bytes_match(statement, viewer, _rule):
    wanted = base64.b64decode(statement["SearchString"]).decode()
    return any(_POSITIONS[statement["PositionalConstraint"]](text, wanted) for text in _texts(statement, viewer))


_STATEMENTS = {
    "GeoMatchStatement": lambda one, viewer, _rule: viewer.country in one["CountryCodes"],
    "IPSetReferenceStatement": _in_set,
    "RateBasedStatement": _rate,
    "ByteMatchStatement": _bytes_match,
    "RegexMatchStatement": lambda one, viewer, _rule: any(
        re.search(one["RegexString"], text) for text in _texts(one, viewer)),
    "SizeConstraintStatement": lambda one, viewer, _rule: any(
        _SIZES[one["ComparisonOperator"]](len(text.encode()), one["Size"]) for text in _texts(one, viewer)),
    "AndStatement": lambda one, viewer, rule: all(_matches(inner, viewer, rule) for inner in one["Statements"]),
    "OrStatement": lambda one, viewer, rule: any(_matches(inner, viewer, rule) for inner in one["Statements"]),
    "NotStatement": lambda one, viewer, rule: not _matches(one["Statement"], viewer, rule),
}


def _matches(statement, viewer, rule):
    (name, given), = statement.items()
    return bool(_STATEMENTS[name](given, viewer, rule))


def _in_group(statement, viewer, rule):
    """The action and name of the first rule of a managed group that matches, and those that only count."""
    scope, counted = statement.get("ScopeDownStatement"), []
    if scope and not _matches(scope, viewer, rule):
        return None, None, counted
    overrides = {one["Name"]: next(iter(one["ActionToUse"])) for one in statement.get("RuleActionOverrides", [])}
    for name, matches in _GROUPS[statement["Name"]].items():
        if matches(viewer):
            action = overrides.get(name, "Block")
            if action != "Count":
                return action, name, counted
            counted.append(name)
    return None, None, counted


def evaluate(acl, viewer):
    """What a web ACL does with a request."""
    counted = []
    for rule in sorted(acl["Rules"], key=lambda rule: rule["Priority"]):
        name, key = rule["Name"], (acl["ARN"], rule["Name"])
        managed = rule["Statement"].get("ManagedRuleGroupStatement")
        if managed:
            action, inner, only_counted = _in_group(managed, viewer, key)
            counted += [{"ruleId": f"{managed['Name']}/{one}", "action": "COUNT"} for one in only_counted]
            group, given = (managed["Name"], inner), {}
            action = "Count" if action and "Count" in rule["OverrideAction"] else action
        else:
            (action, given), = rule["Action"].items()
            action, group = action if _matches(rule["Statement"], viewer, key) else None, ()
        if action == "Count":
            counted.append({"ruleId": name, "action": "COUNT"})
        elif action:
            kind = "MANAGED_RULE_GROUP" if managed else (
                "RATE_BASED" if "RateBasedStatement" in rule["Statement"] else "REGULAR")
            return Verdict(action.upper(), name, kind, given.get("CustomResponse", {}), counted, group)
    (action, given), = acl["DefaultAction"].items()
    return Verdict(action.upper(), response=given.get("CustomResponse", {}), counted=counted)


def _invalid(reason, field_name, parameter):
    return AwsError("WAFInvalidParameterException",
                    f"Error reason: {reason}, field: {field_name}, parameter: {parameter}")


def _unmodelled(what):
    return AwsError("WAFInvalidOperationException",
                    f"The local cloud does not evaluate {what} (local/emulators/extensions/waf_rules.py).")


def _check_statement(statement, is_nested=False):
    (name, given), = statement.items()
    if name == "ManagedRuleGroupStatement":
        if given["VendorName"] != "AWS" or given["Name"] not in _GROUPS:
            raise _unmodelled(f"the managed rule group {given['VendorName']}/{given['Name']}")
    elif name not in _STATEMENTS:
        raise _unmodelled(f"a {name}")
    if is_nested and name in ("ManagedRuleGroupStatement", "RateBasedStatement"):
        raise _invalid("You can't nest this statement", "STATEMENT", name)
    if name == "RateBasedStatement":
        if given["AggregateKeyType"] not in ("IP", "CONSTANT"):
            raise _unmodelled(f"rates by {given['AggregateKeyType']}")
        if given.get("EvaluationWindowSec", 300) not in (60, 120, 300, 600):
            raise _invalid("The parameter contains an invalid evaluation window", "RATE_BASED_STATEMENT",
                           given["EvaluationWindowSec"])
    if "ForwardedIPConfig" in given or "IPSetForwardedIPConfig" in given:
        raise _unmodelled("forwarded addresses")
    for part in given.get("FieldToMatch", {}):
        if part not in _FIELDS:
            raise _unmodelled(f"the field {part}")
    for one in given.get("TextTransformations", []):
        if one["Type"] not in _TRANSFORMATIONS:
            raise _unmodelled(f"the transformation {one['Type']}")
    inner = [*given.get("Statements", []), given.get("Statement"), given.get("ScopeDownStatement")]
    for one in filter(None, inner):
        _check_statement(one, True)


def check_rules(request):
    """What AWS, or the local cloud, refuses of a web ACL's rules."""
    rules, bodies = request.get("Rules", []), request.get("CustomResponseBodies", {})
    for name in ("Priority", "Name"):
        if len({rule[name] for rule in rules}) < len(rules):
            raise _invalid(f"You have used the same {name} more than once", "RULE", name)
    for rule in [*rules, {"Name": "Default_Action", "Action": request["DefaultAction"], "Statement": None}]:
        is_managed = "ManagedRuleGroupStatement" in (rule["Statement"] or {})
        action = rule.get("OverrideAction" if is_managed else "Action") or {}
        if len(action) != 1:
            raise _invalid("A reference in your rule statement is not valid", "RULE", rule["Name"])
        (name, given), = action.items()
        if name not in ("Allow", "Block", "Count", "None") or given.get("CustomRequestHandling"):
            raise _unmodelled(f"the action {name} with {', '.join(given) or 'no more'}")
        response = given.get("CustomResponse", {})
        if "CustomResponseBodyKey" in response and response["CustomResponseBodyKey"] not in bodies:
            raise _invalid("The parameter references a body that does not exist", "CUSTOM_RESPONSE_BODY",
                           response["CustomResponseBodyKey"])
        if rule["Statement"]:
            _check_statement(rule["Statement"])
