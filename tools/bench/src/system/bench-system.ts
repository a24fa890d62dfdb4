import { readFileSync } from 'node:fs';
import {
  APPROVER,
  AdminClients,
  SIMULATED_NAMES,
  startSystem,
  type RunFile,
  type System,
} from '@sluice/stack';
import { approvedBy } from '@sluice/admin-client';
import { Load } from '../load/load.js';

/** Options of a benchmark from the command line. */
export interface BenchOptions {
  /** Data folder of all started processes. */
  readonly home: string;
  readonly say: (line: string) => void;
  /** Folder for CPU profiles of the measured process. */
  readonly profileDir?: string | undefined;
  /** Duration of the memory watch under load, of the process or of the system. */
  readonly minutes?: number | undefined;
  /** System benchmarks: withdrawals offered per second, a measurement for each rate. */
  readonly rates?: readonly number[] | undefined;
  /** Duration of each rate (default: chosen by rate). */
  readonly seconds?: number | undefined;
  /**
   * e2e: first rate of the search. soak: withdrawals offered per second. backlog: assumed sustained
   * rate.
   */
  readonly rate?: number | undefined;
  /** backlog: number of gathered withdrawals. */
  readonly count?: number | undefined;
  /** budget: writes the committed budget file instead of measuring the rates. */
  readonly write?: boolean | undefined;
  /** e2e: file of a rule set that is published before the measurement. */
  readonly policy?: string | undefined;
  /** Rows written before the last measurement, instead of ten million. */
  readonly rows?: number | undefined;
  /** console: names of the measured parts. */
  readonly parts?: readonly string[] | undefined;
}

const WARM_UP = { rate: 100, seconds: 8 };

type SystemOptions = NonNullable<Parameters<typeof startSystem>[0]>;

/** Parts of a measured system. */
export interface SystemParts {
  readonly venues: NonNullable<SystemOptions['venues']>;
  readonly chains?: NonNullable<SystemOptions['chains']>;
  /** Processes of each service (default 1). */
  readonly instances?: number;
  /** Also the operators' page. */
  readonly console?: boolean;
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

/** Stops every process of the system except for some. */
export async function stopAllBut({ processes }: System, kept: readonly string[]): Promise<void> {
  const stopped = [...processes.values()].filter(({ name }) => !kept.includes(name));
  await Promise.all(stopped.map((process) => process.stop()));
}

/** Publishes the rule set of a file, and a price for limits in EUR. A second person approves both. */
async function publishPolicy(run: RunFile, file: string): Promise<void> {
  const policy = JSON.parse(readFileSync(file, 'utf8')) as object;
  const { ledger } = new AdminClients(() => run);
  const second = new AdminClients(() => run, APPROVER);
  await approvedBy(second.ledger, ledger.publishPolicy({ after_version: 0, policy }));
  await approvedBy(second.ledger, ledger.setPolicyPrice({ asset: 'USDT.ETH', eur: '0.92' }));
}
