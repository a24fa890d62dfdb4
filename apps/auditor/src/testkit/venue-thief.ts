import { signBybit, signGateio } from '@sluice/signing';
import type { SimulatorControl } from '@sluice/test-kit';

interface Key {
  readonly name: string;
  readonly api_key: string;
  readonly api_secret: string;
}

interface Paid {
  readonly address: string;
  /** Amount for the recipient. */
  readonly net: string;
  readonly clientReference?: string | undefined;
}

/** Gate deducts this fee from the amount of a payment of USDT on Ethereum. */
const GATE_FEE = 1;

/** Signs as a holder of the key: the connector, or a thief. Default: the key that may pay. */
export async function keyOf(simulator: SimulatorControl, name = 'main'): Promise<Key> {
  const credentials = await simulator.credentials();
  const keys = [credentials, credentials['other_keys']].flat() as readonly Key[];
  const key = keys.find((one) => one.name === name);
  if (!key) throw new Error(`the simulator has no key ${name}`);
  return key;
}

/** POST /withdrawals at Gate.io. Returns the status of the answer. */
export async function payAtGateio(
  simulator: SimulatorControl,
  { address, net, clientReference }: Paid,
  key?: Key,
): Promise<number> {
  const { api_key: apiKey, api_secret: secret } = key ?? (await keyOf(simulator));
  const body = JSON.stringify({
    currency: 'USDT',
    chain: 'ETH',
    amount: String(Number(net) + GATE_FEE),
    address,
    ...(clientReference !== undefined && { withdraw_order_id: clientReference }),
  });
  const [path, timestamp] = ['/api/v4/withdrawals', String(Date.now() / 1000)];
  const SIGN = signGateio(secret, { method: 'POST', path, query: '', body, timestamp });
  const response = await fetch(simulator.url + path, {
    method: 'POST',
    headers: { KEY: apiKey, SIGN, Timestamp: timestamp, 'Content-Type': 'application/json' },
    body,
  });
  return response.status;
}

/** POST /v5/asset/withdraw/create at Bybit. Returns `retCode`. */
export async function payAtBybit(
  simulator: SimulatorControl,
  { address, net }: Paid,
  key?: Key,
): Promise<number> {
  const { api_key: apiKey, api_secret: secret } = key ?? (await keyOf(simulator));
  const now = String(Date.now());
  const body = JSON.stringify({
    coin: 'USDT',
    chain: 'ETH',
    address,
    amount: net,
    timestamp: Number(now),
    accountType: 'FUND',
    forceChain: 1,
    feeType: 0,
    requestId: `r${now}${Math.floor(Math.random() * 1e6)}`,
  });
  const signed = { method: 'POST', query: '', body, apiKey, timestamp: now, recvWindow: '5000' };
  const response = await fetch(`${simulator.url}/v5/asset/withdraw/create`, {
    method: 'POST',
    headers: {
      'X-BAPI-API-KEY': apiKey,
      'X-BAPI-TIMESTAMP': now,
      'X-BAPI-RECV-WINDOW': '5000',
      'X-BAPI-SIGN': signBybit(secret, signed),
      'Content-Type': 'application/json',
    },
    body,
  });
  return ((await response.json()) as { retCode: number }).retCode;
}
