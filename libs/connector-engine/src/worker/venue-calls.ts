import type { SubmitOutcome } from '@sluice/connector-rules';
import { startAtZero } from '@sluice/service-shell';
import { Counter } from 'prom-client';

const calls = new Counter({
  name: 'sluice_submits_total',
  help: 'Submissions sent by this process, by outcome',
  labelNames: ['endpoint', 'outcome'],
});

const KINDS = [
  'accepted',
  'refused',
  'not_sent',
  'unknown',
] as const satisfies readonly SubmitOutcome['kind'][];

/** Starts the series of an endpoint, for first submits and for repeats. */
export function startSubmitCounts(endpoint: string): void {
  const repeats = KINDS.map((kind) => `repeat_${kind}`);
  startAtZero(calls, { endpoint: [endpoint], outcome: [...KINDS, ...repeats] });
}

/**
 * Counts the result of a submit. Repeats of unknown attempts have separate labels, because their
 * refusals prove no outcome.
 */
export function countSubmit(endpoint: string, { kind }: SubmitOutcome, isRepeat: boolean): void {
  calls.inc({ endpoint, outcome: isRepeat ? `repeat_${kind}` : kind });
}
