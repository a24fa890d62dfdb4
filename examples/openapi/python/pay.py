"""Requests one withdrawal through a client that OpenAPI Generator made: `python3 pay.py REFERENCE`.

Needs SLUICE_URL, SLUICE_KEY_ID and SLUICE_SECRET in the environment, the generated package `sluice_api`, and `sluice_signing.py`.
"""

import os
import sys
from urllib.parse import urlsplit

import urllib3
from sluice_api import ApiClient, ApiException, Configuration, CreateWithdrawalDto, WithdrawalsApi

from sluice_signing import signed_headers


class SigningPool(urllib3.PoolManager):
    """Signs each request over the bytes that are sent. It repeats no request: each attempt needs a signature of its own."""

    def __init__(self, key_id, secret):
        super().__init__(retries=False, timeout=15)
        self.key_id, self.secret = key_id, secret

    def request(self, method, url, body=None, headers=None, **options):
        parts = urlsplit(url)
        body = body.encode() if isinstance(body, str) else body or b""
        signed = signed_headers(self.key_id, self.secret, method, parts.path, parts.query, body)
        return super().request(method, url, body=body, headers={**(headers or {}), **signed}, **options)


def client():
    made = ApiClient(Configuration(host=os.environ["SLUICE_URL"]))
    made.rest_client.pool_manager = SigningPool(os.environ["SLUICE_KEY_ID"], os.environ["SLUICE_SECRET"])
    return made


order = CreateWithdrawalDto(
    currency="USDT",
    network="TRX",
    to_address="TGZQXjpvvfjZFLYdL6cnNTaxNRbGmthPLL",
    amount="25",  # text: a float would round it
    client_reference=sys.argv[1],
)
try:
    answer = WithdrawalsApi(client()).request_withdrawal(order)
except ApiException as refusal:
    sys.exit(f"{refusal.status} {refusal.body}")  # after 408, 429, 5xx: send the same reference again
except urllib3.exceptions.HTTPError as lost:
    sys.exit(f"the outcome of {order.client_reference} is unknown, send the same reference again: {lost}")
print(answer.to_json())
