import json, os, re

import ccxt

sim = json.loads(os.environ["SIMULATOR"])
base_url, key, secret = sim["base_url"], sim["api_key"], sim["api_secret"]
# ccxt names a venue without the ending of the venue's domain
name = sim["venue"] if hasattr(ccxt, sim["venue"]) else sim["venue"].removesuffix("io")
exchange = getattr(ccxt, name)({"apiKey": key, "secret": secret, "uid": sim.get("memo")})
host = r'https?://[^/"]+'
origin = re.match(host, base_url).group()

exchange.urls["api"] = json.loads(re.sub(host, origin, json.dumps(exchange.urls["api"])))

now = exchange.fetch_time()
taken = exchange.withdraw("USDT", 12.5, os.environ["ADDRESS"], params={"network": "ERC20"})
print(json.dumps({"read": now, "id": taken["id"]}))
