import { signGateio } from '@sluice/signing';
import {
  credentialsOf,
  json,
  TestClient,
  type JsonFields,
  type VenueReply,
} from '../testing/test-client.js';

export const ETH_ADDRESS = '0x99CED129603abc771C0dabE935c326Ff6C86645d';
export const TRX_ADDRESS = 'TUu2rLFrmzUodiWfYki7QCNtv1akL682p1';

/** Speaks to a simulated Gate.io as a client would, and to its control API as a test does. For specs only. */
export class GateioTestClient extends TestClient {
  constructor(
    url: string,
    private readonly key: { api_key: string; api_secret: string },
  ) {
    super(url);
  }

  static async of(url: string): Promise<GateioTestClient> {
    return new GateioTestClient(url, await credentialsOf(url));
  }

  /** Sends a signed call; `wire` overrides headers after signing. */
  async call(
    method: string,
    target: string,
    body = '',
    wire: Readonly<Record<string, string>> = {},
    signal?: AbortSignal,
  ): Promise<VenueReply> {
    const [path = '', query = ''] = `/api/v4${target}`.split('?');
    const timestamp = wire['Timestamp'] ?? `${Date.now() / 1000}`;
    const SIGN = signGateio(this.key.api_secret, { method, path, query, body, timestamp });
    return this.send(`/api/v4${target}`, {
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
  }

  withdraw(change: JsonFields = {}, signal?: AbortSignal): Promise<VenueReply> {
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

  push(change: JsonFields = {}): Promise<VenueReply> {
    return this.call(
      'POST',
      '/withdrawals/push',
      JSON.stringify({ receive_uid: 12345678, currency: 'USDT', amount: '5', ...change }),
    );
  }

  async list(target: string): Promise<JsonFields[]> {
    const { status, text } = await this.call('GET', target);
    if (status !== 200) throw new Error(`${status} ${text}`);
    return JSON.parse(text) as JsonFields[];
  }

  /** Polls a listing until the newest row has the status. */
  until(target: string, status: string): Promise<JsonFields> {
    return this.poll(
      async () => (await this.list(target))[0],
      (row) => row['status'] === status,
      `${target} never became ${status}`,
    );
  }
}

export function labelOf(reply: VenueReply): unknown {
  return json(reply)['label'];
}
