"""
Adds: requests on the loopback interface, and the emulator's own deliveries, count as encrypted, so that policies that
deny `aws:SecureTransport` = false (as every queue and bucket of ours has) do not lock the local cloud out.
Follows: IAM User Guide, "AWS global condition context keys", aws:SecureTransport. AWS's endpoints speak TLS.
Delete when: the emulator is served over TLS with a certificate that every SDK in use trusts.
"""

import contextvars

from ministack import app
from ministack.core import iam_evaluator


def install():
    # What the emulator does on its own (a rule's delivery to a queue) has no request to take its origin from.
    iam_evaluator._request_origin = contextvars.ContextVar("aws_patterns_request_origin", default=("127.0.0.1", True))
    app.pin_request_origin = lambda source_ip, _secure: iam_evaluator.pin_request_origin(source_ip, True)
