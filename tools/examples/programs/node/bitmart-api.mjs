import { RestClient } from 'bitmart-api';

const sim = JSON.parse(process.env.SIMULATOR);
const { base_url: baseUrl, api_key: apiKey, api_secret: apiSecret } = sim;

const client = new RestClient({ apiKey, apiSecret, apiMemo: sim.memo, baseUrl });

const charge = await client.getAccountWithdrawQuotaV1({ currency: 'USDT-ETH' });
const { data } = await client.submitWithdrawalV1({
  currency: 'USDT-ETH',
  amount: '12.5',
  destination: 'To Digital Address',
  address: process.env.ADDRESS,
});
console.log(JSON.stringify({ read: charge.data.withdraw_fee, id: data.withdraw_id }));
