"""
Adds: SendEmail of the API v2 with its checks (configuration set, addresses, number of recipients), raw mails with the
recipients of their own headers, and every mail as its recipients get it, MIME and all:
GET /_ministack/ses/messages[?account=A] shows, beside what the emulator shows, `Raw` (the MIME in base64), `Region`,
`ConfigurationSetName` and `EmailTags`.
Follows: SES API v2 Reference, SendEmail; Amazon SES Developer Guide, "Sending raw email" and "Amazon SES email sending
errors".
Delete when: the emulator keeps the MIME of raw mails and makes these checks.
"""

import base64
import json
import logging
import time

from ministack import app
from ministack.core.responses import get_region
from ministack.services import ses, ses_v2

from . import ses_events, ses_mail
from .ses_identities import identity_of, missing
from .wire import AwsError, operation

logger = logging.getLogger("aws-patterns")


def _check_configuration_set(name):
    found = ses_v2._config_sets.get(name)
    if found is None:
        raise missing(f"Configuration set <{name}> does not exist.")
    if not found.get("SendingOptions", {}).get("SendingEnabled", True):
        raise AwsError("SendingPausedException", f"Email sending is disabled for the configuration set <{name}>.")


def _keep(mail):
    sent = ses_mail.delivered(mail)
    ses._sent_emails_list().append({
        "MessageId": mail.id, "Source": mail.source, "To": mail.to, "CC": mail.cc, "BCC": mail.bcc,
        "Subject": str(mail.message.get("Subject") or ""), "BodyText": mail.part("text/plain"),
        "BodyHtml": mail.part("text/html"), "Timestamp": time.time(), "Type": "v2.SendEmail",
        "Raw": base64.b64encode(sent).decode(), "Region": get_region(),
        "ConfigurationSetName": mail.configuration_set, "EmailTags": mail.tags,
    })


@operation("sesv2", "SendEmail")
def _send_email(request):
    mail = ses_mail.read(request, identity_of)
    ses_mail.check(mail)
    if mail.configuration_set:
        _check_configuration_set(mail.configuration_set)
    rejection = ses._message_rejection(mail.source, mail.recipients)
    if rejection:
        raise AwsError("MessageRejected", rejection)
    if not mail.has_virus():
        _keep(mail)
    ses_events.publish(mail)
    logger.info("SES sent %s: %s -> %s", mail.id, mail.source, mail.recipients)
    return {"MessageId": mail.id}


def _details():
    """What the emulator's listing lacks, by the ids of the mails."""
    keys = ("Raw", "Region", "ConfigurationSetName", "EmailTags")
    return {mail["MessageId"]: {key: mail[key] for key in keys if key in mail}
            for mails in ses._sent_emails._data.values() for mail in mails}


def install():
    standard = app._handle_ses_messages_request

    async def messages(method, path, headers, query_params):
        answer = await standard(method, path, headers, query_params)
        if not answer or answer[0] != 200:
            return answer
        status, answer_headers, body = answer
        listing, details = json.loads(body), _details()
        for mails in listing["messages"].values():
            for mail in mails:
                mail.update(details.get(mail["MessageId"], {}))
        return status, answer_headers, json.dumps(listing).encode()

    app._handle_ses_messages_request = messages
