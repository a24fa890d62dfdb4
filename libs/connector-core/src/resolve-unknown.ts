import { isKeyless, type FormCapabilities } from './capabilities.js';
import type { ListedWithdrawal } from './venue-adapter.js';
import { sameAmount } from './same-amount.js';

/** An attempt whose outcome we do not have. */
export interface UnknownAttempt {
  readonly withdrawalId: string;
  readonly clientReference: string;
  readonly currency: string;
  /** Null for forms without a chain. */
  readonly network: string | null;
  readonly destination: string;
  readonly gross: string;
  /** When the intent was stored, by the venue's clock as far as we know it. */
  readonly notBefore: Date;
  /** When the last byte can have left: the end of its lease, or the moment it was given up. */
  readonly notAfter: Date;
  readonly emptyLookups: number;
}

export type Resolution =
  { kind: 'found'; record: ListedWithdrawal } | { kind: 'absent' } | { kind: 'person_needed'; cause: string } | { kind: 'look_again' };

/**
 * What a look-up proves. `records` are those of the venue that no other submission has claimed. Silence proves absence only
 * where our key can be searched, after several empty look-ups over more than the listing delay; without a key, nothing but
 * one single match proves anything. Where the venue replays, records carry our reference as free text, which proves presence only.
 */
export function resolveUnknown(form: FormCapabilities, attempt: UnknownAttempt, records: readonly ListedWithdrawal[], now: Date): Resolution {
  const candidates = records.filter((record) =>
    isKeyless(form) ? matchesByFields(form, attempt, record) : record.clientReference === attempt.clientReference,
  );
  const [record, ...others] = candidates;
  if (record && others.length === 0) return { kind: 'found', record };
  if (record)
    return { kind: 'person_needed', cause: `${candidates.length} records of the venue fit: ${candidates.map((c) => c.venueReference).join(', ')}` };
  if (!silenceIsLongEnough(form, attempt, now)) return { kind: 'look_again' };
  if (form.recovery === 'search') return { kind: 'absent' };
  if (form.recovery === 'replay')
    return { kind: 'person_needed', cause: 'repeating it gave no answer, and no record of the venue carries its reference' };
  return { kind: 'person_needed', cause: 'no record of the venue fits, and without a key of ours there that proves nothing' };
}

const VENUE_TIME_STEP_MS = 1_000; // venues cut their times to whole seconds

/**
 * Exactly what a keyless record can say: same recipient, currency, chain and amount, not older than our submit and not younger
 * than anything of ours can be. A record that does not name its recipient matches nothing.
 */
export function matchesByFields(form: FormCapabilities, attempt: UnknownAttempt, record: ListedWithdrawal): boolean {
  const created = record.createdAt.getTime();
  return (
    record.destination === attempt.destination &&
    record.currency === attempt.currency &&
    (record.network === null || attempt.network === null || record.network === attempt.network) &&
    sameAmount(record.gross, attempt.gross) &&
    created + VENUE_TIME_STEP_MS > attempt.notBefore.getTime() &&
    created <= attempt.notAfter.getTime() + form.absence.afterMs
  );
}

function silenceIsLongEnough(form: FormCapabilities, attempt: UnknownAttempt, now: Date): boolean {
  const { emptyLookups, afterMs } = form.absence;
  return attempt.emptyLookups + 1 >= emptyLookups && now.getTime() - attempt.notAfter.getTime() >= afterMs;
}

/** Pause before the next look-up: quick at first, then so that the required number fits the required time, at most a minute. */
export function lookupPauseMs(form: FormCapabilities, emptyLookups: number): number {
  const step = Math.min(60_000, Math.max(50, Math.floor(form.absence.afterMs / Math.max(form.absence.emptyLookups, 1))));
  return Math.min(step, 500 * 2 ** Math.min(emptyLookups, 10));
}
