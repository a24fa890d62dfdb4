import { currencyOf, type Amount } from '@sluice/kernel';
import { isSameAmount, recordedText } from './recorded-amount.js';
import { isTerminal, type SubmissionState } from './submission-states.js';
import type { ListedWithdrawal } from './venue-adapter.js';

/** Our order, for comparison with the venue's record. */
export interface TrackedSubmission {
  readonly withdrawalId: string;
  readonly state: SubmissionState;
  /** Null for forms without a chain. */
  readonly network: string | null;
  readonly destination: string;
  readonly amount: Amount;
  readonly gross: Amount;
  readonly txHash: string | null;
  readonly cancelRequested: boolean;
  /** True while the form's payments may come back after the settlement; absent: never. */
  readonly isReturnable?: boolean;
  /** Null while the submission has not ended. */
  readonly endedForMs: number | null;
}

/**
 * Highest age of a record when judged; meanwhile another process may have settled the submission.
 */
const OLDEST_RECORD_MS = 60_000;

/**
 * Finding without a change of state, for review by a person. `kind` is stable: a case is opened
 * once per kind.
 */
interface CaseFinding {
  readonly kind: 'contrary_after_end' | 'status_went_back' | 'not_as_asked' | 'venue_alert';
  readonly text: string;
}

export type RecordVerdict =
  | { kind: 'nothing' }
  | { kind: 'broadcast'; txHash: string }
  | {
      kind: 'settled';
      txHash: string | null;
      venueFee: Amount | null;
      blockNumber?: string;
      confirmations?: number;
    }
  | { kind: 'failed'; reason: string; message: string; cancelled: boolean }
  /** The money of a settled payment is back. A second reading must confirm the record. */
  | { kind: 'returned'; reason: string; message: string }
  | { kind: 'disputed' };

interface Judgement {
  readonly verdict: RecordVerdict;
  readonly cases: readonly CaseFinding[];
}

/**
 * Judges a venue's record of a submission. A record never changes a finished submission, except that
 * the money of a settled payment may come back. A record
 * with other terms than the order may belong to another order, for example after the venue swapped
 * two answers: its failure or its transaction hash proves nothing about this order.
 */
export function judgeRecord(submission: TrackedSubmission, record: ListedWithdrawal): Judgement {
  if (isTerminal(submission.state))
    return (
      returned(submission, record) ?? {
        verdict: { kind: 'nothing' },
        cases: contraryFacts(submission, record),
      }
    );
  if (submission.state !== 'accepted') return { verdict: { kind: 'nothing' }, cases: [] };
  const cases = alerts(submission, record);
  const differences = differencesFrom(submission, record);
  const { status } = record;
  switch (status.kind) {
    case 'pending':
      return { verdict: { kind: 'nothing' }, cases };
    case 'broadcast':
      return {
        verdict: differences.length > 0 ? { kind: 'nothing' } : firstHash(submission, record),
        cases,
      };
    case 'failed':
      if (differences.length > 0) return disputed(cases, notOurs(record, differences));
      return {
        verdict: { ...status, cancelled: status.cancelled && submission.cancelRequested },
        cases,
      };
    case 'settled':
      if (differences.length > 0) return disputed(cases, notAsAsked(record, differences));
      return {
        verdict: {
          kind: 'settled',
          txHash: record.txHash,
          venueFee: record.venueFee,
          ...blockOf(record),
        },
        cases,
      };
  }
}

/**
 * Judges a failed record of a settled payment. Only a record of the whole payment, without a
 * transaction, proves a return: behind a hash the money may be with the recipient.
 */
function returned(submission: TrackedSubmission, record: ListedWithdrawal): Judgement | null {
  const { status } = record;
  if (submission.state !== 'settled' || status.kind !== 'failed') return null;
  if (!submission.isReturnable || submission.txHash !== null || record.txHash !== null) return null;
  if (record.gross === null || differencesFrom(submission, record).length > 0) return null;
  return {
    verdict: { kind: 'returned', reason: status.reason, message: status.message },
    cases: [],
  };
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

/**
 * Returns the differences between order and record, as `field: asked X, done Y`; empty if the
 * recipient got exactly the ordered amount.
 */
export function differencesFrom(submission: TrackedSubmission, record: ListedWithdrawal): string[] {
  const differences: string[] = [];
  const compare = (field: string, asked: string, done: string, same: boolean): void =>
    void (same || differences.push(`${field}: asked ${asked}, done ${done}`));
  const currency = currencyOf(submission.amount.asset);
  compare('currency', currency, record.currency, currency === record.currency);
  if (record.network !== null)
    compare(
      'network',
      submission.network ?? 'none',
      record.network,
      submission.network === record.network,
    );
  if (record.destination !== null)
    compare(
      'destination',
      submission.destination,
      record.destination,
      submission.destination === record.destination,
    );
  const compareAmount = (field: string, asked: Amount, done: Amount | null): void =>
    compare(field, asked.toString(), recordedText(done), isSameAmount(asked, done));
  if (currency !== record.currency) return differences; // amounts of two currencies cannot be compared
  compareAmount('gross amount', submission.gross, record.gross);
  if (record.net !== null) compareAmount('amount received', submission.amount, record.net);
  return differences;
}

function contraryFacts(submission: TrackedSubmission, record: ListedWithdrawal): CaseFinding[] {
  const said = record.status.kind;
  const agrees = said === (submission.state === 'settled' ? 'settled' : 'failed');
  if (agrees || mayBeOlder(submission, record)) return [];
  const text = `ended as ${submission.state}, now the venue reports ${record.venueStatus} of ${record.venueReference}`;
  return [{ kind: 'contrary_after_end', text }];
}

/**
 * A pending record read shortly before the settlement does not contradict the settlement: the
 * record is read again.
 */
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

function notAsAsked(record: ListedWithdrawal, differences: readonly string[]): CaseFinding {
  return {
    kind: 'not_as_asked',
    text: `the venue paid ${record.venueReference} differently from the order: ${differences.join('; ')}`,
  };
}

function notOurs(record: ListedWithdrawal, differences: readonly string[]): CaseFinding {
  return {
    kind: 'not_as_asked',
    text: `the failed record ${record.venueReference} of the venue differs from the order and does not prove that the order is unpaid: ${differences.join('; ')}`,
  };
}
