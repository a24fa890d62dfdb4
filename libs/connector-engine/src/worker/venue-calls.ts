import type { SubmitOutcome } from '@sluice/connector-rules';
import { Counter } from 'prom-client';

const calls = new Counter({
  name: 'sluice_submits_total',
  help: 'Submits begun by this process, by what came of them',
  labelNames: ['endpoint', 'outcome'],
});

/** Counts what a submit proved. Repeats of unknown attempts have labels of their own: their refusals prove nothing. */
export function countSubmit(endpoint: string, { kind }: SubmitOutcome, isRepeat: boolean): void {
  calls.inc({ endpoint, outcome: isRepeat ? `repeat_${kind}` : kind });
}
