import { setTimeout as sleep } from 'node:timers/promises';
import type { Random, ServiceName } from '@sluice/stack';
import { instancesOf, type InstanceName } from '../system/names.js';
import { restart, type Restart } from './restart.js';
import type { RollOptions } from './roll-options.js';
import type { RollContext } from './with-load.js';

const WARM_UP_MS = 20_000;
/** Time limit for the last withdrawals to end. */
const SETTLED_WITHIN_MS = 90_000;

/** Actions during the load. */
export type Steps = (step: {
  enter(phase: string): void;
  wait(ms: number): Promise<void>;
  restart(instance: InstanceName, code: string): Promise<void>;
}) => Promise<void>;

/** Loads, keeps quiet for a while, takes the steps, and waits until every withdrawal has ended. */
export async function underLoad(
  context: RollContext,
  { perSecond, quietMs }: Pick<RollOptions, 'perSecond' | 'quietMs'>,
  steps: Steps,
): Promise<readonly Restart[]> {
  const { load, ended } = context;
  const restarts: Restart[] = [];
  const enough = new AbortController();
  const wait = (ms: number): Promise<void> => sleep(ms, undefined, { signal: ended });
  const enter = (phase: string): void => {
    load.enter(phase);
    context.say(`${phase} …`);
  };
  enter('warming up');
  const loading = load.run({ perSecond, ended: AbortSignal.any([enough.signal, ended]) });
  try {
    await wait(WARM_UP_MS);
    enter('quiet');
    await wait(quietMs);
    await steps({
      enter,
      wait,
      restart: async (instance, code) => {
        ended.throwIfAborted();
        restarts.push(await restart(context, instance, code));
      },
    });
  } finally {
    enough.abort();
    await loading;
  }
  const open = await context.system.databases
    .recordedWithdrawals()
    .openAfter('0', SETTLED_WITHIN_MS, ended);
  if (open > 0) context.say(`  ${open} have not ended within ${SETTLED_WITHIN_MS / 1_000} s`);
  return restarts;
}

/** Restarts every service, instance by instance. */
export function oneByOne(services: readonly ServiceName[], code: string): Steps {
  return async ({ enter, restart: next }) => {
    enter('roll');
    for (const service of services)
      for (const instance of instancesOf(service)) await next(instance, code);
  };
}

/** Services in random order; the instances of a service follow each other. */
export function anyOrder(
  services: readonly ServiceName[],
  random: Random,
): readonly InstanceName[] {
  const left = [...services];
  const drawn: ServiceName[] = [];
  while (left.length > 0) drawn.push(...left.splice(random.whole(0, left.length - 1), 1));
  return drawn.flatMap(instancesOf);
}
