import json, os

import gate_api

sim = json.loads(os.environ["SIMULATOR"])
base_url, key, secret = sim["base_url"], sim["api_key"], sim["api_secret"]

configuration = gate_api.Configuration(host=base_url, key=key, secret=secret)

client = gate_api.ApiClient(configuration)
fees = gate_api.WalletApi(client).list_withdraw_status(currency="USDT")
order = gate_api.LedgerRecord(currency="USDT", chain="ETH", address=os.environ["ADDRESS"], amount="12.5")
record = gate_api.WithdrawalApi(client).withdraw(order)
print(json.dumps({"read": fees[0].withdraw_fix_on_chains["ETH"], "id": record.id}))
