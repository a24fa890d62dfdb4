import type { SubmitOutcome } from '@sluice/connector-rules';
import { Counter } from 'prom-client';

const calls = new Counter({
  name: 'sluice_submits_total',
  help: 'Submissions sent by this process, by outcome',
  labelNames: ['endpoint', 'outcome'],
});

/**
 * Counts the result of a submit. Repeats of unknown attempts have separate labels, because their
 * refusals prove no outcome.
 */
export function countSubmit(endpoint: string, { kind }: SubmitOutcome, isRepeat: boolean): void {
  calls.inc({ endpoint, outcome: isRepeat ? `repeat_${kind}` : kind });
}
