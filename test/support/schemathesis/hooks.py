"""Signs what schemathesis sends, as callers of an API with IAM's authorization do."""

import os

import requests
import schemathesis
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

_signer = SigV4Auth(Credentials(os.environ["CALLER_KEY"], os.environ["CALLER_SECRET"]), "execute-api", "us-east-1")


class Signed(requests.auth.AuthBase):
    def __call__(self, request):
        signed = AWSRequest(request.method, request.url, data=request.body or b"")
        _signer.add_auth(signed)
        request.headers.update(dict(signed.headers))
        return request


schemathesis.auth.set_from_requests(Signed())
