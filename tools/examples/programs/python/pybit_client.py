import json, os, time

from pybit.unified_trading import HTTP

sim = json.loads(os.environ["SIMULATOR"])
base_url, key, secret = sim["base_url"], sim["api_key"], sim["api_secret"]

session = HTTP(api_key=key, api_secret=secret)
session.endpoint = base_url

coins = session.get_coin_info(coin="USDT")
taken = session.withdraw(
    coin="USDT", chain="ETH", address=os.environ["ADDRESS"], amount="12.5",
    timestamp=int(time.time() * 1000), forceChain=1, accountType="FUND",
)
print(json.dumps({"read": coins["result"]["rows"][0]["chains"][0]["withdrawFee"], "id": taken["result"]["id"]}))
