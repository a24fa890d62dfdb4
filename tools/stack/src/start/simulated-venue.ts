import type { VenueApi } from '../tables/venues/venue.js';

/** Control API of a simulator, as used by the demo. */
export class SimulatedVenue {
  constructor(
    private readonly url: string,
    private readonly api: Pick<VenueApi, 'payEndpoints' | 'refusal'>,
  ) {}

  credentials(): Promise<Readonly<Record<string, unknown>>> {
    return this.call('GET', 'credentials');
  }

  /** Keeps payments in this status for a minute, during `work`. */
  async lingeringIn<T>(status: string, work: () => Promise<T>): Promise<T> {
    const { status_ms: before } = await this.call<{ status_ms: Readonly<Record<string, number>> }>(
      'GET',
      'settings',
    );
    await this.call('PUT', 'settings', { status_ms: { [status]: 60_000 } });
    try {
      return await work();
    } finally {
      await this.call('PUT', 'settings', { status_ms: { [status]: before[status] } });
    }
  }

  /**
   * Makes the venue refuse the next withdrawal for lack of funds, during `work`. The balance is
   * unchanged, because a falling balance without a payment halts the venue.
   */
  async withoutFunds<T>(work: () => Promise<T>): Promise<T> {
    const { payEndpoints, refusal } = this.api;
    await this.call('POST', 'faults', {
      endpoint: payEndpoints[0],
      fault: 'refuse_with',
      http_status: refusal.status,
      body: JSON.stringify(refusal.body),
    });
    try {
      return await work();
    } finally {
      await this.call('POST', 'faults', { clear: true });
    }
  }

  private async call<T = unknown>(method: string, path: string, body?: object): Promise<T> {
    const json = body && {
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    };
    const response = await fetch(`${this.url}/_sim/${path}`, {
      method,
      signal: AbortSignal.timeout(5_000),
      ...json,
    });
    if (!response.ok)
      throw new Error(
        `${method} /_sim/${path} of the simulator answers ${response.status}: ${await response.text()}`,
      );
    return (await response.json()) as T;
  }
}
