import { signGateio } from '@sluice/signing';
import type { VenueUnderAudit } from './venue-under-audit.js';

const PATH = '/api/v4/withdrawals';
/** Gate deducts this fee from the amount of a payment of USDT on Ethereum. */
const FEE = 1;

export const GATEIO: VenueUnderAudit = {
  venue: 'gateio',
  environment: (url, key) => ({
    GATEIO_BASE_URL: `${url}/api/v4`,
    GATEIO_AUDIT_API_KEY: key.api_key,
    GATEIO_AUDIT_API_SECRET: key.api_secret,
  }),
  pay: async (simulator, { address, net, clientReference }, key) => {
    const body = JSON.stringify({
      currency: 'USDT',
      chain: 'ETH',
      amount: String(Number(net) + FEE),
      address,
      ...(clientReference !== undefined && { withdraw_order_id: clientReference }),
    });
    const timestamp = String(Date.now() / 1000);
    const signed = { method: 'POST', path: PATH, query: '', body, timestamp };
    const response = await fetch(simulator.url + PATH, {
      method: 'POST',
      headers: {
        KEY: key.api_key,
        SIGN: signGateio(key.api_secret, signed),
        Timestamp: timestamp,
        'Content-Type': 'application/json',
      },
      body,
    });
    return response.ok;
  },
};
