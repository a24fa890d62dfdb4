import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Simulator, startSimulator } from '../simulator.js';

export type JsonFields = Readonly<Record<string, unknown>>;

export interface VenueReply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** Test client of a simulated venue: the control API, and the part common to the venues' clients. For specs only. */
export class TestClient {
  constructor(readonly url: string) {}

  control(method: string, path: string, body?: unknown): Promise<VenueReply> {
    const payload =
      body === undefined
        ? {}
        : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    return this.send(`/_sim/${path}`, { method, ...payload });
  }

  async payments(): Promise<JsonFields[]> {
    return JSON.parse((await this.control('GET', 'payments')).text) as JsonFields[];
  }

  async arm(endpoint: string, fault: string, more: JsonFields = {}): Promise<void> {
    const { status, text } = await this.control('POST', 'faults', { endpoint, fault, ...more });
    if (status !== 200) throw new Error(text);
  }

  protected async send(target: string, init: RequestInit): Promise<VenueReply> {
    const response = await fetch(`${this.url}${target}`, init);
    return { status: response.status, headers: response.headers, text: await response.text() };
  }

  /** Polls a record until the record satisfies the condition. */
  protected async poll(
    read: () => Promise<JsonFields | undefined>,
    holds: (record: JsonFields) => boolean,
    failure: string,
  ): Promise<JsonFields> {
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

export function json(reply: VenueReply): JsonFields {
  return JSON.parse(reply.text) as JsonFields;
}

/** A simulator for a file, in this process. The address is known after the first hook. */
export function givenSimulator(venue: string): { readonly url: string } {
  const data = mkdtempSync(join(tmpdir(), 'sluice-simulator-'));
  let simulator: Simulator | null = null;
  beforeAll(
    async () =>
      void (simulator = await startSimulator({
        venue,
        host: '127.0.0.1',
        port: 0,
        data,
        tls: null,
        keys: [],
      })),
  );
  afterAll(async () => {
    await simulator?.stop();
    rmSync(data, { recursive: true });
  });

  return {
    get url() {
      if (simulator === null) throw new Error('the simulator starts before the first test');
      return simulator.url;
    },
  };
}
