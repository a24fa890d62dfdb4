"""Signs requests to Sluice and verifies its webhooks, with Python's own library alone."""

import base64
import hashlib
import hmac
import time

TOLERANCE_SECONDS = 300


def sign_request(secret, timestamp, method, path, query, body):
    """The header X-CPG-Signature. `query` and `body` (bytes) are what is sent, to the letter; `timestamp` is the header's text."""
    body_hash = hashlib.sha256(body).hexdigest()
    canonical = "\n".join([timestamp, method.upper(), path, query, body_hash])
    return hmac.new(secret.encode(), canonical.encode(), hashlib.sha256).hexdigest()


def signed_headers(key_id, secret, method, path, query="", body=b"", now=None):
    """The three headers of a request that is sent now. A signature counts once: make new headers for each attempt, in another second."""
    timestamp = str(int(time.time() if now is None else now))
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
