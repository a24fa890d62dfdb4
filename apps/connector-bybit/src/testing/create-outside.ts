import { signBybit } from '@sluice/signing';
import type { SimulatorControl } from '@sluice/test-kit';

/** Pays behind the connector's back, as a colleague on the website would. */
export async function createOutside(simulator: SimulatorControl, body: string): Promise<unknown> {
  const { api_key: apiKey, api_secret: apiSecret } = (await simulator.credentials()) as {
    api_key: string;
    api_secret: string;
  };
  const timestamp = String(Date.now());
  const sign = signBybit(apiSecret, {
    method: 'POST',
    query: '',
    body,
    apiKey,
    timestamp,
    recvWindow: '5000',
  });
  const headers = {
    'X-BAPI-API-KEY': apiKey,
    'X-BAPI-TIMESTAMP': timestamp,
    'X-BAPI-RECV-WINDOW': '5000',
    'X-BAPI-SIGN': sign,
  };
  const response = await fetch(`${simulator.url}/v5/asset/withdraw/create`, {
    method: 'POST',
    headers: { ...headers, 'Content-Type': 'application/json' },
    body,
  });
  return response.json();
}
