import type { SubmitOutcome } from '@sluice/connector-rules';
import { startAtZero } from '@sluice/service-shell';
import { Counter } from 'prom-client';

const calls = new Counter({
  name: 'sluice_submits_total',
  help: 'Submissions sent by this process, by outcome',
  labelNames: ['endpoint', 'outcome'],
});

const unlisted = new Counter({
  name: 'sluice_unlisted_codes_total',
  help: 'Refusals of the venue with a code that no table of the connector lists',
  labelNames: ['endpoint', 'code'],
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
  startAtZero(unlisted, { endpoint: [endpoint], code: ['other'] });
}

/**
 * Counts the result of a submit. Repeats of unknown attempts have separate labels, because their
 * refusals prove no outcome.
 */
export function countSubmit(endpoint: string, { kind }: SubmitOutcome, isRepeat: boolean): void {
  calls.inc({ endpoint, outcome: isRepeat ? `repeat_${kind}` : kind });
}

const MOST_CODES = 100;
const codes = new Set<string>();

/** Codes beyond the first hundred share a series: a venue may put anything into a code. */
export function countUnlisted(endpoint: string, venueCode: string | null): void {
  const code = String(venueCode).slice(0, 64);
  if (codes.size < MOST_CODES) codes.add(code);
  unlisted.inc({ endpoint, code: codes.has(code) ? code : 'other' });
}
