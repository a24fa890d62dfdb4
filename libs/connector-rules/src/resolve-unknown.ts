import { currencyOf, type Amount } from '@sluice/money';
import { isKeyless, type FormCapabilities } from './capabilities.js';
import { isSameAmount } from './recorded-amount.js';
import type { ListedWithdrawal, VenueSpan } from './venue-adapter.js';
import { covers } from './venue-span.js';

/** An attempt whose outcome we do not have. Its instants are the venue's, as early as its clock can have stood at them. */
export interface UnknownAttempt {
  readonly withdrawalId: string;
  readonly clientReference: string;
  /** Null for forms without a chain. */
  readonly network: string | null;
  readonly destination: string;
  readonly gross: Amount;
  /** Before the first byte of the first attempt left. */
  readonly firstSentAt: Date;
  /** Before the first byte of this attempt left. */
  readonly sentAt: Date;
  /** Before the last request left that may still be under way: this attempt's, or its last repeat. */
  readonly lastSentAt: Date;
  /** Milliseconds since the last byte can have left, by the database's clock. */
  readonly silentMs: number;
  /** Empty look-ups so far that covered the submit. */
  readonly emptyLookups: number;
}

/** As far as an absence proof asks. */
export type SilentAttempt = Pick<
  UnknownAttempt,
  'firstSentAt' | 'lastSentAt' | 'silentMs' | 'emptyLookups'
>;

export type Resolution =
  | { kind: 'found'; record: ListedWithdrawal }
  | { kind: 'absent' }
  | { kind: 'person_needed'; cause: string }
  /** `covered`: the look-up was an empty one that covered the submit. Any other proves nothing, however often it is made. */
  | { kind: 'look_again'; covered: boolean };

/** The clock of a venue's records and that of its answers may be different machines, and our reading of it may be coarse. */
export const SPAN_MARGIN_MS = 600_000;
const VENUE_TIME_STEP_MS = 1_000; // venues cut their times to whole seconds

/**
 * What a look-up proves. `records` are those of the venue that no other submission has claimed, `covered` is what the venue was
 * asked for, ending no later than its clock stood when it was asked. Silence proves absence only where our key can be searched,
 * after several empty look-ups that covered the submit and over more than the listing delay; without a key, nothing but one single
 * match proves anything. Where the venue replays, records carry our reference as free text, which proves presence only.
 */
export function resolveUnknown(
  form: FormCapabilities,
  attempt: UnknownAttempt,
  records: readonly ListedWithdrawal[],
  covered: VenueSpan | null,
): Resolution {
  const candidates = records.filter((record) =>
    isKeyless(form)
      ? matchesByFields(form, attempt, record)
      : record.clientReference === attempt.clientReference,
  );
  const [record, ...others] = candidates;
  if (record && others.length === 0) return { kind: 'found', record };
  if (record)
    return {
      kind: 'person_needed',
      cause: `${candidates.length} records of the venue fit: ${candidates.map((c) => c.venueReference).join(', ')}`,
    };
  const silence = silenceOf(form, attempt, covered);
  if (silence !== 'proves_absence') return { kind: 'look_again', covered: silence === 'counts' };
  if (form.recovery === 'search' && form.honoured !== null) return { kind: 'absent' };
  if (form.recovery === 'search')
    return {
      kind: 'person_needed',
      cause:
        'no record carries its reference, and the venue names no time after which none can come',
    };
  if (form.recovery === 'replay')
    return {
      kind: 'person_needed',
      cause: 'repeating it gave no answer, and no record of the venue carries its reference',
    };
  return {
    kind: 'person_needed',
    cause: 'no record of the venue fits, and without a key of ours there that proves nothing',
  };
}

/** What an empty look-up adds to an absence proof: it completes the proof, counts towards it, or proves nothing. */
export function silenceOf(
  form: FormCapabilities,
  attempt: SilentAttempt,
  covered: VenueSpan | null,
): 'proves_absence' | 'counts' | 'proves_nothing' {
  if (covered === null || !coversSubmit(form, attempt, covered)) return 'proves_nothing';
  return silenceIsLongEnough(form, attempt) ? 'proves_absence' : 'counts';
}

/**
 * Exactly what a keyless record can say: same recipient, currency, chain and amount, not older than our submit and not younger
 * than anything of ours can be, both by the venue's clock. A record that does not name its recipient matches nothing.
 */
export function matchesByFields(
  form: FormCapabilities,
  attempt: UnknownAttempt,
  record: ListedWithdrawal,
): boolean {
  const created = record.createdAt.getTime();
  return (
    record.destination === attempt.destination &&
    record.currency === currencyOf(attempt.gross.asset) &&
    (record.network === null || attempt.network === null || record.network === attempt.network) &&
    isSameAmount(attempt.gross, record.gross) &&
    created + VENUE_TIME_STEP_MS > attempt.sentAt.getTime() &&
    created <= attempt.lastSentAt.getTime() + Math.max(boundMs(form), form.absence.afterMs)
  );
}

/** From when on, by the venue's clock, nobody has to fear that the venue still acts on it; null where the venue names no bound. */
export function absentFrom(
  form: FormCapabilities,
  { lastSentAt }: Pick<UnknownAttempt, 'lastSentAt'>,
): Date | null {
  return form.honoured && new Date(lastSentAt.getTime() + form.honoured.forMs);
}

/** What is asked for, to find a submit: from well before it to the venue's now, but not on and on for one that is long ago. */
export function searchSpan(
  form: FormCapabilities,
  attempts: readonly Pick<UnknownAttempt, 'firstSentAt' | 'lastSentAt'>[],
  now: Date,
): VenueSpan {
  const first = Math.min(...attempts.map(({ firstSentAt }) => firstSentAt.getTime()));
  const last =
    Math.max(...attempts.map(({ lastSentAt }) => lastSentAt.getTime())) +
    Math.max(boundMs(form), form.absence.afterMs) +
    SPAN_MARGIN_MS;
  return { from: new Date(first - SPAN_MARGIN_MS), to: new Date(Math.min(now.getTime(), last)) };
}

/** Whether a look-up that found nothing would have found it, whenever the venue took it: only one that was asked when the bound had passed. */
function coversSubmit(
  form: FormCapabilities,
  { firstSentAt, lastSentAt }: SilentAttempt,
  covered: VenueSpan,
): boolean {
  return covers(covered, {
    from: new Date(firstSentAt.getTime() - SPAN_MARGIN_MS),
    to: new Date(lastSentAt.getTime() + boundMs(form)),
  });
}

function boundMs({ honoured, absence }: FormCapabilities): number {
  return honoured?.forMs ?? absence.afterMs;
}

function silenceIsLongEnough(form: FormCapabilities, attempt: SilentAttempt): boolean {
  const { emptyLookups, afterMs } = form.absence;
  return (
    attempt.emptyLookups + 1 >= emptyLookups && attempt.silentMs >= Math.max(afterMs, boundMs(form))
  );
}

/** Pause before the next look-up: quick at first, then so that the required number fits the required time, at most a minute. */
export function lookupPauseMs(
  form: FormCapabilities,
  { emptyLookups, silentMs }: Pick<UnknownAttempt, 'emptyLookups' | 'silentMs'>,
): number {
  const step = Math.min(
    60_000,
    Math.max(50, Math.floor(form.absence.afterMs / Math.max(form.absence.emptyLookups, 1))),
  );
  return Math.min(step, 500 * 2 ** Math.min(emptyLookups, 10), Math.max(500, silentMs / 4));
}
