"""
A mail as SendEmail describes it: simple, raw or from a template, read into one form.
Follows: SES API v2 Reference, SendEmail; Amazon SES Developer Guide, "Amazon SES header fields" (X-SES-…).
"""

import base64
import binascii
import re
from dataclasses import dataclass, field
from datetime import datetime, timezone
from email import message_from_bytes
from email.policy import SMTP, default
from email.utils import format_datetime, formataddr, getaddresses, parseaddr

from ministack.core.responses import get_region, new_uuid
from ministack.services import ses, ses_v2

from .ses_identities import invalid


_MOST_RECIPIENTS, _MOST_BYTES = 50, 40 * 1024 * 1024
# What SES writes by itself, or keeps to itself.
_OWN_HEADERS = ("message-id", "date", "bcc", "return-path", "x-ses-configuration-set", "x-ses-message-tags")
_VIRUS = b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE"


@dataclass
class Mail:
    kind: str
    source: str
    to: list
    cc: list
    bcc: list
    message: object
    raw: bytes
    configuration_set: str
    tags: dict
    feedback: str = ""
    id: str = field(default_factory=lambda: f"0100{new_uuid().replace('-', '')[:12]}-{new_uuid()}-000000")

    @property
    def recipients(self):
        return [*self.to, *self.cc, *self.bcc]

    @property
    def sender(self):
        return parseaddr(self.source)[1]

    def part(self, kind):
        """The text of the first part of a type, or an empty one."""
        found = next((p for p in self.message.walk() if p.get_content_type() == kind and not p.is_attachment()), None)
        return found.get_content() if found else ""

    def has_virus(self):
        return any(_VIRUS in (p.get_payload(decode=True) or b"") for p in self.message.walk() if not p.is_multipart())


def _decoded(data):
    try:
        return base64.b64decode(data, validate=True)
    except (binascii.Error, ValueError):
        raise invalid("The raw message is not encoded in base64.") from None


def _simple(content):
    if content.get("Attachments"):
        raise invalid("The local cloud's SES takes attachments in raw mails only; send the mail as Content.Raw.")
    body = content["Body"]
    message = ses._build_mime_message("", [], [], [], content["Subject"]["Data"],
                                      (body.get("Text") or {}).get("Data"), (body.get("Html") or {}).get("Data"), "x")
    return message, {header["Name"]: header["Value"] for header in content.get("Headers") or []}


def _template(content):
    stored, _name, refusal = ses_v2._resolve_send_template(content)
    if refusal:
        raise invalid("The template of the mail does not exist.")
    rendered = ses._render_template(stored, content.get("TemplateData", ""))
    return ses._build_mime_message("", [], [], [], rendered.get("Subject"), rendered.get("Text"),
                                   rendered.get("Html"), "x"), {}


def _composed(content, source, destination):
    """The MIME message that SES composes of a subject and a body."""
    text, headers = _simple(content["Simple"]) if "Simple" in content else _template(content["Template"])
    message = message_from_bytes(text.encode("utf-8", "surrogateescape"), policy=SMTP)
    for name in ("From", "Message-ID"):
        del message[name]
    given = {"From": source, "To": ", ".join(destination.get("ToAddresses") or []),
             "Cc": ", ".join(destination.get("CcAddresses") or []), **headers}
    for name, value in given.items():
        if value:
            message[name] = value
    return message.as_bytes()


def _addresses(message, header):
    return [address for _name, address in getaddresses([str(value) for value in message.get_all(header, [])])]


def _recipients(message, destination):
    """Who gets the mail: whom the request names, or else whom a raw mail's own headers name."""
    given = [list(destination.get(f"{name}Addresses") or []) for name in ("To", "Cc", "Bcc")]
    return given if any(given) else [_addresses(message, name) for name in ("To", "Cc", "Bcc")]


def _tags(request, message):
    pairs = [pair.split("=", 1) for value in message.get_all("X-SES-MESSAGE-TAGS", [])
             for pair in str(value).split(",") if "=" in pair]
    return {**{name.strip(): value.strip() for name, value in pairs},
            **{tag["Name"]: tag["Value"] for tag in request.get("EmailTags") or []}}


def _configuration_set(request, message, source, identity_of):
    """The set that the request or the mail names, or that of the sender's identity."""
    named = request.get("ConfigurationSetName") or message.get("X-SES-CONFIGURATION-SET")
    if named:
        return str(named).strip()
    identity = ses_v2._identities.get(identity_of(parseaddr(source)[1]) or "") or {}
    return identity.get("ConfigurationSetName") or ""


def read(request, identity_of):
    """The mail of a request, which may still be one that SES refuses to send."""
    if request.get("FromEmailAddressIdentityArn"):
        raise invalid("The local cloud's SES knows no sending authorization (FromEmailAddressIdentityArn).")
    content, destination = request["Content"], request.get("Destination") or {}
    kind = next((name for name in ("Raw", "Simple", "Template") if content.get(name)), None)
    if kind is None:
        raise invalid("Content must be one of Simple, Raw and Template.")
    source = request.get("FromEmailAddress") or ""
    raw = _decoded(content["Raw"]["Data"]) if kind == "Raw" else _composed(content, source, destination)
    message = message_from_bytes(raw, policy=default)
    # A header may carry a name in any alphabet, a request's address may not.
    source = source or formataddr(parseaddr(str(message.get("From") or "")))
    to, cc, bcc = _recipients(message, destination)
    return Mail(kind, source, to, cc, bcc, message, raw,
                _configuration_set(request, message, source, identity_of), _tags(request, message),
                request.get("FeedbackForwardingEmailAddress") or "")


def check(mail):
    """Refuse what SES takes for no mail."""
    if not mail.source:
        raise invalid("Missing required header 'From'.")
    if not mail.recipients:
        raise invalid("The mail has no recipients.")
    if len(mail.recipients) > _MOST_RECIPIENTS:
        raise invalid(f"Recipient count exceeds {_MOST_RECIPIENTS}.")
    for address in (mail.source, *mail.recipients):
        if ses._missing_domain(address):
            raise invalid("Missing final '@domain'")
        if re.search(r"[\s\x00-\x1f]", parseaddr(address)[1]):
            raise invalid("Local address contains control or whitespace")
    if len(mail.raw) > _MOST_BYTES:
        raise invalid(f"Message length is more than {_MOST_BYTES} bytes long: '{len(mail.raw)}'.")


def _without(header_lines, names):
    """Header lines without those of some names; a line that begins with space goes on with the one before it."""
    kept, dropping = [], False
    for line in header_lines:
        if line[:1] not in (b" ", b"\t"):
            dropping = line.partition(b":")[0].strip().lower().decode("latin-1") in names
        if not dropping:
            kept.append(line)
    return kept


def delivered(mail):
    """The mail as its recipients get it: with the Message-ID and Date of SES, without what is nobody's business."""
    match = re.search(rb"\r?\n\r?\n", mail.raw)
    head, rest = (mail.raw[:match.start()], mail.raw[match.end():]) if match else (mail.raw, b"")
    domain = "email.amazonses.com" if get_region() == "us-east-1" else f"{get_region()}.amazonses.com"
    date = format_datetime(datetime.now(timezone.utc))
    own = [f"Message-ID: <{mail.id}@{domain}>".encode(), f"Date: {date}".encode()]
    lines = [*own, *_without(re.split(rb"\r?\n", head), _OWN_HEADERS)]
    return b"\r\n".join(lines) + b"\r\n\r\n" + rest
