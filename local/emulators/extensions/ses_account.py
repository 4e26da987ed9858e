"""
Adds: the sandbox, in which every account begins: mail goes to verified recipients and to the mailbox simulator only.
PutAccountDetails with ProductionAccessEnabled takes the account out of it, without the review that AWS makes first.
Follows: Amazon SES Developer Guide, "Request production access"; SES API v2 Reference, GetAccount.
Delete when: the emulator's accounts begin in the sandbox.
"""

import time

from ministack.services import ses

from .wire import operation


_SANDBOX = {"Max24HourSend": 200.0, "MaxSendRate": 1.0}
_PRODUCTION = {"Max24HourSend": 50000.0, "MaxSendRate": 14.0}


def in_sandbox():
    return not (ses._account_details.get("account") or {}).get("ProductionAccessEnabled", False)


@operation("sesv2", "GetAccount")
def _get_account(_request):
    account = ses._account_details.get("account") or {}
    recent = sum(1 for mail in ses._sent_emails_list() if mail["Timestamp"] >= time.time() - 86400)
    return {
        "DedicatedIpAutoWarmupEnabled": False,
        "EnforcementStatus": "HEALTHY",
        "ProductionAccessEnabled": not in_sandbox(),
        "SendQuota": {**(_SANDBOX if in_sandbox() else _PRODUCTION), "SentLast24Hours": float(recent)},
        "SendingEnabled": True,
        "SuppressionAttributes": {"SuppressedReasons": []},
        "Details": account.get("Details"),
    }


def install():
    ses._production_access_enabled = lambda: not in_sandbox()
