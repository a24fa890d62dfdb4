import {
  type FormCapabilities,
  isSilentLong,
  type ListedWithdrawal,
  lookupPauseMs,
  movedNothing,
  possibleAfter,
  silenceOf,
  type WantedRecord,
} from '@sluice/connector-rules';
import type { Amount } from '@sluice/kernel';
import type { FoundRecords } from '../listing/record-search.js';
import { from, POSTPONED, stateBy } from '../rows/state-sql.js';
import { TRACE_COLUMNS } from '../wire/event-writer.js';

/** A submission refused by the venue, with the facts known before the look-up. */
export interface Refused extends WantedRecord {
  readonly withdrawalId: string;
  readonly attempt: number;
  readonly gross: Amount;
  /** The venue received the request no later than this venue time. */
  readonly until: Date;
  readonly isByValidation: boolean;
  /** Empty look-ups, and those counting towards an absence proof. */
  readonly lookups: number;
  readonly coveringLookups: number;
  /** Milliseconds since the venue's answer. */
  readonly silentMs: number;
  /** References of records that may be the payment, by the look-ups before. */
  readonly possibleRecords: readonly string[];
}

export interface RefusalStep {
  readonly withdrawal_id: string;
  readonly attempt: number;
  readonly lookups_before: number;
  /** `nothing_found` ends as refused; `released_eur`: the value if a single look-up decided. */
  readonly kind: 'found' | 'nothing_found' | 'person_needed' | 'look_again';
  readonly venue_reference: string | null;
  readonly released_eur: Amount | null;
  readonly covered: boolean;
  readonly pause_ms: number;
  /** References of records that may be the payment, by all look-ups; null for none. */
  readonly possible_records: readonly string[] | null;
  readonly records: readonly ListedWithdrawal[];
}

/** True if one look-up may decide: the first after a refusal by validation, without a result. */
export function isFirstSilence(found: FoundRecords<Refused>): boolean {
  const { wanted, records, unclear, covered } = found;
  return (
    covered !== null &&
    wanted.isByValidation &&
    wanted.lookups === 0 &&
    [...records, ...unclear].every((record) => movedNothing(record))
  );
}

/**
 * Derives the next step. A failed record without transaction agrees with the refusal. An unclear
 * record makes the order wait for a person, also after the venue lists the record no longer. Silence ends
 * the order after one look-up if permitted, else after the full absence proof.
 */
export function stepOf(
  form: FormCapabilities,
  found: FoundRecords<Refused>,
  permitted: Amount | undefined,
): RefusalStep {
  const { wanted, listed, records, unclear } = found;
  const fitting = records.filter((one) => !movedNothing(one));
  const alive = fitting.length > 0 ? fitting : unclear.filter((one) => !movedNothing(one));
  const [record, ...others] = alive;
  const possible = possibleAfter(wanted.possibleRecords, { listed, possible: alive });
  const step = {
    withdrawal_id: wanted.withdrawalId,
    attempt: wanted.attempt,
    lookups_before: wanted.lookups,
    venue_reference: null,
    released_eur: null,
    covered: false,
    pause_ms: 0,
    possible_records: possible.length > 0 ? possible : null,
    records: alive,
  };
  if (record === undefined && possible.length === 0)
    return permitted === undefined
      ? { ...step, ...afterSilence(form, found) }
      : { ...step, kind: 'nothing_found', released_eur: permitted };
  if (fitting.length === 0 && !isSilentLong(form, wanted))
    return { ...step, kind: 'look_again', pause_ms: lookupPauseMs(form, attemptOf(wanted)) };
  return record && fitting.length > 0 && others.length === 0
    ? { ...step, kind: 'found', venue_reference: record.venueReference }
    : { ...step, kind: 'person_needed' };
}

/**
 * Applies the rule for lost answers. The venue's refusal lets the proof end the order in every
 * form.
 */
function afterSilence(
  form: FormCapabilities,
  { wanted, covered }: FoundRecords<Refused>,
): Pick<RefusalStep, 'kind' | 'covered' | 'pause_ms'> {
  const attempt = attemptOf(wanted);
  const silence = silenceOf(form, attempt, covered);
  if (silence === 'proves_absence') return { kind: 'nothing_found', covered: true, pause_ms: 0 };
  return {
    kind: 'look_again',
    covered: silence === 'counts',
    pause_ms: lookupPauseMs(form, attempt),
  };
}

function attemptOf({ since, silentMs, coveringLookups }: Refused) {
  return { firstSentAt: since, lastSentAt: since, silentMs, emptyLookups: coveringLookups };
}

// answered_after_ms: time between request and refusal, which look-ups must cover.
export const DUE_REFUSALS = `
  SELECT s.withdrawal_id, s.attempt, s.client_reference, s.asset, s.destination, s.amount::text, s.gross::text, s.last_venue_time AS since, s.refusal,
         s.empty_lookups, s.covering_lookups, s.possible_records, (extract(epoch FROM clock_timestamp() - coalesce(s.answered_at, clock_timestamp())) * 1000)::float8 AS silent_ms,
         (extract(epoch FROM coalesce(s.answered_at, clock_timestamp()) - coalesce(s.submitted_at, s.intended_at)) * 1000)::float8 AS answered_after_ms
    FROM submission s
   WHERE s.state ${from('nothing_found')} AND s.form = $1 AND s.next_action_at <= clock_timestamp()
   ORDER BY s.submitted_at LIMIT $2`;

export const POSTPONE_REFUSALS = `
  UPDATE submission SET ${POSTPONED} WHERE withdrawal_id = ANY ($1::uuid[]) AND state ${from('nothing_found')}`;

export const LOCK_EXPOSURE =
  "SELECT pg_advisory_xact_lock(hashtextextended('exposure of fast fail-over', 0))";

/** $1: counting period of a release, in milliseconds. */
export const COUNTED_EXPOSURE = `
  SELECT coalesce(sum(fast_released_eur), 0)::text AS eur FROM submission
   WHERE fast_released_eur IS NOT NULL AND finished_at > clock_timestamp() - $1 * interval '1 millisecond'`;

const REFUSAL_STATE = stateBy(
  'r.kind',
  { found: 'found', nothing_found: 'nothing_found', person_needed: 'person_needed' },
  's.state',
);

// A row meanwhile moved or looked up by a person or another instance is left unchanged.
export const APPLY_REFUSALS = `
  WITH r AS (
    SELECT * FROM json_to_recordset($1::json) AS r(withdrawal_id uuid, attempt int, lookups_before int, kind text, venue_reference text,
                                                   released_eur numeric, covered boolean, pause_ms float8, possible_records jsonb)),
  s AS (
    UPDATE submission s
       SET state = ${REFUSAL_STATE}, attempt_state = ${REFUSAL_STATE},
           venue_reference = r.venue_reference,
           reason = CASE r.kind WHEN 'nothing_found' THEN s.refusal->>'reason' END,
           fast_released_eur = r.released_eur, possible_records = r.possible_records,
           empty_lookups = s.empty_lookups + (r.kind = 'look_again')::int,
           covering_lookups = s.covering_lookups + r.covered::int, postponed_for = NULL,
           unknown_published = s.unknown_published OR r.kind = 'person_needed',
           given_up_at = CASE r.kind WHEN 'person_needed' THEN clock_timestamp() END,
           accepted_at = CASE r.kind WHEN 'found' THEN clock_timestamp() END,
           finished_at = CASE r.kind WHEN 'nothing_found' THEN clock_timestamp() END,
           next_action_at = CASE WHEN r.kind <> 'nothing_found' THEN clock_timestamp() + r.pause_ms * interval '1 millisecond' END
      FROM r
     WHERE s.withdrawal_id = r.withdrawal_id AND s.state ${from('nothing_found')} AND s.attempt = r.attempt AND s.empty_lookups = r.lookups_before
    RETURNING s.*, r.kind AS found_kind)
  SELECT ${TRACE_COLUMNS}, s.client_reference, s.venue_reference, s.refusal, s.empty_lookups, s.found_kind FROM s`;
