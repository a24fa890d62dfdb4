import { loadavg } from 'node:os';
import {
  failuresOf,
  percentiles,
  type Phase,
  SIMULATED_SERVICES,
  verdictLine,
} from '@sluice/stack';
import { violationsOf } from '../judge/gather.js';
import { brokenOnes, judgeAll } from '../judge/judge-all.js';
import type { Restart } from './restart.js';
import type { RollContext } from './with-load.js';

/** Goal for the p99 of a roll, as a multiple of the quiet phase's p99. */
const GOAL = 3;
const MOST_SHOWN = 5;

export interface RollReport {
  readonly verdict: string;
  readonly holds: boolean;
  readonly json: object;
}

/**
 * Prints and returns the result. The roll passes if no request failed and every order was paid
 * exactly once. No message may be refused, no invariant violated, and every stop must be orderly.
 */
export async function rollReport(
  { system, admin, load, clients, say }: RollContext,
  restarts: readonly Restart[],
): Promise<RollReport> {
  const judgement = await judgeAll(system, admin, { clients, all: () => load.all() });
  const violated = await violationsOf(admin);
  const refused = await refusedMessages(system.databases);
  const faults = [
    ...judgement.faults,
    ...violated.map(({ service, violation }) => `${service}: ${violation.invariant} is violated`),
    ...brokenOnes(judgement).map(
      ({ kind, why, asked }) => `${asked.order.reference}: ${kind}: ${why}`,
    ),
    ...refused,
    ...restarts
      .filter(({ isOrderly }) => !isOrderly)
      .map(({ instance }) => `${instance} was ended by force`),
    ...system.endings.map(({ process, how }) => `${process} ended unexpectedly: ${how}`),
  ];
  for (const fault of faults.slice(0, MOST_SHOWN)) say(`✗ ${fault}`);
  if (faults.length > MOST_SHOWN) say(`… and ${faults.length - MOST_SHOWN} more`);
  const quiet = load.phases.find(({ name }) => name === 'quiet');
  for (const phase of load.phases) say(lineOf(phase, quiet));
  const failed = load.phases.reduce((sum, phase) => sum + failuresOf(phase), 0);
  const verdict = `${load.all().length} requests, ${failed} failed; ${verdictLine(judgement.counts)}; ${violated.length} invariants violated, ${refused.length} services with refused messages`;
  say(
    `load of the machine: ${loadavg()
      .map((one) => one.toFixed(1))
      .join(' ')} (1, 5, 15 minutes)`,
  );
  const phases = load.phases.map((phase) => ({
    name: phase.name,
    requests: phase.posts.length,
    failed: Object.fromEntries(phase.failed),
    ...percentiles(latenciesOf(phase)),
  }));
  const holds = failed === 0 && faults.length === 0;
  return {
    verdict,
    holds,
    json: { verdict, holds, phases, restarts, faults, counts: judgement.counts },
  };
}

function lineOf(phase: Phase, quiet: Phase | undefined): string {
  const { p50, p99 } = percentiles(latenciesOf(phase));
  const base = quiet && phase !== quiet ? percentiles(latenciesOf(quiet)).p99 : 0;
  const compared =
    base > 0 && phase.name !== 'warming up'
      ? ` · ${(p99 / base).toFixed(1)} times the quiet p99 (goal: under ${GOAL})`
      : '';
  const failures = [...phase.failed].map(([what, times]) => ` · ${times}× ${what}`).join('');
  return `${phase.name.padEnd(30)} ${phase.posts.length} requests, ${failuresOf(phase)} failed · POST p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms${compared}${failures}`;
}

function latenciesOf({ posts }: Phase): readonly number[] {
  return posts.map(({ tookMs }) => tookMs);
}

/** Messages a service could not handle, or set aside as not written by the service. */
async function refusedMessages(
  databases: RollContext['system']['databases'],
): Promise<readonly string[]> {
  const found = await Promise.all(
    SIMULATED_SERVICES.map(async (service) => {
      const [row] = await databases.rows<{ refused: string; cause: string }>(
        service,
        `SELECT count(*)::text AS refused, min(cause) AS cause FROM (SELECT cause FROM dead_letter UNION ALL SELECT cause FROM set_aside_row) AS one`,
      );
      return row === undefined || row.refused === '0'
        ? []
        : [`${service} has refused ${row.refused} messages: ${row.cause}`];
    }),
  );
  return found.flat();
}
