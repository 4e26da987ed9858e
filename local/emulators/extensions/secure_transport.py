"""
Adds: requests on the loopback interface count as encrypted, so that policies that deny `aws:SecureTransport` = false
(as every queue and bucket of ours has) do not lock the local cloud's own clients out.
Follows: IAM User Guide, "AWS global condition context keys", aws:SecureTransport. AWS's endpoints speak TLS.
Delete when: the emulator is served over TLS with a certificate that every SDK in use trusts.
"""

from ministack import app


def install():
    pin = app.pin_request_origin
    app.pin_request_origin = lambda source_ip, _secure_transport: pin(source_ip, True)
