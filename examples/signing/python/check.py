"""Answers each line of questions, for tests: a word and its fields in base64. See examples/signing/README.md."""

import base64
import sys

from sluice_signing import is_genuine, sign_request

for line in sys.stdin:
    word, *fields = line.rstrip("\n").split(" ")
    values = [base64.b64decode(field) for field in fields]
    texts = [value.decode() for value in values[:-1]]
    body = values[-1]
    if word == "request":
        secret, timestamp, method, path, query = texts
        print(sign_request(secret, timestamp, method, path, query, body))
    elif word == "webhook":
        secret, now, *pairs = texts
        headers = dict(zip(pairs[::2], pairs[1::2]))
        print("genuine" if is_genuine([secret], headers, body, int(now)) else "refused")
