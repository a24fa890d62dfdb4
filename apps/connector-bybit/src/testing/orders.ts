import { randomUUIDv7 } from 'node:crypto';
import type { ContractOrder } from '@sluice/connector-testing';
import { signBybit } from '@sluice/signing';
import type { SimulatorControl } from '@sluice/test-kit';

export const ETH_ADDRESS = '0x99CED129603abc771C0dabE935c326Ff6C86645d';
const TRX_ADDRESS = 'TUu2rLFrmzUodiWfYki7QCNtv1akL682p1';

export function chainOrder(amount: string): ContractOrder {
  return {
    withdrawalId: randomUUIDv7(),
    asset: 'USDT.ETH',
    amount,
    destination: { type: 'address', address: ETH_ADDRESS },
  };
}

export function tronOrder(amount: string): ContractOrder {
  return {
    withdrawalId: randomUUIDv7(),
    asset: 'USDT.TRX',
    amount,
    destination: { type: 'address', address: TRX_ADDRESS },
  };
}

export function uidOrder(amount: string): ContractOrder {
  return {
    withdrawalId: randomUUIDv7(),
    asset: 'USDT.ETH',
    amount,
    destination: { type: 'venue_account', kind: 'uid', value: '24600000' },
  };
}

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
