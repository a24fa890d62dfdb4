import json, os

import requests
from upvest_investment_api import UpvestRequestsAuth, make_idempotency_key

sim = json.loads(os.environ["SIMULATOR"])
base_url = sim["base_url"]
auth = UpvestRequestsAuth(
    private_key_pem=sim["private_key"].encode(), private_key_passphrase=None, key_id=sim["key_id"],
    client_id=sim["client_id"], client_secret=sim["client_secret"], scopes=sim["scopes"],
)

ask = lambda method, path, **more: requests.request(method, base_url + path, auth=auth, **more)

cash = ask("GET", f"/account_groups/{sim['account_group_id']}/payments/cash_balance").json()
order = {name: sim[name] for name in ("user_id", "account_group_id", "reference_account_id")}
key = {"idempotency-key": make_idempotency_key()}
taken = ask("POST", "/payments/withdrawals", json={**order, "amount": "12.50", "currency": "EUR"}, headers=key)
print(json.dumps({"read": cash["available_for_withdrawal"], "id": taken.json()["id"]}))
