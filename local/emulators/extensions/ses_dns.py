"""
What Amazon SES finds in DNS: the records of the public hosted zones of every account. Whether a zone is delegated to,
nobody can tell here; the zone closest to a name answers for it.
"""

from ministack.core.responses import get_region
from ministack.services import route53


def _name(text):
    return text.rstrip(".").lower()


def _zones():
    for (account, zone_id), zone in route53._zones._data.items():
        if not zone.get("private"):
            yield _name(zone["name"]), route53._records._data.get((account, zone_id)) or []


def lookup(name, kind):
    """The values of the records of a name and type."""
    name = _name(name)
    covering = [(zone, records) for zone, records in _zones() if name == zone or name.endswith(f".{zone}")]
    closest = max((len(zone) for zone, _ in covering), default=0)
    return [value for zone, records in covering if len(zone) == closest for record in records
            if _name(record["Name"]) == name and record["Type"] == kind
            for value in record.get("ResourceRecords", [])]


def has_dkim(domain, signing):
    """Whether the records that sign the mails of a domain are there."""
    if signing["SigningAttributesOrigin"] == "EXTERNAL":
        return bool(lookup(f"{signing['Tokens'][0]}._domainkey.{domain}", "TXT"))
    return all(f"{token}.dkim.amazonses.com" in map(_name, lookup(f"{token}._domainkey.{domain}", "CNAME"))
               for token in signing["Tokens"])


def has_mail_from(domain):
    """Whether a MAIL FROM domain hands its mail to SES."""
    wanted = f"feedback-smtp.{get_region()}.amazonses.com"
    return any(_name(value.split()[-1]) == wanted for value in lookup(domain, "MX") if value.split())
