import { setTimeout as sleep } from 'node:timers/promises';
import type { ServiceName } from '@sluice/stack';
import type { Form } from '../load/orders.js';
import { instancesOf } from '../system/names.js';
import type { RunContext } from '../run/with-system.js';

export interface Scenario {
  /** The accident, in a sentence. */
  readonly about: string;
  run(context: RunContext): Promise<void>;
}

export const GATEIO: readonly Form[] = ['gateio-address', 'gateio-uid'];
export const EVERY_VENUE: readonly Form[] = [
  'gateio-address',
  'gateio-uid',
  'bitmart-address',
  'bybit-address',
  'upvest',
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

export async function ended(context: RunContext, withinMs = MOST_WAIT_MS): Promise<void> {
  for (const until = Date.now() + withinMs; Date.now() < until && context.load.open().length > 0;)
    await pause(context, 300);
}

export async function pause({ ended: stop }: RunContext, ms: number): Promise<void> {
  await sleep(ms, undefined, { signal: stop }).catch(() => undefined);
}
