import { recordedAmount, type ListedWithdrawal, type VenueStatus } from '@sluice/connector-rules';
import { destinationKey } from '@sluice/kernel';
import { referenceIn } from './upvest.remittance.js';

export type UpvestRecord = Readonly<Record<string, unknown>>;

/**
 * Status table of MAPPING.md, "Status". An unlisted status is pending with an alert. A missing
 * status (optional in the schema) is pending without an alert.
 */
export const WITHDRAWAL_STATUS: Readonly<Record<string, VenueStatus>> = {
  NEW: { kind: 'pending' },
  PROCESSING: { kind: 'broadcast' }, // handed to the bank; no bank reference exists
  CONFIRMED: { kind: 'settled' },
  // Upvest has no failure status: payments refused by the bank also end as CANCELLED. If we
  // requested no cancellation, the core opens a case.
  CANCELLED: {
    kind: 'failed',
    reason: 'cancelled',
    message: 'cancelled at Upvest',
    cancelled: true,
  },
};

export function withdrawalStatus(record: UpvestRecord): VenueStatus {
  const status = textOf(record['status']);
  if (status === '') return { kind: 'pending' };
  const known = Object.hasOwn(WITHDRAWAL_STATUS, status) ? WITHDRAWAL_STATUS[status] : undefined;
  return known ?? { kind: 'pending', alert: `status ${status} is not documented` };
}

/**
 * Converts a withdrawal from GET, the list or a webhook. Returns null without id or time: an
 * unreadable record makes a listing unreliable.
 */
export function withdrawalRecord(record: UpvestRecord): ListedWithdrawal | null {
  const id = textOf(record['id']).toLowerCase();
  const createdAt = timeOf(record['created_at']);
  if (id === '' || !createdAt) return null;
  const asset = { currency: textOf(record['currency']), network: null };
  const amount = recordedAmount(textOf(record['amount']), asset);
  return {
    form: 'withdrawal',
    venueReference: id,
    clientReference: referenceIn(textOf(record['remittance_information'])),
    ...asset,
    destination: destinationKey({
      type: 'reference_account',
      userId: textOf(record['user_id']).toLowerCase(),
      accountGroupId: textOf(record['account_group_id']).toLowerCase(),
      referenceAccountId: textOf(record['reference_account_id']).toLowerCase(),
    }),
    gross: amount,
    net: amount, // the requested amount arrives; no fee is documented
    venueFee: recordedAmount('0', asset),
    createdAt,
    txHash: null,
    status: withdrawalStatus(record),
    venueStatus: textOf(record['status']),
  };
}

/** The account group in a destination key: records are listed per account group. Null for a key that is no reference account's. */
export function accountGroupOf(key: string): string | null {
  return /^reference_account:[^:]*:([^:]+):[^:]*$/.exec(key)?.[1] ?? null;
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** RFC 3339 in UTC, with any number of decimals. */
function timeOf(value: unknown): Date | null {
  const text = textOf(value);
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/.test(text)) return null;
  const time = new Date(text);
  return Number.isNaN(time.getTime()) ? null : time;
}
