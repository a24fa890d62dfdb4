import { setTimeout as sleep } from 'node:timers/promises';

export type Json = Readonly<Record<string, unknown>>;

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** Test client of a simulated venue: the control API, and the part common to the venues' clients. For specs only. */
export class TestClient {
  constructor(readonly url: string) {}

  control(method: string, path: string, body?: unknown): Promise<Reply> {
    const payload =
      body === undefined
        ? {}
        : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    return this.send(`/_sim/${path}`, { method, ...payload });
  }

  async payments(): Promise<Json[]> {
    return JSON.parse((await this.control('GET', 'payments')).text) as Json[];
  }

  async arm(endpoint: string, fault: string, more: Json = {}): Promise<void> {
    const { status, text } = await this.control('POST', 'faults', { endpoint, fault, ...more });
    if (status !== 200) throw new Error(text);
  }

  protected async send(target: string, init: RequestInit): Promise<Reply> {
    const response = await fetch(`${this.url}${target}`, init);
    return { status: response.status, headers: response.headers, text: await response.text() };
  }

  /** Polls a record until the record satisfies the condition. */
  protected async poll(
    read: () => Promise<Json | undefined>,
    holds: (record: Json) => boolean,
    failure: string,
  ): Promise<Json> {
    for (let attempt = 0; attempt < 400; attempt++) {
      const record = await read();
      if (record && holds(record)) return record;
      await sleep(10);
    }
    throw new Error(failure);
  }
}

export async function credentialsOf<T>(url: string): Promise<T> {
  return (await (await fetch(`${url}/_sim/credentials`)).json()) as T;
}

export function json(reply: Reply): Json {
  return JSON.parse(reply.text) as Json;
}
