"""Signs requests to Sluice and verifies its webhooks, with Python's own library alone."""

import base64
import hashlib
import hmac
import random
import time

TOLERANCE_SECONDS = 300
# The API accepts a signature once. Processes that share a key draw their seconds at random, so that equal requests rarely collide.
SPREAD_SECONDS = 150
_drawn = set()  # the seconds that this process has used already


def sign_request(secret, timestamp, method, path, query, body):
    """The header X-CPG-Signature. `query` and `body` (bytes) are what is sent, to the letter; `timestamp` is the header's text."""
    body_hash = hashlib.sha256(body).hexdigest()
    canonical = "\n".join([timestamp, method.upper(), path, query, body_hash])
    return hmac.new(secret.encode(), canonical.encode(), hashlib.sha256).hexdigest()


def _unused_second(now):
    """A second near `now` that this process has not used within the window. Once all of them are used, it is any of them."""
    near = range(now - SPREAD_SECONDS, now + SPREAD_SECONDS + 1)
    _drawn.intersection_update(near)
    second = random.choice([one for one in near if one not in _drawn] or near)
    _drawn.add(second)
    return second


def signed_headers(key_id, secret, method, path, query="", body=b""):
    """The three headers of a request that is sent now. Make new headers for each attempt: the API accepts a signature once."""
    timestamp = str(_unused_second(int(time.time())))
    return {
        "X-CPG-Key": key_id,
        "X-CPG-Timestamp": timestamp,
        "X-CPG-Signature": sign_request(secret, timestamp, method, path, query, body),
    }


def is_genuine(secrets, headers, body, now=None):
    """Whether a webhook was signed with one of these secrets in the last 300 s. `body` is bytes as they came; names of headers in lower case."""
    now = time.time() if now is None else now
    if "webhook-signature" in headers:  # Standard Webhooks
        timestamp = headers.get("webhook-timestamp", "")
        signed = f"{headers.get('webhook-id', '')}.{timestamp}.".encode() + body
        expected = [_standard(secret, signed) for secret in secrets]
        given = [one[3:] for one in headers["webhook-signature"].split(" ") if one.startswith("v1,")]
    else:
        timestamp = headers.get("x-cpg-timestamp", "")
        signed = f"{timestamp}\n".encode() + body
        expected = [hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest() for secret in secrets]
        given = [headers.get("x-cpg-signature", "")]
    if not (timestamp.isascii() and timestamp.isdigit()) or abs(now - int(timestamp)) > TOLERANCE_SECONDS:
        return False
    return any(hmac.compare_digest(g.encode(), e.encode()) for g in given for e in expected)


def _standard(secret, signed):
    key = base64.b64decode(secret.removeprefix("whsec_"))
    return base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
