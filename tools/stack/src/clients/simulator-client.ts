import type { Pace } from '../tables/pace.js';

/** Credentials of a venue's clients; the fields depend on the venue. */
export type VenueCredentials = Readonly<Record<string, unknown>>;

const PACES = {
  real: { statusMs: 1_500, limited: true },
  fast: { statusMs: 20, limited: false },
} as const satisfies Record<Pace, { statusMs: number; limited: boolean }>;

export async function readCredentials(simulatorUrl: string): Promise<VenueCredentials> {
  return (await call('GET', `${simulatorUrl}/_sim/credentials`)) as VenueCredentials;
}

/**
 * Sets status times, rate limits and the venue's settings on each start, because the simulator
 * keeps the settings of an earlier start.
 */
export async function setUp(simulatorUrl: string, pace: Pace, settings: object): Promise<void> {
  const url = `${simulatorUrl}/_sim/settings`;
  const { statusMs, limited } = PACES[pace];
  const now = (await call('GET', url)) as { status_ms: Record<string, number> };
  const times = Object.fromEntries(Object.keys(now.status_ms).map((status) => [status, statusMs]));
  await call('PUT', url, { status_ms: times, rate_limits: { enabled: limited }, ...settings });
}

async function call(method: string, url: string, body?: object): Promise<unknown> {
  const json = body && {
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  };
  const response = await fetch(url, { method, signal: AbortSignal.timeout(5_000), ...json });
  if (!response.ok)
    throw new Error(`${method} ${url} answers ${response.status}: ${await response.text()}`);
  return response.json();
}
