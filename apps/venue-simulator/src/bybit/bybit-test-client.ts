import { signBybit } from '@sluice/signing';
import {
  credentialsOf,
  json,
  TestClient,
  type JsonFields,
  type VenueReply,
} from '../testing/test-client.js';

interface BybitTestKey {
  readonly name: string;
  readonly api_key: string;
  readonly api_secret: string;
}

export const ETH_ADDRESS = '0x99CED129603abc771C0dabE935c326Ff6C86645d';
export const TRX_ADDRESS = 'TUu2rLFrmzUodiWfYki7QCNtv1akL682p1';
export const RECORDS = '/v5/asset/withdraw/query-record';
export const CREATE = '/v5/asset/withdraw/create';
export const CANCEL = '/v5/asset/withdraw/cancel';

/** Speaks to a simulated Bybit as a client would, and to its control API as a test does. For specs only. */
export class BybitTestClient extends TestClient {
  constructor(
    url: string,
    private readonly key: { api_key: string; api_secret: string },
  ) {
    super(url);
  }

  static async of(url: string, name = 'main'): Promise<BybitTestClient> {
    const main = await credentialsOf<BybitTestKey & { other_keys: BybitTestKey[] }>(url);
    const keys = [main, ...main.other_keys];
    return new BybitTestClient(
      url,
      keys.find((key) => key.name === name) ?? { api_key: '', api_secret: '' },
    );
  }

  /** Sends a signed call; `wire` overrides headers after signing. */
  async call(
    method: string,
    target: string,
    body = '',
    wire: Readonly<Record<string, string>> = {},
    signal?: AbortSignal,
  ): Promise<VenueReply> {
    const timestamp = wire['X-BAPI-TIMESTAMP'] ?? String(Date.now());
    const recvWindow = wire['X-BAPI-RECV-WINDOW'] ?? '5000';
    const query = target.split('?')[1] ?? '';
    const sign = signBybit(this.key.api_secret, {
      method,
      query,
      body,
      apiKey: this.key.api_key,
      timestamp,
      recvWindow,
    });
    const headers = {
      'X-BAPI-API-KEY': this.key.api_key,
      'X-BAPI-TIMESTAMP': timestamp,
      'X-BAPI-SIGN': sign,
      'X-BAPI-RECV-WINDOW': recvWindow,
    };
    return this.send(target, {
      method,
      headers: {
        ...headers,
        ...(method === 'POST' && { 'Content-Type': 'application/json' }),
        ...wire,
      },
      ...(method === 'POST' ? { body } : {}),
      ...(signal ? { signal } : {}),
    });
  }

  withdraw(change: JsonFields = {}, signal?: AbortSignal): Promise<VenueReply> {
    const base = {
      coin: 'USDT',
      chain: 'ETH',
      address: ETH_ADDRESS,
      amount: '24',
      timestamp: Date.now(),
      forceChain: 1,
      accountType: 'FUND',
    };
    return this.call('POST', CREATE, JSON.stringify({ ...base, ...change }), {}, signal);
  }

  transfer(change: JsonFields = {}): Promise<VenueReply> {
    return this.withdraw({
      chain: undefined,
      address: '24600000',
      amount: '3',
      forceChain: 2,
      ...change,
    });
  }

  cancel(id: unknown): Promise<VenueReply> {
    return this.call('POST', CANCEL, JSON.stringify({ id }));
  }

  async result(target: string): Promise<JsonFields> {
    return resultOf(await this.call('GET', target));
  }

  async records(query = 'withdrawType=2'): Promise<JsonFields[]> {
    return (await this.result(`${RECORDS}?${query}`))['rows'] as JsonFields[];
  }

  async settings(patch: JsonFields): Promise<void> {
    const { status, text } = await this.control('PUT', 'settings', patch);
    if (status !== 200) throw new Error(text);
  }

  /** Polls the records until the newest has the status. */
  until(status: string, query = 'withdrawType=2'): Promise<JsonFields> {
    return this.poll(
      async () => (await this.records(query))[0],
      (row) => row['status'] === status,
      `the newest record never became ${status}`,
    );
  }
}

export function codeOf(reply: VenueReply): unknown {
  return json(reply)['retCode'];
}

export function resultOf(reply: VenueReply): JsonFields {
  const { retCode, result } = json(reply);
  if (retCode !== 0) throw new Error(`${reply.status} ${reply.text}`);
  return result as JsonFields;
}
