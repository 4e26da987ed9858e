"""
Adds: the events that AWS services put on the default event bus, and their loss on request (fault injection).
Follows: EventBridge User Guide, "Events from AWS services" and "AWS service event metadata"; delivery is best effort,
which is why stories lose one on purpose.
Delete when: the emulator emits aws.ec2 and aws.autoscaling events itself; the fault injection stays.
"""

import json
import logging

from ministack.core.responses import get_account_id
from ministack.services import eventbridge

logger = logging.getLogger("aws-patterns")

_losses = []
_lost = []


def emit(source, detail_type, resources, detail):
    """Put an event of an AWS service on the default bus of the present account and region."""
    eventbridge._ensure_default_bus()
    eventbridge._put_events({"Entries": [{
        "Source": source, "DetailType": detail_type, "Resources": resources, "Detail": json.dumps(detail),
    }]}, allow_aws_source=True)


def lose(detail_type, count, account=None):
    """Drop the next events of this detail-type before any rule sees them."""
    _losses.append({"detailType": detail_type, "left": count, "account": account})


def lost_events():
    return list(_lost)


def _is_lost(event):
    for loss in _losses:
        if event["DetailType"] == loss["detailType"] and loss["account"] in (None, get_account_id()):
            loss["left"] -= 1
            if loss["left"] <= 0:
                _losses.remove(loss)
            return True
    return False


def install():
    deliver = eventbridge._dispatch_event

    def dispatch(event, view=None):
        # An event forwarded from another bus carries its path and has had its chance to be lost.
        if not event.get("_DispatchPath") and _is_lost(event):
            logger.info("lost on request: %s %s", event["DetailType"], event["Detail"])
            _lost.append({"detailType": event["DetailType"], "detail": json.loads(event["Detail"])})
            return
        deliver(event, view)

    eventbridge._dispatch_event = dispatch
