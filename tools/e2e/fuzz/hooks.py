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

PAYER, BOOK_KEEPER = (
    (os.environ[f"SLUICE_{name}_KEY_ID"], os.environ[f"SLUICE_{name}_SECRET"].encode())
    for name in ("PAYER", "BOOK_KEEPER")
)
SENT = itertools.count()


def key_for(path):
    """Returns the key of one account for its address book, and the key of another account for all other requests.

    A generated request switches "address book only" on at once, which refuses all later payments of that account.
    """
    return BOOK_KEEPER if path.startswith("/v1/address") else PAYER


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
        key_id, secret = key_for(path)
        request.headers["X-CPG-Key"] = key_id
        request.headers["X-CPG-Timestamp"] = timestamp
        request.headers["X-CPG-Signature"] = hmac.new(
            secret, canonical.encode(), hashlib.sha256
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
