import { type Random, type ServiceName, SIMULATED_SERVICES } from '@sluice/stack';
import { hasService, serviceOf, type InstanceName } from '../system/names.js';
import type { SystemUnderTest } from '../system/system-under-test.js';
import { anyOrder, type Steps } from './roll.js';

interface Upgrade {
  readonly from: string;
  readonly to: string;
  readonly services: readonly ServiceName[];
  readonly mixedMs: number;
  readonly random: Random;
  readonly say: (line: string) => void;
}

/**
 * Upgrade and downgrade. The new migrations run while the old services serve. The services follow
 * in random order, with a pause half-way while a service has an instance of each version. The
 * downgrade uses another order. The migrations stay. A service unknown to the old version stays as
 * well and consumes messages of both versions.
 */
export function thereAndBack(
  { databases }: SystemUnderTest,
  { from, to, services, mixedMs, random, say }: Upgrade,
): Steps {
  return async ({ enter, wait, restart }) => {
    enter('migrations of the new version');
    await databases.migrate(SIMULATED_SERVICES, to);
    await wait(5_000);
    enter('to the new version');
    const order = anyOrder(services, random.of('forth'));
    say(`  in this order: ${namesOf(order)}`);
    // an odd number: a service has an instance of each version
    const half = Math.ceil(order.length / 4) * 2 - 1;
    for (const instance of order.slice(0, half)) await restart(instance, to);
    enter('both versions');
    await wait(mixedMs);
    enter('to the new version, second half');
    for (const instance of order.slice(half)) await restart(instance, to);
    enter('back to the old version');
    const back = anyOrder(services, random.of('back')).filter((instance) =>
      hasService(from, serviceOf(instance)),
    );
    say(`  in this order: ${namesOf(back)}`);
    for (const instance of back) await restart(instance, from);
  };
}

function namesOf(order: readonly InstanceName[]): string {
  return [...new Set(order.map((instance) => instance.slice(0, -2)))].join(', ');
}
