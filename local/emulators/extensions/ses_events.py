"""
Adds: what becomes of a mail, published to the event destinations of its configuration set (CloudWatch, SNS,
EventBridge) and counted in the account's metrics: Send, Delivery, Bounce and Complaint, as the address of the mailbox
simulator says, and Reject for a mail with the EICAR test virus. A topic has to let SES publish, also when the
destination is made.
Follows: Amazon SES Developer Guide, "Monitor email sending using event publishing", "Examples of event data that Amazon
SES publishes to Amazon SNS", "Using the mailbox simulator", "Retrieving event data from CloudWatch"; EventBridge Events
Reference, "Amazon Simple Email Service events".
Delete when: the emulator publishes the events of configuration sets.
"""

import json
import logging
import time
from datetime import datetime, timezone
from email.utils import parseaddr

from ministack.core import iam_evaluator
from ministack.core.responses import get_account_id, get_region
from ministack.services import cloudwatch, ses, ses_v2, sns

from . import clock
from .eventbus import emit
from .permissions import policy_problem
from .ses_identities import arn, identity_of, invalid
from .wire import before, timestamp

logger = logging.getLogger("aws-patterns")

_NAMESPACE, _PRINCIPAL = "AWS/SES", "ses.amazonaws.com"
# Name of an event -> (its name among the types of a destination, its name on EventBridge).
_EVENTS = {
    "Send": ("SEND", "Email Sent"), "Delivery": ("DELIVERY", "Email Delivered"),
    "Bounce": ("BOUNCE", "Email Bounced"), "Complaint": ("COMPLAINT", "Email Complaint Received"),
    "Reject": ("REJECT", "Email Rejected"),
}


def _set_arn(name):
    return f"arn:aws:ses:{get_region()}:{get_account_id()}:configuration-set/{name}"


def _topic_problem(topic_arn, configuration_set):
    """Why SES cannot publish to a topic, or None."""
    topic = sns._topic_by_arn_any_scope(topic_arn)
    if topic is None:
        return f"{topic_arn} does not exist"
    policy = topic.get("attributes", {}).get("Policy")
    return policy_problem(policy, _PRINCIPAL, "sns:Publish", topic_arn, _set_arn(configuration_set))


@before("sesv2", "CreateConfigurationSetEventDestination", "UpdateConfigurationSetEventDestination")
def _check_destination(request):
    definition = request["EventDestination"]
    topic = (definition.get("SnsDestination") or {}).get("TopicArn")
    if topic and request["ConfigurationSetName"] in ses_v2._config_sets:
        problem = _topic_problem(topic, request["ConfigurationSetName"])
        if problem:
            logger.warning("no event destination: %s", problem)
            raise invalid(f"Could not publish message to SNS topic <{topic}>.")
    bus = (definition.get("EventBridgeDestination") or {}).get("EventBusArn")
    if bus and not bus.endswith(f":{get_account_id()}:event-bus/default"):
        raise invalid(f"The event bus <{bus}> is not the default event bus of the account.")
    for name in ("KinesisFirehoseDestination", "PinpointDestination"):
        if definition.get(name):
            raise invalid(f"The local cloud's SES publishes to CloudWatch, SNS and EventBridge, not to a {name}.")


def _caller():
    """The user or role that sends, by its name."""
    return iam_evaluator.caller_arn().split("/")[1:2] or ["root"]


def _mail_record(mail, when):
    """What every event tells of the mail."""
    headers = [{"name": name, "value": str(value)} for name, value in mail.message.items()]
    tags = {name: [value] for name, value in mail.tags.items()}
    automatic = {"ses:source-tls-version": ["TLSv1.3"], "ses:operation": ["SendEmail"],
                 "ses:configuration-set": [mail.configuration_set], "ses:source-ip": ["127.0.0.1"],
                 "ses:from-domain": [mail.sender.rpartition("@")[2]], "ses:caller-identity": _caller()}
    identity = identity_of(mail.sender) or mail.sender
    return {
        "timestamp": timestamp(when), "source": mail.source, "sourceArn": arn(identity),
        "sendingAccountId": get_account_id(), "messageId": mail.id,
        "destination": [parseaddr(address)[1] for address in mail.recipients],
        "headersTruncated": False, "headers": headers,
        "commonHeaders": {"from": [mail.source], "to": mail.to, "messageId": mail.id,
                          "subject": str(mail.message.get("Subject") or "")},
        "tags": {**automatic, **tags},
    }


def _outcomes(address):
    """What happens to the mail for one recipient: (event, subtype of a bounce)."""
    local, _, domain = address.rpartition("@")
    if domain.lower() == ses._SIMULATOR_DOMAIN:
        return ses._SIMULATOR_OUTCOMES.get(local.lower().split("+")[0], (("Delivery", None),))
    return (("Delivery", None),)


def _events(mail, record, now):
    """The events of a mail, in their order."""
    yield {"eventType": "Send", "mail": record, "send": {}}
    if mail.has_virus():
        yield {"eventType": "Reject", "mail": record, "reject": {"reason": "Bad content"}}
        return
    for address in record["destination"]:
        for kind, subtype in _outcomes(address):
            detail = ses._notification_detail(kind, address, timestamp(now), subtype)
            yield {"eventType": kind, "mail": record, **detail}


def _dimension(configuration, event):
    """The value of a dimension, from the mail or by default; the tags of links come with clicks, and nobody clicks."""
    name, source = configuration["DimensionName"], configuration["DimensionValueSource"]
    if source == "MESSAGE_TAG":
        values = event["mail"]["tags"].get(name) or []
    elif source == "EMAIL_HEADER":
        values = [h["value"] for h in event["mail"]["headers"] if h["name"].lower() == name.lower()]
    else:
        values = []
    return values[0] if values else configuration["DefaultDimensionValue"]


def _count(event, dimensions):
    cloudwatch._store_datum(_NAMESPACE, event["eventType"], dimensions, time.time(), "Count", 1, None, None, None)


def _publish_to(destination, event, configuration_set):
    if "CloudWatchDestination" in destination:
        wanted = destination["CloudWatchDestination"].get("DimensionConfigurations") or []
        _count(event, {item["DimensionName"]: _dimension(item, event) for item in wanted})
    elif "SnsDestination" in destination:
        topic = destination["SnsDestination"]["TopicArn"]
        problem = _topic_problem(topic, configuration_set)
        if problem:
            logger.warning("SES event lost: %s", problem)
            return
        sns.publish_internal(topic, json.dumps(event), "Amazon SES Email Event Notification")
    elif "EventBridgeDestination" in destination:
        emit("aws.ses", _EVENTS[event["eventType"]][1], [_set_arn(configuration_set)], event)


def _publish(event, configuration_set):
    _count(event, {})
    found = ses_v2._config_sets.get(configuration_set) or {}
    for destination in list((found.get("EventDestinations") or {}).values()):
        if destination["Enabled"] and _EVENTS[event["eventType"]][0] in destination["MatchingEventTypes"]:
            try:
                _publish_to(destination, event, configuration_set)
            except Exception:
                logger.exception("the event of a mail was not published to one of its destinations")


def publish(mail):
    """Let a mail's events happen once its sender has the answer."""
    now = datetime.now(timezone.utc).timestamp()
    for event in _events(mail, _mail_record(mail, now), now):
        clock.after(0, _publish, event, mail.configuration_set)
