"""
Adds: functions in Node.js reach Cognito's own addresses, its keys and token endpoints, here: those are no API of the
SDK, whose endpoint can be set. And `aged`, a token as the pool would have signed it earlier.
Follows: Cognito Developer Guide, "Endpoints": cognito-idp.<region>.amazonaws.com, <prefix>.auth.<region>.amazoncognito.com.
Delete when: the emulator gives functions a resolver of their own.
"""

import base64
import json
import os

from ministack.services import cognito

_PRELOAD = os.path.join(os.path.dirname(__file__), "function_hosts.cjs")


def install():
    # What functions are started with.
    os.environ["NODE_OPTIONS"] = f'--require "{_PRELOAD}"'


def aged(token, seconds):
    payload = token.split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    earlier = {name: claims[name] - seconds for name in ("iat", "auth_time", "exp")}
    return cognito._signed_jwt({**claims, **earlier}, claims["iss"].rsplit("/", 1)[1], claims["token_use"])
