import { signBybit } from '@sluice/signing';
import type { VenueUnderAudit } from './venue-under-audit.js';

let requests = 0;

export const BYBIT: VenueUnderAudit = {
  venue: 'bybit',
  environment: (url, key) => ({
    BYBIT_BASE_URL: url,
    BYBIT_AUDIT_API_KEY: key.api_key,
    BYBIT_AUDIT_API_SECRET: key.api_secret,
  }),
  pay: async (simulator, { address, net }, { api_key: apiKey, api_secret: secret }) => {
    const timestamp = String(Date.now());
    const body = JSON.stringify({
      coin: 'USDT',
      chain: 'ETH',
      address,
      amount: net,
      timestamp: Number(timestamp),
      accountType: 'FUND',
      forceChain: 1,
      feeType: 0,
      requestId: `audit${timestamp}n${++requests}`,
    });
    const signed = { method: 'POST', query: '', body, apiKey, timestamp, recvWindow: '5000' };
    const response = await fetch(`${simulator.url}/v5/asset/withdraw/create`, {
      method: 'POST',
      headers: {
        'X-BAPI-API-KEY': apiKey,
        'X-BAPI-TIMESTAMP': timestamp,
        'X-BAPI-RECV-WINDOW': '5000',
        'X-BAPI-SIGN': signBybit(secret, signed),
        'Content-Type': 'application/json',
      },
      body,
    });
    return ((await response.json()) as { retCode: number }).retCode === 0;
  },
};
