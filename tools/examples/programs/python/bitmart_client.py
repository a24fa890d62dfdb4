import json, os

from bitmart.api_account import APIAccount

sim = json.loads(os.environ["SIMULATOR"])
base_url, key, secret = sim["base_url"], sim["api_key"], sim["api_secret"]

account = APIAccount(key, secret, sim["memo"], url=base_url)

charge, _ = account.get_withdraw_charge("USDT-ETH")
taken, _ = account.post_withdraw_apply("USDT-ETH", "12.5", "To Digital Address", os.environ["ADDRESS"])
print(json.dumps({"read": charge["data"]["withdraw_fee"], "id": taken["data"]["withdraw_id"]}))
