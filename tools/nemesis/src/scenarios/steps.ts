import {
  pause,
  connectorOf,
  FIRST_VENUE,
  type Form,
  type ServiceName,
  SIMULATED_NAMES,
  usualFormsOf,
  venueOf,
} from '@sluice/stack';
import type { RequestFault } from '../system/request-fault.js';
import { instancesOf } from '../system/names.js';
import type { RunContext } from '../run/with-system.js';

export interface Scenario {
  /** The accident, in a sentence. */
  readonly about: string;
  run(context: RunContext): Promise<void>;
}

/** Venue of the scenarios about a single venue, and the venue's connector. */
export const VENUE = FIRST_VENUE;
export const CONNECTOR = connectorOf(VENUE);
export const VENUE_TITLE = venueOf(VENUE).title;
export const OF_VENUE: readonly Form[] = usualFormsOf(VENUE);
export const EVERY_VENUE: readonly Form[] = [
  ...OF_VENUE,
  ...SIMULATED_NAMES.filter((venue) => venue !== VENUE).flatMap((venue) =>
    usualFormsOf(venue).slice(0, 1),
  ),
];
const MOST_WAIT_MS = 60_000;

export function ask({ load }: RunContext, count: number, forms: readonly Form[]): void {
  for (let index = 0; index < count; index += 1)
    load.askOne({ forms: [forms[index % forms.length] ?? 'route'], plain: true });
}

/**
 * Moves the clock of an instance and kills the instance: the restarted process has the moved clock.
 */
export function setClock(
  { system }: RunContext,
  service: ServiceName,
  offsetMs: number,
  only: 1 | 2 | undefined = 1,
): void {
  const [first, second] = instancesOf(service);
  const name = only === 2 ? second : first;
  if (name === undefined) return;
  const instance = system.instance(name);
  instance.setClock(offsetMs);
  system.killed.add(name);
  instance.kill();
}

/** Puts a fault on all requests to all simulated venues. Returns a function that ends the fault. */
export function disturbAll({ system }: RunContext, requestFault: RequestFault): () => void {
  const stops = SIMULATED_NAMES.map((venue) =>
    system.disturbVenue(venue, { requestFault, share: 1 }),
  );
  return () => {
    for (const stop of stops) stop();
  };
}

export async function ended(context: RunContext, withinMs = MOST_WAIT_MS): Promise<void> {
  for (const until = Date.now() + withinMs; Date.now() < until && context.load.open().length > 0;)
    await pause(300, context.ended);
}
