import {
  isSilentLong,
  lookupPauseMs,
  movedNothing,
  silenceOf,
  type FormCapabilities,
  type ListedWithdrawal,
  type WantedRecord,
} from '@sluice/connector-rules';
import type { Amount } from '@sluice/kernel';
import type { FoundRecords } from '../listing/record-search.js';

/** A submission refused by the venue, with the facts known before the look-up. */
export interface Refused extends WantedRecord {
  readonly withdrawalId: string;
  readonly attempt: number;
  readonly gross: Amount;
  /** The venue received the request no later than this venue time. */
  readonly until: Date;
  readonly isByValidation: boolean;
  /**
   * Number of empty look-ups, and the number of empty look-ups counting towards an absence proof.
   */
  readonly lookups: number;
  readonly coveringLookups: number;
  /** Milliseconds since the venue's answer. */
  readonly silentMs: number;
}

export interface RefusalStep {
  readonly withdrawal_id: string;
  readonly attempt: number;
  readonly lookups_before: number;
  /**
   * `nothing_found` ends the submission as refused; `released_eur` is the value if a single look-up
   * decided.
   */
  readonly kind: 'found' | 'nothing_found' | 'person_needed' | 'look_again';
  readonly venue_reference: string | null;
  readonly released_eur: Amount | null;
  readonly covered: boolean;
  readonly pause_ms: number;
  readonly records: readonly ListedWithdrawal[];
}

/**
 * True if a single look-up may decide within the exposure: the first look-up after a refusal by
 * validation, without a result.
 */
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
 * Derives the next step from the look-up. A failed record without a transaction moved no money,
 * consistent with the refusal. A record of which the owner cannot be told is never matched: the
 * order waits, and a person decides once the record stays unclear. Silence ends the order after a
 * single look-up if `permitted` contains the value, otherwise after the full absence proof.
 */
export function stepOf(
  form: FormCapabilities,
  found: FoundRecords<Refused>,
  permitted: Amount | undefined,
): RefusalStep {
  const { wanted, records, unclear } = found;
  const fitting = records.filter((one) => !movedNothing(one));
  const alive = fitting.length > 0 ? fitting : unclear.filter((one) => !movedNothing(one));
  const [record, ...others] = alive;
  const step = {
    withdrawal_id: wanted.withdrawalId,
    attempt: wanted.attempt,
    lookups_before: wanted.lookups,
    venue_reference: null,
    released_eur: null,
    covered: false,
    pause_ms: 0,
    records: alive,
  };
  if (record === undefined)
    return permitted === undefined
      ? { ...step, ...afterSilence(form, found) }
      : { ...step, kind: 'nothing_found', released_eur: permitted };
  if (fitting.length === 0 && !isSilentLong(form, wanted))
    return { ...step, kind: 'look_again', pause_ms: lookupPauseMs(form, attemptOf(wanted)) };
  return fitting.length > 0 && others.length === 0
    ? { ...step, kind: 'found', venue_reference: record.venueReference }
    : { ...step, kind: 'person_needed' };
}

/**
 * Applies the rule for lost answers. The venue's own refusal supports the proof, so the proof ends
 * the order in every form.
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
