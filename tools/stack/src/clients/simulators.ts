import { SimulatorControl } from '@sluice/test-kit';
import type { RunFile } from '../layout/run-file.js';
import type { Pace } from '../tables/venues/venue.js';
import { SIMULATED_NAMES, simulatedOf, type SimulatedName } from '../tables/venues.js';

const PACES = {
  real: { statusMs: 1_500, limited: true },
  fast: { statusMs: 20, limited: false },
} as const satisfies Record<Pace, { statusMs: number; limited: boolean }>;

/**
 * Sets status times, rate limits and the venue's settings on each start, because the simulator
 * keeps the settings of an earlier start. Without the address of a connector no webhooks are sent.
 */
export async function setUpSimulator(
  control: SimulatorControl,
  venue: SimulatedName,
  pace: Pace,
  connectorUrl?: string,
): Promise<void> {
  const { statusMs, limited } = PACES[pace];
  const statuses = Object.keys(await control.statusTimes());
  const settings: object = simulatedOf(venue).settings?.(connectorUrl ?? '') ?? {};
  const isSilent = connectorUrl === undefined && 'webhooks' in settings;
  await control.settings({
    status_ms: Object.fromEntries(statuses.map((status) => [status, statusMs])),
    rate_limits: { enabled: limited },
    ...settings,
    ...(isSilent && { webhooks: [] }),
  });
}

/** Sets up the simulators of a system in another network: polling follows the withdrawals. */
export async function setUpSimulators({ simulators }: RunFile, pace: Pace): Promise<void> {
  for (const venue of SIMULATED_NAMES) {
    const url = simulators[venue];
    if (url !== undefined) await setUpSimulator(new SimulatorControl(url), venue, pace);
  }
}

/** Keeps payments of the venue in this status for a minute, during `work`. */
export async function lingeringIn<T>(
  control: SimulatorControl,
  status: string,
  work: () => Promise<T>,
): Promise<T> {
  const before = await control.statusTimes();
  await control.settings({ status_ms: { [status]: 60_000 } });
  try {
    return await work();
  } finally {
    await control.settings({ status_ms: { [status]: before[status] } });
  }
}

/**
 * Makes the venue refuse the next withdrawal for lack of funds, during `work`. The balance is
 * unchanged, because a falling balance without a payment halts the venue.
 */
export async function withoutFunds<T>(
  control: SimulatorControl,
  venue: SimulatedName,
  work: () => Promise<T>,
): Promise<T> {
  const { payEndpoints, refusal } = simulatedOf(venue).api;
  await control.arm(payEndpoints[0] ?? '', 'refuse_with', {
    http_status: refusal.status,
    body: JSON.stringify(refusal.body),
  });
  try {
    return await work();
  } finally {
    await control.clearFaults();
  }
}
