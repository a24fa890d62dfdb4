import ccxt from 'ccxt';

const sim = JSON.parse(process.env.SIMULATOR);
const { base_url: baseUrl, api_key: apiKey, api_secret: apiSecret } = sim;
// ccxt names a venue without the ending of the venue's domain
const Exchange = ccxt[sim.venue] ?? ccxt[sim.venue.replace(/io$/, '')];
const exchange = new Exchange({ apiKey, secret: apiSecret, uid: sim.memo });
const { origin } = new URL(baseUrl);
const hosts = /https?:\/\/[^/"]+/g;

exchange.urls.api = JSON.parse(JSON.stringify(exchange.urls.api).replace(hosts, origin));

const read = await exchange.fetchTime();
const { id } = await exchange.withdraw('USDT', 12.5, process.env.ADDRESS, undefined, {
  network: 'ERC20',
});
console.log(JSON.stringify({ read, id }));
