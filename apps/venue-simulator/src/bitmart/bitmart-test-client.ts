import { setTimeout as sleep } from 'node:timers/promises';
import { signBitmart } from '@sluice/signing';

type Json = Readonly<Record<string, unknown>>;

interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

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
export class BitmartTestClient {
  constructor(
    readonly url: string,
    private readonly key: TestKey,
  ) {}

  /** Creates a client with the main key, or with another key by name. */
  static async of(url: string, name = 'main'): Promise<BitmartTestClient> {
    const credentials = (await (await fetch(`${url}/_sim/credentials`)).json()) as TestKey & {
      other_keys: (TestKey & { name: string })[];
    };
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
  ): Promise<Reply> {
    const timestamp = wire['X-BM-TIMESTAMP'] ?? `${Date.now()}`;
    const sign = signBitmart(this.key.api_secret, {
      timestamp,
      memo: this.key.memo,
      content: body,
    });
    return this.fetch('/account/v1/withdraw/apply', {
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

  withdraw(change: Json = {}, signal?: AbortSignal): Promise<Reply> {
    const order = {
      currency: 'USDT-ETH',
      amount: '12.5',
      destination: 'To Digital Address',
      address: ETH_ADDRESS,
      ...change,
    };
    return this.apply(JSON.stringify(order), {}, signal);
  }

  transfer(change: Json = {}): Promise<Reply> {
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
  ): Promise<Reply> {
    return this.fetch(target, { headers });
  }

  async history(more = ''): Promise<Json[]> {
    const reply = await this.get(
      `/account/v2/deposit-withdraw/history?operation_type=withdraw&N=1000${more}`,
    );
    if (codeOf(reply) !== 1000) throw new Error(reply.text);
    return dataOf(reply)['records'] as Json[];
  }

  async detail(id: unknown): Promise<Json> {
    return dataOf(await this.get(`/account/v1/deposit-withdraw/detail?id=${String(id)}`))[
      'record'
    ] as Json;
  }

  async control(method: string, path: string, body?: unknown): Promise<Reply> {
    const payload =
      body === undefined
        ? {}
        : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    return this.fetch(`/_sim/${path}`, { method, ...payload });
  }

  async payments(): Promise<Json[]> {
    return JSON.parse((await this.control('GET', 'payments')).text) as Json[];
  }

  arm(endpoint: string, fault: string, more: Json = {}): Promise<Reply> {
    return this.control('POST', 'faults', { endpoint, fault, ...more });
  }

  /** Polls the history until the newest row satisfies the condition. */
  async until(holds: (row: Json) => boolean): Promise<Json> {
    for (let attempt = 0; attempt < 400; attempt++) {
      const [row] = await this.history();
      if (row && holds(row)) return row;
      await sleep(10);
    }
    throw new Error('the newest record never came to that');
  }

  private async fetch(target: string, init: RequestInit): Promise<Reply> {
    const response = await fetch(this.url + target, init);
    return { status: response.status, headers: response.headers, text: await response.text() };
  }
}

export function codeOf(reply: Reply): unknown {
  return (JSON.parse(reply.text) as Json)['code'];
}

export function dataOf(reply: Reply): Json {
  return (JSON.parse(reply.text) as { data: Json }).data;
}
