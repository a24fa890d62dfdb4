/** Row of a simulator's book: an accepted payment, independent of the response. */
export interface SimulatedPayment {
  readonly id: string;
  readonly client_id: string | null;
  readonly currency: string;
  readonly chain: string | null;
  readonly destination: string;
  /** Tag, memo or transfer text. */
  readonly memo: string | null;
  readonly amount: string;
  readonly net_amount: string;
  readonly status: string;
}

const WITHIN_MS = 30_000;

/**
 * Control API of a venue simulator: scripted faults, settings, and the venue's book as independent
 * evidence.
 */
export class SimulatorControl {
  constructor(readonly url: string) {}

  async payments(): Promise<SimulatedPayment[]> {
    return (await this.call('GET', 'payments')) as SimulatedPayment[];
  }

  /** The next request to the endpoint meets the fault; `more` are the fault's own fields. */
  async arm(endpoint: string, fault: string, more: object = {}): Promise<void> {
    await this.call('POST', 'faults', { endpoint, fault, ...more });
  }

  async clearFaults(): Promise<void> {
    await this.call('POST', 'faults', { clear: true });
  }

  /** The time of each status in milliseconds. */
  async statusTimes(): Promise<Readonly<Record<string, number>>> {
    const { status_ms } = (await this.call('GET', 'settings')) as {
      readonly status_ms: Readonly<Record<string, number>>;
    };
    return status_ms;
  }

  async settings(patch: object): Promise<void> {
    await this.call('PUT', 'settings', patch);
  }

  /** Number of rate-limited calls, by key of the venue's rate limiter. */
  async rateLimited(): Promise<Readonly<Record<string, number>>> {
    return (await this.call('GET', 'rate-limited')) as Readonly<Record<string, number>>;
  }

  async reset(): Promise<void> {
    await this.call('POST', 'reset');
  }

  /** A key beside the venue's own; `fields` are the venue's. */
  async bringKey(fields: object): Promise<void> {
    await this.call('POST', 'keys', fields);
  }

  async credentials(): Promise<Readonly<Record<string, unknown>>> {
    return (await this.call('GET', 'credentials')) as Readonly<Record<string, unknown>>;
  }

  private async call(method: string, path: string, body?: object): Promise<unknown> {
    const payload =
      body === undefined
        ? {}
        : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    const response = await fetch(`${this.url}/_sim/${path}`, {
      method,
      signal: AbortSignal.timeout(WITHIN_MS),
      ...payload,
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} /_sim/${path}: ${response.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  }
}
