import { RestClient } from 'gateio-api';

const sim = JSON.parse(process.env.SIMULATOR);
const { base_url: baseUrl, api_key: apiKey, api_secret: apiSecret } = sim;

const client = new RestClient({ apiKey, apiSecret, baseUrl });

const fees = await client.getWithdrawalStatus({ currency: 'USDT' });
const order = { currency: 'USDT', chain: 'ETH', address: process.env.ADDRESS, amount: '12.5' };
const { id } = await client.submitWithdrawal(order);
console.log(JSON.stringify({ read: fees[0].withdraw_fix_on_chains.ETH, id }));
