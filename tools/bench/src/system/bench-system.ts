import { SIMULATED_NAMES, startSystem, type System } from '@sluice/stack';
import type { BenchOptions } from './bench-options.js';
import { publishPolicy } from './publish-policy.js';
import { Load } from '../load/load.js';

const WARM_UP = { rate: 100, seconds: 8 };

type SystemOptions = NonNullable<Parameters<typeof startSystem>[0]>;

/** Parts of a measured system. */
export interface SystemParts {
  readonly venues: NonNullable<SystemOptions['venues']>;
  readonly chains?: NonNullable<SystemOptions['chains']>;
}

/**
 * Runs the work on a whole system in a separate folder, with unlimited simulated venues and a
 * warmed-up system. Stops all processes on every outcome. Default: all simulated venues.
 */
export async function withBenchSystem<T>(
  { home, say, seconds = WARM_UP.seconds, policy }: BenchOptions,
  work: (system: System, load: Load) => Promise<T>,
  parts: SystemParts = { venues: SIMULATED_NAMES },
): Promise<T> {
  const system = await startSystem({
    ...parts,
    home,
    pace: 'fast',
    logLevel: 'warn',
    onStep: (step, ms) => say(`  ${step} (${ms} ms)`),
  });
  try {
    if (policy !== undefined) await publishPolicy(system.run, policy);
    const load = await Load.prepare(system.run);
    say('warming up');
    await load.run(WARM_UP.rate, seconds);
    return await work(system, load).finally(() => load.close());
  } finally {
    await system.stop();
  }
}
