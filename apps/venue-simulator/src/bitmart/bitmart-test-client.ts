import { signBitmart } from '@sluice/signing';
import {
  credentialsOf,
  json,
  TestClient,
  type JsonFields,
  type VenueReply,
} from '../testing/test-client.js';

interface TestKey {
  readonly api_key: string;
  readonly api_secret: string;
  readonly memo: string;
}

export const APPLY = 'POST /account/v1/withdraw/apply';
export const HISTORY = 'GET /account/v2/deposit-withdraw/history';
export const ETH_ADDRESS = '0x99CED129603abc771C0dabE935c326Ff6C86645d';
export const TRX_ADDRESS = 'TGR3ghy2b5VLbyAYrmiE15jasR6aPHTvC5';

/** Speaks to a simulated BitMart as a client would, and to its control API as a test does. For specs only. */
export class BitmartTestClient extends TestClient {
  constructor(
    url: string,
    private readonly key: TestKey,
  ) {
    super(url);
  }

  static async of(url: string, name = 'main'): Promise<BitmartTestClient> {
    const credentials = await credentialsOf<
      TestKey & { other_keys: (TestKey & { name: string })[] }
    >(url);
    const key =
      name === 'main' ? credentials : credentials.other_keys.find((one) => one.name === name);
    if (!key) throw new Error(`no key ${name}`);
    return new BitmartTestClient(url, key);
  }

  /** Sends a signed POST with exactly this body; `wire` overrides headers after signing. */
  async apply(
    body: string,
    wire: Readonly<Record<string, string>> = {},
    signal?: AbortSignal,
  ): Promise<VenueReply> {
    const timestamp = wire['X-BM-TIMESTAMP'] ?? `${Date.now()}`;
    const sign = signBitmart(this.key.api_secret, {
      timestamp,
      memo: this.key.memo,
      content: body,
    });
    return this.send('/account/v1/withdraw/apply', {
      method: 'POST',
      headers: {
        'X-BM-KEY': this.key.api_key,
        'X-BM-TIMESTAMP': timestamp,
        'X-BM-SIGN': sign,
        'Content-Type': 'application/json',
        ...wire,
      },
      body,
      ...(signal ? { signal } : {}),
    });
  }

  withdraw(change: JsonFields = {}, signal?: AbortSignal): Promise<VenueReply> {
    const order = {
      currency: 'USDT-ETH',
      amount: '12.5',
      destination: 'To Digital Address',
      address: ETH_ADDRESS,
      ...change,
    };
    return this.apply(JSON.stringify(order), {}, signal);
  }

  transfer(change: JsonFields = {}): Promise<VenueReply> {
    return this.apply(
      JSON.stringify({
        currency: 'USDT-ETH',
        amount: '5',
        type: 1,
        value: '876940329',
        areaCode: '',
        ...change,
      }),
    );
  }

  get(
    target: string,
    headers: Readonly<Record<string, string>> = { 'X-BM-KEY': this.key.api_key },
  ): Promise<VenueReply> {
    return this.send(target, { headers });
  }

  async history(more = ''): Promise<JsonFields[]> {
    const reply = await this.get(
      `/account/v2/deposit-withdraw/history?operation_type=withdraw&N=1000${more}`,
    );
    if (codeOf(reply) !== 1000) throw new Error(reply.text);
    return dataOf(reply)['records'] as JsonFields[];
  }

  async detail(id: unknown): Promise<JsonFields> {
    return dataOf(await this.get(`/account/v1/deposit-withdraw/detail?id=${String(id)}`))[
      'record'
    ] as JsonFields;
  }

  /** Polls the history until the newest row satisfies the condition. */
  until(holds: (row: JsonFields) => boolean): Promise<JsonFields> {
    return this.poll(
      async () => (await this.history())[0],
      holds,
      'the newest record never came to that',
    );
  }
}

export function codeOf(reply: VenueReply): unknown {
  return json(reply)['code'];
}

export function dataOf(reply: VenueReply): JsonFields {
  return json(reply)['data'] as JsonFields;
}
