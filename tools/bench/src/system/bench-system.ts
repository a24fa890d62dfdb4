import { SIMULATED_NAMES, startSystem, type System } from '@sluice/stack';
import type { BenchOptions } from './bench-options.js';
import { Load } from '../load/load.js';

const WARM_UP = { rate: 100, seconds: 8 };

/**
 * Runs the work on a whole system in a separate folder, with unlimited simulated venues and a
 * warmed-up system. Stops all processes on every outcome.
 */
export async function withBenchSystem<T>(
  { home, say, seconds = WARM_UP.seconds }: BenchOptions,
  work: (system: System, load: Load) => Promise<T>,
): Promise<T> {
  const system = await startSystem({
    home,
    venues: SIMULATED_NAMES,
    pace: 'fast',
    logLevel: 'warn',
    onStep: (step, ms) => say(`  ${step} (${ms} ms)`),
  });
  try {
    const load = await Load.prepare(system.run);
    say('warming up');
    await load.run(WARM_UP.rate, seconds);
    return await work(system, load).finally(() => load.close());
  } finally {
    await system.stop();
  }
}
