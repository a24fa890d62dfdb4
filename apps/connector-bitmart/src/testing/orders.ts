import { randomUUIDv7 } from 'node:crypto';
import { type Logger, VenueClock, VenueHttp } from '@sluice/connector-engine';
import type { ContractOrder } from '@sluice/connector-testing';
import { Secret } from '@sluice/runtime';
import type { SimulatorControl } from '@sluice/test-kit';
import { BitmartClient } from '../venue/bitmart.client.js';

/** In the simulator's address book, verified. */
export const ETH_ADDRESS = '0x99CED129603abc771C0dabE935c326Ff6C86645d';

export const ACCOUNTS = {
  cid: { type: 'venue_account', kind: 'cid', value: '876940329' },
  email: { type: 'venue_account', kind: 'email', value: 'someone@example.com' },
  phone: { type: 'venue_account', kind: 'phone', value: '412345678', area_code: '61' },
} as const;

export function chainOrder(amount: string, change: Partial<ContractOrder> = {}): ContractOrder {
  return {
    withdrawalId: randomUUIDv7(),
    asset: 'USDT.ETH',
    amount,
    destination: { type: 'address', address: ETH_ADDRESS },
    ...change,
  };
}

export function accountOrder(kind: keyof typeof ACCOUNTS, amount: string): ContractOrder {
  return { withdrawalId: randomUUIDv7(), asset: 'USDT.ETH', amount, destination: ACCOUNTS[kind] };
}

const nothing = (): void => undefined;
const SILENT: Logger = { debug: nothing, info: nothing, warn: nothing, error: nothing };

/** Makes a withdrawal with the same account, bypassing the connector. */
export async function payOutside(simulator: SimulatorControl, body: string): Promise<void> {
  const {
    api_key: apiKey,
    api_secret: apiSecret,
    memo,
    base_url: baseUrl,
  } = await simulator.credentials();
  const clock = new VenueClock('bitmart', SILENT);
  const http = new VenueHttp({ clock, origin: String(baseUrl), connections: 1 });
  const access = {
    apiKey: String(apiKey),
    apiSecret: new Secret(String(apiSecret)),
    memo: new Secret(String(memo)),
    baseUrl: String(baseUrl),
    submitTimeoutMs: 5_000,
  };
  const client = new BitmartClient(http, clock, access, { turn: () => Promise.resolve() });
  await client.readClock();
  const answer = await client.apply(body);
  await http.close();
  if (answer.kind !== 'answer' || answer.status !== 200)
    throw new Error(`the outside payment was not taken: ${JSON.stringify(answer)}`);
}
