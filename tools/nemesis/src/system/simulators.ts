import { fieldsOf, rowsOf, textOf, type Fields } from './json.js';

/** Row of a simulator's book: an accepted payment, independent of the response. */
export interface Payment {
  readonly id: string;
  /** Reference of the payment at our connector, if the book has another id (default: `id`). */
  readonly venueReference?: string;
  readonly clientId: string | null;
  readonly currency: string;
  /** Network of the payment, if the book is a chain. */
  readonly network?: string;
  readonly destination: string;
  readonly memo: string | null;
  readonly netAmount: string;
  readonly status: string;
  readonly createdAt: string;
}

/** Control API of a simulated venue: book, faults, settings. */
export class SimulatorBook {
  constructor(private readonly url: string) {}

  async payments(): Promise<readonly Payment[]> {
    return rowsOf(await this.call('GET', 'payments')).map(paymentOf);
  }

  async arm(endpoint: string, fault: string, times: number): Promise<void> {
    await this.call('POST', 'faults', { endpoint, fault, times });
  }

  async clearFaults(): Promise<void> {
    await this.call('POST', 'faults', { clear: true });
  }

  async settings(patch: object): Promise<void> {
    await this.call('PUT', 'settings', patch);
  }

  async credentials(): Promise<Fields> {
    return fieldsOf(await this.call('GET', 'credentials'));
  }

  private async call(method: string, path: string, body?: object): Promise<unknown> {
    const json = body && {
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    };
    const response = await fetch(`${this.url}/_sim/${path}`, {
      method,
      signal: AbortSignal.timeout(30_000),
      ...json,
    });
    const text = await response.text();
    if (!response.ok)
      throw new Error(`${method} /_sim/${path} answers ${response.status}: ${text.slice(0, 300)}`);
    return text === '' ? undefined : (JSON.parse(text) as unknown);
  }
}

function paymentOf(row: Fields): Payment {
  const orNull = (value: unknown): string | null =>
    value === null || value === undefined ? null : textOf(value);
  return {
    id: textOf(row['id']),
    clientId: orNull(row['client_id']),
    currency: textOf(row['currency']),
    destination: textOf(row['destination']),
    memo: orNull(row['memo']),
    netAmount: textOf(row['net_amount']),
    status: textOf(row['status']),
    createdAt: textOf(row['created_at']),
  };
}
