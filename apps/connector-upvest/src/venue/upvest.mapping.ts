import {
  completeRecord,
  failedStatus,
  PENDING,
  recordedAmount,
  recordedCurrency,
  statusIn,
  type DraftRecord,
  type ListedWithdrawal,
  type VenueStatus,
} from '@sluice/connector-rules';
import { destinationKey, wireText, wireTime } from '@sluice/kernel';
import { referenceIn } from './upvest.prepare.js';

export type UpvestRecord = Readonly<Record<string, unknown>>;

/** Statuses of MAPPING.md. Unlisted: pending with an alert. Missing: pending. */
export const WITHDRAWAL_STATUS: Readonly<Record<string, VenueStatus>> = {
  NEW: PENDING,
  PROCESSING: { kind: 'broadcast' }, // handed to the bank; no bank reference exists
  CONFIRMED: { kind: 'settled' },
  // Upvest has no failure status: payments refused by the bank also end as CANCELLED.
  CANCELLED: failedStatus('cancelled', 'cancelled at Upvest', true),
};

export function withdrawalStatus(record: UpvestRecord): VenueStatus {
  const status = wireText(record['status']);
  return status === '' ? PENDING : statusIn(WITHDRAWAL_STATUS, status, (known) => known);
}

export const ROW_FIELDS = { id: 'id', time: 'created_at' } as const;

/** Converts a withdrawal from GET or the list; null for a row without id or time. */
export function withdrawalRecord(record: UpvestRecord): ListedWithdrawal | null {
  return completeRecord(withdrawalDraft(record));
}

export function withdrawalDraft(record: UpvestRecord): DraftRecord {
  const asset = { currency: recordedCurrency(wireText(record['currency'])), network: null };
  const amount = recordedAmount(record['amount'], asset);
  return {
    form: 'withdrawal',
    venueReference: wireText(record['id']).toLowerCase(),
    clientReference: referenceIn(wireText(record['remittance_information'])),
    ...asset,
    destination: destinationKey({
      type: 'reference_account',
      userId: wireText(record['user_id']).toLowerCase(),
      accountGroupId: wireText(record['account_group_id']).toLowerCase(),
      referenceAccountId: wireText(record['reference_account_id']).toLowerCase(),
    }),
    gross: amount,
    net: amount, // the requested amount arrives; no fee is documented
    venueFee: recordedAmount('0', asset),
    createdAt: wireTime(record['created_at']),
    txHash: null,
    status: withdrawalStatus(record),
    venueStatus: wireText(record['status']),
  };
}

/** The account group in a destination key: records are listed per account group. Null for a key that is no reference account's. */
export function accountGroupOf(key: string): string | null {
  return /^reference_account:[^:]*:([^:]+):[^:]*$/.exec(key)?.[1] ?? null;
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
