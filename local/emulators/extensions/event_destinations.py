"""
Adds: the UUID at the end of the ARNs of EventBridge's connections and API destinations. The emulator leaves it out, and
then refuses its own connections' ARNs, as they do not fit the service's model. Rules still reach no API destination.
Follows: Amazon EventBridge API Reference, CreateConnection and CreateApiDestination.
Delete when: the emulator's ARNs have it.
"""

import json
import uuid

from ministack.core.responses import json_response
from ministack.services import eventbridge


def _with_uuid(create, kept, member):
    def created(data):
        status, headers, body = create(data)
        if status != 200:
            return status, headers, body
        answer = json.loads(body)
        arn = f"{answer[member]}/{uuid.uuid4()}"
        kept[data["Name"]][member] = arn
        return json_response({**answer, member: arn})

    return created


def install():
    eventbridge._create_connection = _with_uuid(
        eventbridge._create_connection, eventbridge._connections, "ConnectionArn")
    eventbridge._create_api_destination = _with_uuid(
        eventbridge._create_api_destination, eventbridge._api_destinations, "ApiDestinationArn")
