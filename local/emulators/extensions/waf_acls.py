"""
Adds: web ACLs for CloudFront are made in us-east-1 only, keep their descriptions and custom bodies, cannot be deleted
while a distribution has them, and write what they did with each request to a log group whose name begins with
`aws-waf-logs-`.
Follows: AWS WAF API Reference, CreateWebACL, DeleteWebACL, PutLoggingConfiguration; AWS WAF Developer Guide,
"CloudWatch Logs" and "Log fields for protection pack (web ACL) traffic". Buckets and Firehose streams as destinations
are refused.
Delete when: the emulator does so.
"""

import json
import time

from ministack.core.responses import get_region, request_scope
from ministack.services import cloudfront, cloudwatch_logs, waf

from . import waf_rules
from .wire import before, operation
from .wire_requests import AwsError

_configurations = {}
_KEPT = ("Description", "CustomResponseBodies", "CaptchaConfig", "ChallengeConfig", "TokenDomains")


@before("wafv2")
def _check_scope(request):
    if request.get("Scope") == "CLOUDFRONT" and get_region() != "us-east-1":
        raise AwsError("WAFInvalidParameterException",
                       "Error reason: The scope is not valid., field: SCOPE_VALUE, parameter: CLOUDFRONT")


before("wafv2", "CreateWebACL", "UpdateWebACL")(waf_rules.check_rules)


def find(arn):
    """A web ACL by its ARN, or None."""
    return next((acl for _key, acl in waf._web_acls.all_items() if acl["ARN"] == arn), None)


def _is_used(arn):
    return any(f">{arn}<" in distribution["config_xml"] for _key, distribution in cloudfront._distributions._data.items())


@before("wafv2", "DeleteWebACL")
def _check_unused(request):
    acl = waf._resource_from_scope(waf._web_acls, request["Id"], request["Scope"])
    if acl and _is_used(acl["ARN"]):
        raise AwsError("WAFAssociatedItemException", "AWS WAF couldn’t perform the operation because your resource is "
                       "being used by another resource or it’s associated with another resource.")
    if acl:
        _configurations.pop(acl["ARN"], None)


@operation("wafv2", "PutLoggingConfiguration")
def _put(request):
    wanted = request["LoggingConfiguration"]
    if find(wanted["ResourceArn"]) is None:
        raise AwsError("WAFNonexistentItemException", "AWS WAF couldn’t perform the operation because your resource "
                       "doesn’t exist.")
    destination = wanted["LogDestinationConfigs"][0].removesuffix(":*")
    parts = destination.split(":")
    if len(wanted["LogDestinationConfigs"]) != 1 or len(parts) != 7 or parts[2] != "logs" \
            or not parts[6].startswith("aws-waf-logs-") or parts[3] != wanted["ResourceArn"].split(":")[3]:
        raise AwsError("WAFInvalidParameterException", "Error reason: The ARN isn't valid. A valid ARN begins with "
                       "arn: and includes other information separated by colons or slashes., field: LOG_DESTINATION, "
                       f"parameter: {destination}")
    _configurations[wanted["ResourceArn"]] = dict(wanted)
    return {"LoggingConfiguration": _configurations[wanted["ResourceArn"]]}


def _configuration(arn):
    if arn not in _configurations:
        raise AwsError("WAFNonexistentItemException", "AWS WAF couldn’t perform the operation because your resource "
                       "doesn’t exist.")
    return _configurations[arn]


@operation("wafv2", "GetLoggingConfiguration")
def _get(request):
    return {"LoggingConfiguration": _configuration(request["ResourceArn"])}


@operation("wafv2", "DeleteLoggingConfiguration")
def _delete(request):
    _configuration(request["ResourceArn"])
    del _configurations[request["ResourceArn"]]


def log(acl, viewer, verdict, source, request_id, status):
    """Writes what a web ACL did with a request."""
    configuration = _configurations.get(acl["ARN"])
    if configuration is None:
        return
    redacted = {one["SingleHeader"]["Name"].lower() for one in configuration.get("RedactedFields", [])
                if "SingleHeader" in one}
    headers = [{"name": name, "value": "REDACTED" if name in redacted else value}
               for name, value in viewer.headers.items()]
    now = int(time.time() * 1000)
    group, inner = verdict.group or (None, None)
    record = {
        "timestamp": now, "formatVersion": 1, "webaclId": acl["ARN"], "terminatingRuleId": verdict.rule,
        "terminatingRuleType": verdict.kind, "action": verdict.action, "terminatingRuleMatchDetails": [],
        "httpSourceName": "CF", "httpSourceId": source, "responseCodeSent": status,
        "ruleGroupList": [{"ruleGroupId": f"AWS#{group}", "terminatingRule": {"ruleId": inner, "action": "BLOCK"}}]
        if group else [], "rateBasedRuleList": [], "nonTerminatingMatchingRules": verdict.counted,
        "httpRequest": {"clientIp": viewer.address, "country": viewer.country, "headers": headers, "uri": viewer.path,
                        "args": viewer.query, "httpVersion": "HTTP/1.1", "httpMethod": viewer.method,
                        "requestId": request_id},
    }
    account, region, name = *configuration["LogDestinationConfigs"][0].split(":")[4:2:-1], \
        configuration["LogDestinationConfigs"][0].split(":")[6]
    stream = f"cloudfront_{acl['Name']}_0"
    with request_scope(account, region):
        cloudwatch_logs._create_log_stream({"logGroupName": name, "logStreamName": stream})
        cloudwatch_logs._put_log_events({"logGroupName": name, "logStreamName": stream,
                                         "logEvents": [{"timestamp": now, "message": json.dumps(record)}]})


def install():
    create, update, update_set = waf.create_web_acl_record, waf._update_web_acl, waf._update_ip_set

    def create_keeping(name, scope, props):
        made = create(name, scope, props)
        made[2].update({key: props[key] for key in _KEPT if key in props})
        return made

    def update_keeping(data):
        answer = update(data)
        if answer[0] == 200:
            acl = waf._resource_from_scope(waf._web_acls, data["Id"], data["Scope"])
            acl.update({key: data.get(key, "" if key == "Description" else {}) for key in _KEPT[:2]})
        return answer

    def update_set_keeping(data):
        answer = update_set(data)
        if answer[0] == 200:
            waf._resource_from_scope(waf._ip_sets, data["Id"], data["Scope"])["Description"] = data.get("Description", "")
        return answer

    waf.create_web_acl_record, waf._update_web_acl = create_keeping, update_keeping
    waf._update_ip_set = update_set_keeping
