import { setTimeout as sleep } from 'node:timers/promises';
import { signGateio } from '@sluice/signing';

type Json = Readonly<Record<string, unknown>>;

interface GateioReply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

export const ETH_ADDRESS = '0x99CED129603abc771C0dabE935c326Ff6C86645d';
export const TRX_ADDRESS = 'TUu2rLFrmzUodiWfYki7QCNtv1akL682p1';

/** Speaks to a simulated Gate.io as a client would, and to its control API as a test does. For specs only. */
export class GateioTestClient {
  constructor(
    readonly url: string,
    private readonly key: { api_key: string; api_secret: string },
  ) {}

  static async of(url: string): Promise<GateioTestClient> {
    return new GateioTestClient(
      url,
      (await (await fetch(`${url}/_sim/credentials`)).json()) as {
        api_key: string;
        api_secret: string;
      },
    );
  }

  /** Sends a signed call; `wire` overrides headers after signing. */
  async call(
    method: string,
    target: string,
    body = '',
    wire: Readonly<Record<string, string>> = {},
    signal?: AbortSignal,
  ): Promise<GateioReply> {
    const [path = '', query = ''] = `/api/v4${target}`.split('?');
    const timestamp = wire['Timestamp'] ?? `${Date.now() / 1000}`;
    const SIGN = signGateio(this.key.api_secret, { method, path, query, body, timestamp });
    const response = await fetch(`${this.url}/api/v4${target}`, {
      method,
      headers: {
        KEY: this.key.api_key,
        SIGN,
        Timestamp: timestamp,
        'Content-Type': 'application/json',
        ...wire,
      },
      ...(body === '' ? {} : { body }),
      ...(signal ? { signal } : {}),
    });
    return { status: response.status, headers: response.headers, text: await response.text() };
  }

  withdraw(change: Json = {}, signal?: AbortSignal): Promise<GateioReply> {
    const order = {
      currency: 'USDT',
      chain: 'ETH',
      amount: '12.5',
      address: ETH_ADDRESS,
      withdraw_order_id: 'order-1',
      ...change,
    };
    return this.call('POST', '/withdrawals', JSON.stringify(order), {}, signal);
  }

  push(change: Json = {}): Promise<GateioReply> {
    return this.call(
      'POST',
      '/withdrawals/push',
      JSON.stringify({ receive_uid: 12345678, currency: 'USDT', amount: '5', ...change }),
    );
  }

  async list(target: string): Promise<Json[]> {
    const { status, text } = await this.call('GET', target);
    if (status !== 200) throw new Error(`${status} ${text}`);
    return JSON.parse(text) as Json[];
  }

  async control(method: string, path: string, body?: unknown): Promise<GateioReply> {
    const payload =
      body === undefined
        ? {}
        : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    const response = await fetch(`${this.url}/_sim/${path}`, { method, ...payload });
    return { status: response.status, headers: response.headers, text: await response.text() };
  }

  async payments(): Promise<Json[]> {
    return JSON.parse((await this.control('GET', 'payments')).text) as Json[];
  }

  arm(endpoint: string, fault: string, more: Json = {}): Promise<GateioReply> {
    return this.control('POST', 'faults', { endpoint, fault, ...more });
  }

  /** Polls a listing until the newest row has the status. */
  async until(target: string, status: string): Promise<Json> {
    for (let attempt = 0; attempt < 400; attempt++) {
      const [row] = await this.list(target);
      if (row?.['status'] === status) return row;
      await sleep(10);
    }
    throw new Error(`${target} never became ${status}`);
  }
}

export function labelOf(reply: GateioReply): unknown {
  return json(reply)['label'];
}

export function json(reply: GateioReply): Json {
  return JSON.parse(reply.text) as Json;
}
