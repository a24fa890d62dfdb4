import type { Amount } from '@sluice/kernel';
import { type FormCapabilities, isKeyless } from './capabilities.js';
import { type ComparedOrder, compareRecord, type Matches, matchesOf } from './compare-record.js';
import type { ListedWithdrawal, VenueSpan } from './venue-adapter.js';

/** Attempt with unknown outcome. Times are by the venue's clock, at the earliest possible value. */
export interface UnknownAttempt extends ComparedOrder {
  readonly withdrawalId: string;
  readonly clientReference: string;
  readonly gross: Amount;
  /** Before the first byte of the first attempt left. */
  readonly firstSentAt: Date;
  /** Before the first byte of this attempt left. */
  readonly sentAt: Date;
  /** Time before the last request possibly still in transit: the attempt's own or the last repeat. */
  readonly lastSentAt: Date;
  /** Milliseconds since the last byte can have left, by the database's clock. */
  readonly silentMs: number;
  /** Number of empty lookups covering the submit. */
  readonly emptyLookups: number;
}

/** Fields needed for a proof of absence. */
type SilentAttempt = Pick<
  UnknownAttempt,
  'firstSentAt' | 'lastSentAt' | 'silentMs' | 'emptyLookups'
>;

export type Resolution =
  | { kind: 'found'; record: ListedWithdrawal }
  | { kind: 'absent' }
  | { kind: 'person_needed'; cause: string }
  /** `covered`: the lookup was empty and covered the submit. Any other lookup proves no absence. */
  | { kind: 'look_again'; covered: boolean };

/** Margin for differences between the clocks of records and responses. */
const SPAN_MARGIN_MS = 600_000;
const VENUE_TIME_STEP_MS = 1_000; // venues cut their times to whole seconds
const MOST_NAMED = 5;

/**
 * Evaluates a lookup of unclaimed records; `covered` ends no later than the venue's clock at the
 * query. Empty lookups prove absence only with a searchable key, several times, over more than the
 * listing delay. Without a key only a single match proves a payment. A record that cannot be told
 * blocks the proof.
 */
export function resolveUnknown(
  form: FormCapabilities,
  attempt: UnknownAttempt,
  records: readonly ListedWithdrawal[],
  covered: VenueSpan | null,
): Resolution {
  const { same, unclear } = matchesOfAttempt(form, attempt, records);
  const [record, ...others] = same;
  if (record && others.length === 0) return { kind: 'found', record };
  if (record)
    return {
      kind: 'person_needed',
      cause: `${same.length} records of the venue fit: ${same.map((c) => c.venueReference).join(', ')}`,
    };
  if (unclear.length > 0)
    return isSilentLong(form, attempt)
      ? { kind: 'person_needed', cause: unclearText(attempt, unclear) }
      : { kind: 'look_again', covered: false };
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
      cause: 'a repeated request gave no answer, and no record of the venue has the reference',
    };
  return {
    kind: 'person_needed',
    cause: 'no record of the venue fits, and without a key of ours there that proves nothing',
  };
}

/** Sorts unclaimed records by the comparison with the attempt, without records of another time. */
export function matchesOfAttempt(
  form: FormCapabilities,
  attempt: UnknownAttempt,
  records: readonly ListedWithdrawal[],
): Matches {
  const inTime = records.filter((record) => isOfTime(form, attempt, record));
  return matchesOf(form, attempt, inTime);
}

/** Names the records of which the owner cannot be told, and the fields that prevent the comparison. */
function unclearText(order: ComparedOrder, records: readonly ListedWithdrawal[]): string {
  const described = records.slice(0, MOST_NAMED).map((record) => {
    const fields = compareRecord(order, record).filter(
      ({ likeness, isMissing, field }) =>
        likeness !== 'same' && !(isMissing && field !== 'destination' && field !== 'gross amount'),
    );
    const named = fields.map(({ field, asked, done }) => `${field}: asked ${asked}, done ${done}`);
    return `${record.venueReference} (${named.join('; ') || 'our reference: none'})`;
  });
  return `a record of the venue may belong to the order, and its fields prove neither: ${described.join(', ')}`;
}

/** Evaluates an empty lookup: completes, extends or does not touch the proof of absence. */
export function silenceOf(
  form: FormCapabilities,
  attempt: SilentAttempt,
  covered: VenueSpan | null,
): 'proves_absence' | 'counts' | 'proves_nothing' {
  if (covered === null || !coversSubmit(form, attempt, covered)) return 'proves_nothing';
  return isSilenceLongEnough(form, attempt) ? 'proves_absence' : 'counts';
}

/** A record without our reference must lie between our submit and the last possible execution. */
function isOfTime(
  form: FormCapabilities,
  attempt: UnknownAttempt,
  { createdAt, clientReference, isDraft }: ListedWithdrawal,
): boolean {
  if (isDraft === true) return true;
  if (!isKeyless(form) && clientReference === attempt.clientReference) return true;
  const created = createdAt.getTime();
  return (
    created + VENUE_TIME_STEP_MS > attempt.sentAt.getTime() &&
    created <= attempt.lastSentAt.getTime() + Math.max(boundMs(form), form.absence.afterMs)
  );
}

/** Venue time from which the request is not executed any more; null without a bound. */
export function absentFrom(
  form: FormCapabilities,
  { lastSentAt }: Pick<UnknownAttempt, 'lastSentAt'>,
): Date | null {
  return form.honoured && new Date(lastSentAt.getTime() + form.honoured.forMs);
}

/** Returns the span to search, from well before the submit to the present; bounded for old submits. */
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

/** True if the lookup would have found the submit at any possible execution time. */
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

function isSilenceLongEnough(form: FormCapabilities, attempt: SilentAttempt): boolean {
  return attempt.emptyLookups + 1 >= form.absence.emptyLookups && isSilentLong(form, attempt);
}

/** Returns true once the venue has listed a payment of the attempt, if the venue has made one. */
export function isSilentLong(
  form: FormCapabilities,
  { silentMs }: Pick<UnknownAttempt, 'silentMs'>,
): boolean {
  return silentMs >= Math.max(form.absence.afterMs, boundMs(form));
}

/** Pause before the next lookup: short at first, at most a minute. */
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

export function covers(span: VenueSpan, wanted: VenueSpan): boolean {
  return span.from <= wanted.from && span.to >= wanted.to;
}

/** Returns the span covered by both; null if the spans do not overlap. */
export function intersection(one: VenueSpan, other: VenueSpan): VenueSpan | null {
  const span = {
    from: one.from > other.from ? one.from : other.from,
    to: one.to < other.to ? one.to : other.to,
  };
  return span.from <= span.to ? span : null;
}
