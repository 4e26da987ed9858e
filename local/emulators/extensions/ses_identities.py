"""
Adds: identities that somebody has to verify: an address by the link in the mail that SES sends (verify_email here), a
domain by its DKIM records in a public hosted zone of any account of the local cloud, as SES finds them in DNS. Once
verified they stay so. Also their configuration set, DKIM, MAIL FROM and feedback attributes, and policies.
Follows: Amazon SES Developer Guide, "Creating and verifying identities"; SES API v2 Reference, CreateEmailIdentity,
GetEmailIdentity and their likes.
Delete when: the emulator starts identities unverified and verifies domains by its own Route 53.
"""

import json
import time

from ministack.core.responses import get_account_id, get_region, request_scope
from ministack.services import ses, ses_v2

from .ses_dns import has_dkim, has_mail_from
from .wire import AwsError, operation, page


def invalid(message):
    return AwsError("BadRequestException", message)


def missing(message):
    return AwsError("NotFoundException", message)


def arn(identity):
    return f"arn:aws:ses:{get_region()}:{get_account_id()}:identity/{identity}"


def _is_domain(identity):
    return "@" not in identity


def _stored_name(identity):
    return identity.lower() if _is_domain(identity) else identity


def _identity(request):
    name = _stored_name(request["EmailIdentity"])
    found = ses_v2._identities.get(name)
    if found is None:
        raise missing(f"Email identity {name} does not exist.")
    refresh(found)
    return found


def _check_configuration_set(name):
    if name and name not in ses_v2._config_sets:
        raise missing(f"Configuration set <{name}> does not exist.")


def _signing(identity, attributes):
    """How the mails of a new identity are signed."""
    length = attributes.get("NextSigningKeyLength", "RSA_2048_BIT")
    lengths = {"NextSigningKeyLength": length, "CurrentSigningKeyLength": length}
    selector, key = attributes.get("DomainSigningSelector"), attributes.get("DomainSigningPrivateKey")
    if bool(selector) != bool(key):
        raise invalid("DomainSigningSelector and DomainSigningPrivateKey must be given together.")
    if not _is_domain(identity):
        return {"SigningEnabled": False, "Status": "NOT_STARTED", "SigningAttributesOrigin": "AWS_SES", "Tokens": [],
                "NextSigningKeyLength": length}
    if selector:
        return {"SigningEnabled": True, "Status": "PENDING", "SigningAttributesOrigin": "EXTERNAL",
                "Tokens": [selector]}
    return {"SigningEnabled": True, "Status": "PENDING", "SigningAttributesOrigin": "AWS_SES",
            "Tokens": ses._dkim_tokens(identity), "LastKeyGenerationTimestamp": int(time.time()), **lengths}


def _mark_verified(record):
    record.update(VerifiedForSendingStatus=True, VerificationStatus="SUCCESS",
                  VerificationInfo={"LastCheckedTimestamp": int(time.time()), "LastSuccessTimestamp": int(time.time())})
    if record["DkimAttributes"]["Tokens"]:
        record["DkimAttributes"]["Status"] = "SUCCESS"


def refresh(record):
    """Look into DNS, as SES does from time to time."""
    signing, name = record["DkimAttributes"], record["EmailIdentity"]
    if signing["Status"] == "PENDING" and has_dkim(name, signing):
        _mark_verified(record)
    mail_from = record["MailFromAttributes"]
    if mail_from.get("MailFromDomainStatus") == "PENDING" and has_mail_from(mail_from["MailFromDomain"]):
        mail_from["MailFromDomainStatus"] = "SUCCESS"


def identity_of(address):
    """The identity of the present account and region that an address belongs to: itself, or a domain above it."""
    local, _, domain = address.rpartition("@")
    names = [*ses_v2._identities, *ses._identities]
    if address in names:
        return address
    return next((name for name in ses._domain_and_parents(domain.lower()) if name in names), None)


def verify_email(identity, account=None, region=None):
    """What the owner of an address does with the link in the mail that SES sends. Returns where the identity is."""
    verified = []
    for (owner, place, name), record in list(ses_v2._identities._data.items()):
        if name == _stored_name(identity) and account in (None, owner) and region in (None, place):
            with request_scope(owner, place):
                _mark_verified(record)
            verified.append({"account": owner, "region": place, "identity": name})
    return verified


@operation("sesv2", "CreateEmailIdentity")
def _create(request):
    name = _stored_name(request["EmailIdentity"])
    if name in ses_v2._identities:
        raise AwsError("AlreadyExistsException", f"Email identity {name} already exist.")
    _check_configuration_set(request.get("ConfigurationSetName"))
    record = {
        "EmailIdentity": name,
        "IdentityType": "DOMAIN" if _is_domain(name) else "EMAIL_ADDRESS",
        "VerifiedForSendingStatus": False,
        "VerificationStatus": "PENDING",
        "FeedbackForwardingStatus": True,
        "DkimAttributes": _signing(name, request.get("DkimSigningAttributes") or {}),
        "MailFromAttributes": {"BehaviorOnMxFailure": "USE_DEFAULT_VALUE"},
        "Policies": {},
        "ConfigurationSetName": request.get("ConfigurationSetName"),
    }
    ses_v2._identities[name] = record
    ses_v2._ses_tags[arn(name)] = list(request.get("Tags") or [])
    refresh(record)
    return {key: record[key] for key in ("IdentityType", "VerifiedForSendingStatus", "DkimAttributes")}


@operation("sesv2", "GetEmailIdentity")
def _get(request):
    record = _identity(request)
    return {**{key: value for key, value in record.items() if key != "EmailIdentity"},
            "Tags": ses_v2._ses_tags.get(arn(record["EmailIdentity"]), [])}


@operation("sesv2", "ListEmailIdentities")
def _list(request):
    wanted, found = request.get("Filter") or {}, []
    for name, record in ses_v2._identities.items():
        refresh(record)
        item = {"IdentityType": record["IdentityType"], "IdentityName": name, "SendingEnabled": True,
                "VerificationStatus": record["VerificationStatus"]}
        if (wanted.get("IDENTITY_NAME_CONTAINS", "") in name
                and wanted.get("IDENTITY_TYPE", item["IdentityType"]) == item["IdentityType"]
                and wanted.get("VERIFICATION_STATUS", item["VerificationStatus"]) == item["VerificationStatus"]):
            found.append(item)
    return page(request, found, 1000)


@operation("sesv2", "DeleteEmailIdentity")
def _delete(request):
    name = _identity(request)["EmailIdentity"]
    if ses_v2._tenant_delete_block(arn(name)):
        raise invalid(f"Cannot delete <{arn(name)}> because it has tenant associations.")
    ses_v2._identities.pop(name)
    ses_v2._ses_tags.pop(arn(name), None)


@operation("sesv2", "PutEmailIdentityConfigurationSetAttributes")
def _put_configuration_set(request):
    record = _identity(request)
    _check_configuration_set(request.get("ConfigurationSetName"))
    record["ConfigurationSetName"] = request.get("ConfigurationSetName")


@operation("sesv2", "PutEmailIdentityDkimAttributes")
def _put_dkim(request):
    _identity(request)["DkimAttributes"]["SigningEnabled"] = bool(request.get("SigningEnabled"))


@operation("sesv2", "PutEmailIdentityDkimSigningAttributes")
def _put_dkim_signing(request):
    record = _identity(request)
    attributes = dict(request.get("SigningAttributes") or {})
    if request["SigningAttributesOrigin"] == "AWS_SES":
        attributes = {key: value for key, value in attributes.items() if key == "NextSigningKeyLength"}
    before, signing = record["DkimAttributes"], _signing(record["EmailIdentity"], attributes)
    # Tokens that are in DNS already stay good, whatever the length of the key behind them.
    if signing["Tokens"] == before["Tokens"]:
        signing["Status"] = before["Status"]
    record["DkimAttributes"] = signing
    refresh(record)
    return {"DkimStatus": signing["Status"], "DkimTokens": signing["Tokens"]}


@operation("sesv2", "PutEmailIdentityMailFromAttributes")
def _put_mail_from(request):
    record, domain = _identity(request), request.get("MailFromDomain")
    behavior = {"BehaviorOnMxFailure": request.get("BehaviorOnMxFailure", "USE_DEFAULT_VALUE")}
    base = record["EmailIdentity"].rpartition("@")[2]
    if domain and not domain.lower().endswith(f".{base}"):
        raise invalid(f"Provided MAIL-FROM domain <{domain}> is not subdomain of the domain of the identity <{base}>.")
    record["MailFromAttributes"] = {
        **behavior, **({"MailFromDomain": domain, "MailFromDomainStatus": "PENDING"} if domain else {})}


@operation("sesv2", "PutEmailIdentityFeedbackAttributes")
def _put_feedback(request):
    _identity(request)["FeedbackForwardingStatus"] = bool(request.get("EmailForwardingEnabled"))


def _check_policy(policy):
    try:
        if json.loads(policy)["Statement"]:
            return
    except (ValueError, KeyError, TypeError):
        pass
    raise invalid("The policy is not a valid policy document.")


@operation("sesv2", "CreateEmailIdentityPolicy")
def _create_policy(request):
    policies, name = _identity(request)["Policies"], request["PolicyName"]
    if name in policies:
        raise AwsError("AlreadyExistsException", f"Policy {name} already exists.")
    _check_policy(request["Policy"])
    policies[name] = request["Policy"]


@operation("sesv2", "UpdateEmailIdentityPolicy")
def _update_policy(request):
    policies, name = _identity(request)["Policies"], request["PolicyName"]
    if name not in policies:
        raise missing(f"Policy {name} does not exist.")
    _check_policy(request["Policy"])
    policies[name] = request["Policy"]


@operation("sesv2", "GetEmailIdentityPolicies")
def _get_policies(request):
    return {"Policies": _identity(request)["Policies"]}


@operation("sesv2", "DeleteEmailIdentityPolicy")
def _delete_policy(request):
    _identity(request)["Policies"].pop(request["PolicyName"], None)


def install():
    standard = ses._identity_verified

    def identity_verified(address, **options):
        for record in ses_v2._identities.values():
            refresh(record)
        return standard(address, **options)

    ses._identity_verified = identity_verified
