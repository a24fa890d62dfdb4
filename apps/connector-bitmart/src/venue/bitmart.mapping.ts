import {
  completeRecord,
  failedStatus,
  PENDING,
  recordedAmount,
  statusIn,
  type AddedAsset,
  type DraftRecord,
  type ListedWithdrawal,
  type VenueStatus,
} from '@sluice/connector-rules';
import { destinationKey, wireText, wireTime } from '@sluice/kernel';
import { namedBy } from './bitmart.capabilities.js';

/**
 * `gross`: the fee is deducted from `amount`. `net`: the recipient gets it. No source is explicit;
 * a wrong setting shows at the first record.
 */
export type AmountReading = 'gross' | 'net';

export interface BitmartMappingContext {
  readonly amountIs: AmountReading;
  /** Default: none. */
  readonly added?: readonly AddedAsset[] | undefined;
}

export type BitmartRecord = Readonly<Record<string, unknown>>;

/** The statuses of MAPPING.md, "Records". Any other status is pending with an alert. */
export const STATUS: Readonly<Record<string, (record: BitmartRecord) => VenueStatus>> = {
  0: () => PENDING,
  1: () => PENDING,
  2: (record) => (textOf(record['tx_id']) === '' ? PENDING : { kind: 'broadcast' }),
  // tx_id is optional: an account transfer may never have a tx_id
  3: () => ({ kind: 'settled' }),
  4: () => failedStatus('cancelled', 'cancelled at BitMart', true),
  5: () => failedStatus('failed_at_venue', 'failed at BitMart'),
};

export function statusOf(record: BitmartRecord): VenueStatus {
  return statusIn(STATUS, textOf(record['status']), (rule) => rule(record));
}

export const ROW_FIELDS = { id: 'withdraw_id', time: 'apply_time' } as const;

/** Maps a row of the history or the record of the detail; null for a row without id or time. */
export function withdrawalRecord(
  record: BitmartRecord,
  form: string,
  context: BitmartMappingContext,
): ListedWithdrawal | null {
  return completeRecord(withdrawalDraft(record, form, context));
}

export function withdrawalDraft(
  record: BitmartRecord,
  form: string,
  context: BitmartMappingContext,
): DraftRecord {
  const { currency, network } = namedBy(textOf(record['currency']), context.added);
  // In a transfer between accounts the network only names the paying balance.
  const asset = { currency, network: form === 'chain' ? network : null };
  const arrived = recordedAmount(record['arrival_amount'], asset);
  const fee = recordedAmount(record['fee'], asset);
  return {
    form,
    venueReference: textOf(record['withdraw_id']),
    clientReference: null,
    ...asset,
    destination: recipientOf(record, form),
    gross: context.amountIs === 'gross' ? arrived && fee && arrived.plus(fee) : arrived,
    net: arrived,
    venueFee: fee,
    createdAt: venueTime(record['apply_time']),
    txHash: textOf(record['tx_id']) || null,
    status: statusOf(record),
    venueStatus: textOf(record['status']),
  };
}

/** Only text in the recipient's format counts as the recipient, and a phone never. */
function recipientOf(record: BitmartRecord, form: string): string | null {
  const address = textOf(record['address']);
  const memo = textOf(record['address_memo']);
  switch (form) {
    case 'chain':
      return destinationKey({ type: 'address', address, ...(memo !== '' && { memo }) });
    case 'cid':
      return /^\d{1,20}$/.test(address)
        ? destinationKey({ type: 'venue_account', kind: 'cid', value: address })
        : null;
    case 'email':
      return /^[^\s@*]+@[^\s@*]+$/.test(address)
        ? destinationKey({ type: 'venue_account', kind: 'email', value: address })
        : null;
    default:
      return null;
  }
}

export const textOf = wireText;
export const venueTime = wireTime;
