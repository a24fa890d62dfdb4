"""Asks for one withdrawal: `python3 pay.py REFERENCE`, with SLUICE_URL, SLUICE_KEY_ID and SLUICE_SECRET in the environment."""

import json
import os
import sys
import time
import urllib.error
import urllib.request

from sluice_signing import signed_headers

PATH = "/v1/withdrawals"
UNFINISHED = {408, 429, 500, 503, 504}  # send it again
USED = b"Request signature has already been used"  # by an equal request with this timestamp: sign it with another one


def pay(reference, attempts=5):
    """The status and the envelope of the answer. Each attempt has the same reference, so all of them are one withdrawal."""
    order = {
        "currency": "USDT",
        "network": "TRX",
        "to_address": "TGZQXjpvvfjZFLYdL6cnNTaxNRbGmthPLL",
        "amount": "25",  # text: a float would round it
        "client_reference": reference,
    }
    body = json.dumps(order).encode()  # once: what is signed is what is sent
    for attempt in range(attempts):
        headers = signed_headers(os.environ["SLUICE_KEY_ID"], os.environ["SLUICE_SECRET"], "POST", PATH, body=body)
        headers["Content-Type"] = "application/json"
        request = urllib.request.Request(os.environ["SLUICE_URL"] + PATH, body, headers)
        try:
            with urllib.request.urlopen(request, timeout=15) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as refusal:
            answer = refusal.read()
            if refusal.code not in UNFINISHED and USED not in answer:
                return refusal.code, json.loads(answer)
        except OSError:
            pass  # no answer proves nothing: it may be paid
        time.sleep(2**attempt)
    return None, None


status, envelope = pay(sys.argv[1])
if status is None:
    sys.exit(f"the outcome of {sys.argv[1]} is unknown: ask again with the same reference")
print(json.dumps(envelope))
sys.exit(0 if status == 200 else 1)
