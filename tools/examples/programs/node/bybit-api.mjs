import { RestClientV5 } from 'bybit-api';

const sim = JSON.parse(process.env.SIMULATOR);
const { base_url: baseUrl, api_key: apiKey, api_secret: apiSecret } = sim;

const client = new RestClientV5({ key: apiKey, secret: apiSecret, baseUrl });

const coins = await client.getCoinInfo('USDT');
const { result } = await client.submitWithdrawal({
  coin: 'USDT',
  chain: 'ETH',
  address: process.env.ADDRESS,
  amount: '12.5',
  timestamp: Date.now(),
  forceChain: 1,
  accountType: 'FUND',
});
console.log(JSON.stringify({ read: coins.result.rows[0].chains[0].withdrawFee, id: result.id }));
