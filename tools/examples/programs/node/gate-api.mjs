import gateApi from 'gate-api';

const sim = JSON.parse(process.env.SIMULATOR);
const { base_url: baseUrl, api_key: apiKey, api_secret: apiSecret } = sim;
const client = new gateApi.ApiClient();
client.setApiKeySecret(apiKey, apiSecret);

client.basePath = baseUrl;

const fees = await new gateApi.WalletApi(client).listWithdrawStatus({ currency: 'USDT' });
const order = { currency: 'USDT', chain: 'ETH', address: process.env.ADDRESS, amount: '12.5' };
const taken = await new gateApi.WithdrawalApi(client).withdraw(order);
console.log(JSON.stringify({ read: fees.body[0].withdrawFixOnChains.ETH, id: taken.body.id }));
