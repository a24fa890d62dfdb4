import type { Amount } from '@sluice/kernel';
import {
  compareRecord,
  movedNothing,
  type ComparedField,
  type ComparedOrder,
} from './compare-record.js';
import { isTerminal, type SubmissionState } from './submission-states.js';
import type { ListedWithdrawal } from './venue-adapter.js';

/** Our order, for comparison with the venue's record. */
export interface TrackedSubmission extends ComparedOrder {
  readonly withdrawalId: string;
  readonly state: SubmissionState;
  readonly gross: Amount;
  readonly txHash: string | null;
  readonly cancelRequested: boolean;
  /** Null while no record has shown a cancellation that we did not request. */
  readonly cancelSeenForMs: number | null;
  /** Null while the submission has not ended. */
  readonly endedForMs: number | null;
}

export interface JudgementLimits {
  /** Longest delay until a venue's records show the true end of a payment. */
  readonly listedWithinMs: number;
  /** Returns whether a fee change of this size needs no person. */
  readonly isSmall: (difference: Amount) => boolean;
  /** Forms with payments that may come back after the settlement; absent: none. */
  readonly returnable?: ReadonlySet<string>;
}

/** Highest age of a record when judged; meanwhile the submission may have settled elsewhere. */
const OLDEST_RECORD_MS = 60_000;

/**
 * Finding without a change of state, for a person; one case per `kind`. Only `not_as_asked` is
 * evidence against the venue.
 */
interface CaseFinding {
  readonly kind:
    | 'contrary_after_end'
    | 'status_went_back'
    | 'not_as_asked'
    | 'cannot_tell'
    | 'failed_with_transaction'
    | 'venue_alert';
  readonly text: string;
}

export type RecordVerdict =
  | { kind: 'nothing' }
  | { kind: 'broadcast'; txHash: string }
  | {
      kind: 'settled';
      txHash: string | null;
      venueFee: Amount | null;
      /** Amount that the recipient got, where the venue's fee has changed. */
      received?: Amount;
      blockNumber?: string;
      confirmations?: number;
    }
  /** A cancellation that we did not request counts only if the record still shows it later. */
  | { kind: 'cancel_seen' }
  | { kind: 'failed'; reason: string; message: string; cancelled: boolean }
  /** The money of a settled payment is back. A second reading must confirm the record. */
  | { kind: 'returned'; reason: string; message: string }
  | { kind: 'disputed' };

interface Judgement {
  readonly verdict: RecordVerdict;
  readonly cases: readonly CaseFinding[];
}

/**
 * Judges a venue's record of a submission. A finished submission changes only by a return. A record
 * with other terms may belong to another order: its failure or hash proves nothing.
 */
export function judgeRecord(
  submission: TrackedSubmission,
  record: ListedWithdrawal,
  limits: JudgementLimits,
): Judgement {
  if (isTerminal(submission.state))
    return (
      returned(submission, record, limits) ?? {
        verdict: { kind: 'nothing' },
        cases: contraryFacts(submission, record),
      }
    );
  if (submission.state !== 'accepted') return { verdict: { kind: 'nothing' }, cases: [] };
  const cases = alerts(submission, record);
  const fields = compareRecord(submission, record);
  const isAsAsked = fields.every(isFieldAsAsked);
  switch (record.status.kind) {
    case 'pending':
      return { verdict: { kind: 'nothing' }, cases };
    case 'broadcast':
      return { verdict: isAsAsked ? firstHash(submission, record) : { kind: 'nothing' }, cases };
    case 'failed':
      return judgeFailure(submission, record, { fields, cases, limits });
    case 'settled':
      return judgePayment(submission, record, { fields, cases, limits });
  }
}

/**
 * Judges a failed record of a settled payment. Only the whole payment without a transaction is a
 * return.
 */
function returned(
  submission: TrackedSubmission,
  record: ListedWithdrawal,
  { returnable }: JudgementLimits,
): Judgement | null {
  const { status, txHash } = record;
  if (submission.state !== 'settled' || status.kind !== 'failed') return null;
  if (returnable?.has(record.form) !== true || submission.txHash !== null || txHash !== null)
    return null;
  if (!compareRecord(submission, record).every(isFieldAsAsked)) return null;
  const { reason, message } = status;
  return { verdict: { kind: 'returned', reason, message }, cases: [] };
}

interface Compared {
  readonly fields: readonly ComparedField[];
  readonly cases: readonly CaseFinding[];
  readonly limits: JudgementLimits;
}

/**
 * A hold is released only if no transaction was ever reported. A cancellation not requested by us
 * is read again over the listing bound.
 */
function judgeFailure(
  submission: TrackedSubmission,
  record: ListedWithdrawal,
  { fields, cases, limits }: Compared,
): Judgement {
  if (!movedNothing(record, submission.txHash))
    return disputed(cases, {
      kind: 'failed_with_transaction',
      text: `the venue reports ${record.venueStatus} of ${record.venueReference}, and has reported the transaction ${record.txHash ?? submission.txHash ?? ''}`,
    });
  if (record.status.kind !== 'failed') return { verdict: { kind: 'nothing' }, cases };
  const { status } = record;
  // the void of our own wallet, with terms of its own, has used the nonce of the order
  const isAsAsked = status.isProven === true || fields.every(isFieldAsAsked);
  if (!isAsAsked) return disputed(cases, otherTerms(record, fields, 'failed'));
  const { cancelSeenForMs, cancelRequested } = submission;
  const isOfVenue = status.cancelled && !cancelRequested && status.isProven !== true;
  if (isOfVenue && (cancelSeenForMs ?? 0) < limits.listedWithinMs)
    return { verdict: { kind: 'cancel_seen' }, cases };
  const { reason, message, cancelled } = status;
  return {
    verdict: { kind: 'failed', reason, message, cancelled: cancelled && cancelRequested },
    cases,
  };
}

function judgePayment(
  submission: TrackedSubmission,
  record: ListedWithdrawal,
  { fields, cases, limits }: Compared,
): Judgement {
  const paid = { kind: 'settled', txHash: record.txHash, ...blockOf(record) } as const;
  if (fields.every(isFieldAsAsked))
    return { verdict: { ...paid, venueFee: record.venueFee }, cases };
  const received = receivedAfterFeeChange(submission, record, fields);
  if (received !== null && limits.isSmall(apart(submission.amount, received))) {
    // The venue debited the requested amount: beside the ordered amount, the rest is the booked fee.
    const venueFee = submission.gross.minus(submission.amount);
    return { verdict: { ...paid, venueFee, received }, cases };
  }
  return disputed(cases, otherTerms(record, fields, 'settled'));
}

/** The recipient's amount of a record that differs from the order by the venue's fee alone. */
function receivedAfterFeeChange(
  { amount, gross }: TrackedSubmission,
  { net, venueFee }: ListedWithdrawal,
  fields: readonly ComparedField[],
): Amount | null {
  const others = fields.filter(({ field }) => field !== 'amount received');
  if (net === null || venueFee === null || !others.every(isFieldAsAsked)) return null;
  const received = net.restatedIn(amount.asset);
  return received.plus(venueFee.restatedIn(amount.asset)).equals(gross) ? received : null;
}

function apart(one: Amount, other: Amount): Amount {
  return one.lessThan(other) ? other.minus(one) : one.minus(other);
}

/** A record may lack every field but the debited amount. */
function isFieldAsAsked({ field, likeness, isMissing }: ComparedField): boolean {
  return likeness === 'same' || (isMissing && field !== 'gross amount');
}

function disputed(cases: readonly CaseFinding[], found: CaseFinding): Judgement {
  return { verdict: { kind: 'disputed' }, cases: [...cases, found] };
}

function blockOf({
  blockNumber,
  confirmations,
}: ListedWithdrawal): Pick<ListedWithdrawal, 'blockNumber' | 'confirmations'> {
  return {
    ...(blockNumber !== undefined && { blockNumber }),
    ...(confirmations !== undefined && { confirmations }),
  };
}

/** Returns the readable differences, as `field: asked X, done Y`. None is no proof (`isAsAsked`). */
export function differencesFrom(order: ComparedOrder, record: ListedWithdrawal): string[] {
  return compareRecord(order, record)
    .filter(({ likeness }) => likeness === 'different')
    .map(describe);
}

export function isAsAsked(order: ComparedOrder, record: ListedWithdrawal): boolean {
  return compareRecord(order, record).every(isFieldAsAsked);
}

function describe({ field, asked, done }: ComparedField): string {
  return `${field}: asked ${asked}, done ${done}`;
}

function contraryFacts(submission: TrackedSubmission, record: ListedWithdrawal): CaseFinding[] {
  const said = record.status.kind;
  const agrees = submission.state === 'settled' ? said === 'settled' : movedNothing(record);
  if (agrees || mayBeOlder(submission, record)) return [];
  const text = `ended as ${submission.state}, now the venue reports ${record.venueStatus} of ${record.venueReference}`;
  return [{ kind: 'contrary_after_end', text }];
}

/** A pending record from shortly before the settlement is no contradiction. */
function mayBeOlder(
  { state, endedForMs }: TrackedSubmission,
  { status }: ListedWithdrawal,
): boolean {
  const isOnItsWay = status.kind === 'pending' || status.kind === 'broadcast';
  return state === 'settled' && isOnItsWay && endedForMs !== null && endedForMs < OLDEST_RECORD_MS;
}

function alerts(submission: TrackedSubmission, record: ListedWithdrawal): CaseFinding[] {
  const { status } = record;
  if (status.kind === 'pending' && submission.txHash !== null) {
    return [
      {
        kind: 'status_went_back',
        text: `was on its way as ${submission.txHash}, now the venue reports ${record.venueStatus}`,
      },
    ];
  }
  if (status.kind === 'failed' && status.cancelled && !submission.cancelRequested) {
    return [
      {
        kind: 'venue_alert',
        text: `${record.venueStatus}: it was cancelled at the venue without our request`,
      },
    ];
  }
  if ((status.kind === 'pending' || status.kind === 'broadcast') && status.alert !== undefined) {
    return [{ kind: 'venue_alert', text: `${record.venueStatus}: ${status.alert}` }];
  }
  return [];
}

function firstHash(submission: TrackedSubmission, record: ListedWithdrawal): RecordVerdict {
  return record.txHash !== null && submission.txHash === null
    ? { kind: 'broadcast', txHash: record.txHash }
    : { kind: 'nothing' };
}

/** Without a readable difference the record is no evidence against the venue. */
function otherTerms(
  record: ListedWithdrawal,
  fields: readonly ComparedField[],
  end: 'settled' | 'failed',
): CaseFinding {
  const differing = fields.filter((field) => !isFieldAsAsked(field));
  const named = differing.map(describe);
  const isDifferent =
    differing.some(({ likeness }) => likeness === 'different') ||
    (record.status.kind === 'settled' && record.status.isOtherwise === true);
  const reference = record.venueReference;
  const texts = {
    settled: isDifferent
      ? `the venue paid ${reference} differently from the order`
      : `no proof that the venue paid ${reference} as ordered`,
    failed: `the failed record ${reference} of the venue differs from the order and does not prove that the order is unpaid`,
  };
  return {
    kind: isDifferent ? 'not_as_asked' : 'cannot_tell',
    text: `${texts[end]}: ${named.join('; ')}`,
  };
}
