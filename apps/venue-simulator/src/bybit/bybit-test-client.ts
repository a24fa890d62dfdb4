import { setTimeout as sleep } from 'node:timers/promises';
import { signBybit } from '@sluice/signing';

type Json = Readonly<Record<string, unknown>>;

interface BybitReply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

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
export class BybitTestClient {
  constructor(
    readonly url: string,
    private readonly key: { api_key: string; api_secret: string },
  ) {}

  static async of(url: string, name = 'main'): Promise<BybitTestClient> {
    const main = (await (await fetch(`${url}/_sim/credentials`)).json()) as BybitTestKey & {
      other_keys: BybitTestKey[];
    };
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
  ): Promise<BybitReply> {
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
    const response = await fetch(this.url + target, {
      method,
      headers: {
        ...headers,
        ...(method === 'POST' && { 'Content-Type': 'application/json' }),
        ...wire,
      },
      ...(method === 'POST' ? { body } : {}),
      ...(signal ? { signal } : {}),
    });
    return { status: response.status, headers: response.headers, text: await response.text() };
  }

  withdraw(change: Json = {}, signal?: AbortSignal): Promise<BybitReply> {
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

  transfer(change: Json = {}): Promise<BybitReply> {
    return this.withdraw({
      chain: undefined,
      address: '24600000',
      amount: '3',
      forceChain: 2,
      ...change,
    });
  }

  cancel(id: unknown): Promise<BybitReply> {
    return this.call('POST', CANCEL, JSON.stringify({ id }));
  }

  async result(target: string): Promise<Json> {
    return resultOf(await this.call('GET', target));
  }

  async records(query = 'withdrawType=2'): Promise<Json[]> {
    return (await this.result(`${RECORDS}?${query}`))['rows'] as Json[];
  }

  async control(method: string, path: string, body?: unknown): Promise<BybitReply> {
    const payload =
      body === undefined
        ? {}
        : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    const response = await fetch(`${this.url}/_sim/${path}`, { method, ...payload });
    return { status: response.status, headers: response.headers, text: await response.text() };
  }

  async settings(patch: Json): Promise<void> {
    const { status, text } = await this.control('PUT', 'settings', patch);
    if (status !== 200) throw new Error(text);
  }

  async payments(): Promise<Json[]> {
    return JSON.parse((await this.control('GET', 'payments')).text) as Json[];
  }

  async arm(endpoint: string, fault: string, more: Json = {}): Promise<void> {
    const { status, text } = await this.control('POST', 'faults', { endpoint, fault, ...more });
    if (status !== 200) throw new Error(text);
  }

  /** Polls the records until the newest has the status. */
  async until(status: string, query = 'withdrawType=2'): Promise<Json> {
    for (let attempt = 0; attempt < 400; attempt++) {
      const [row] = await this.records(query);
      if (row?.['status'] === status) return row;
      await sleep(10);
    }
    throw new Error(`the newest record never became ${status}`);
  }
}

export function codeOf(reply: BybitReply): unknown {
  return json(reply)['retCode'];
}

export function resultOf(reply: BybitReply): Json {
  const { retCode, result } = json(reply);
  if (retCode !== 0) throw new Error(`${reply.status} ${reply.text}`);
  return result as Json;
}

export function json(reply: BybitReply): Json {
  return JSON.parse(reply.text) as Json;
}
