import { setTimeout as sleep } from 'node:timers/promises';
import { signBitmart } from '@sluice/signing';

type BitmartJson = Readonly<Record<string, unknown>>;

interface BitmartReply {
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
  ): Promise<BitmartReply> {
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

  withdraw(change: BitmartJson = {}, signal?: AbortSignal): Promise<BitmartReply> {
    const order = {
      currency: 'USDT-ETH',
      amount: '12.5',
      destination: 'To Digital Address',
      address: ETH_ADDRESS,
      ...change,
    };
    return this.apply(JSON.stringify(order), {}, signal);
  }

  transfer(change: BitmartJson = {}): Promise<BitmartReply> {
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
  ): Promise<BitmartReply> {
    return this.fetch(target, { headers });
  }

  async history(more = ''): Promise<BitmartJson[]> {
    const reply = await this.get(
      `/account/v2/deposit-withdraw/history?operation_type=withdraw&N=1000${more}`,
    );
    if (codeOf(reply) !== 1000) throw new Error(reply.text);
    return dataOf(reply)['records'] as BitmartJson[];
  }

  async detail(id: unknown): Promise<BitmartJson> {
    return dataOf(await this.get(`/account/v1/deposit-withdraw/detail?id=${String(id)}`))[
      'record'
    ] as BitmartJson;
  }

  async control(method: string, path: string, body?: unknown): Promise<BitmartReply> {
    const payload =
      body === undefined
        ? {}
        : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    return this.fetch(`/_sim/${path}`, { method, ...payload });
  }

  async payments(): Promise<BitmartJson[]> {
    return JSON.parse((await this.control('GET', 'payments')).text) as BitmartJson[];
  }

  arm(endpoint: string, fault: string, more: BitmartJson = {}): Promise<BitmartReply> {
    return this.control('POST', 'faults', { endpoint, fault, ...more });
  }

  /** Polls the history until the newest row satisfies the condition. */
  async until(holds: (row: BitmartJson) => boolean): Promise<BitmartJson> {
    for (let attempt = 0; attempt < 400; attempt++) {
      const [row] = await this.history();
      if (row && holds(row)) return row;
      await sleep(10);
    }
    throw new Error('the newest record never came to that');
  }

  private async fetch(target: string, init: RequestInit): Promise<BitmartReply> {
    const response = await fetch(this.url + target, init);
    return { status: response.status, headers: response.headers, text: await response.text() };
  }
}

export function codeOf(reply: BitmartReply): unknown {
  return (JSON.parse(reply.text) as BitmartJson)['code'];
}

export function dataOf(reply: BitmartReply): BitmartJson {
  return (JSON.parse(reply.text) as { data: BitmartJson }).data;
}
