"""Signs every request that Schemathesis sends, as a client of the public API does, over exactly the bytes that leave."""

import hashlib
import hmac
import itertools
import os
import time

import schemathesis
from hypothesis.internal import lambda_sources
from requests import PreparedRequest
from requests.auth import AuthBase

KEY_ID = os.environ["SLUICE_KEY_ID"]
SECRET = os.environ["SLUICE_SECRET"].encode()
SENT = itertools.count()


class Signature(AuthBase):
    """Equal requests of one second have equal signatures: each gets a second of its own inside the window."""

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        timestamp = str(int(time.time()) + next(SENT) % 500 - 250)
        path, _, query = request.path_url.partition("?")
        body = request.body or b""
        raw = body.encode() if isinstance(body, str) else body
        canonical = "\n".join(
            [timestamp, request.method.upper(), path, query, hashlib.sha256(raw).hexdigest()]
        )
        request.headers["X-CPG-Key"] = KEY_ID
        request.headers["X-CPG-Timestamp"] = timestamp
        request.headers["X-CPG-Signature"] = hmac.new(
            SECRET, canonical.encode(), hashlib.sha256
        ).hexdigest()
        return request


schemathesis.auth.set_from_requests(Signature())


def _ask_again(describe):
    """Python's own parser may fail for once ("AST constructor recursion depth mismatch", SystemError): the generator only asks it how a lambda reads."""

    def describe_lambda(*args, **kwargs):
        for _ in range(3):
            try:
                return describe(*args, **kwargs)
            except SystemError:
                continue
        return describe(*args, **kwargs)

    return describe_lambda


lambda_sources._lambda_description = _ask_again(lambda_sources._lambda_description)
