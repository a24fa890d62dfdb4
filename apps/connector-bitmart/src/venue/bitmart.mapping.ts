import {
  recordedAmount,
  type AddedAsset,
  type ListedWithdrawal,
  type VenueStatus,
} from '@sluice/connector-rules';
import { destinationKey } from '@sluice/destination';
import { namedBy } from './bitmart.capabilities.js';

/**
 * What `amount` of a submit means: `gross`, the fee is taken out of it, as the records suggest; `net`, it is what arrives.
 * No source says it plainly, so it is a setting; a wrong one shows at the first record, which is then not what was asked.
 */
export type AmountReading = 'gross' | 'net';

export interface MappingContext {
  readonly amountIs: AmountReading;
  /** Nothing unless told. */
  readonly added?: readonly AddedAsset[] | undefined;
}

export type WireRecord = Readonly<Record<string, unknown>>;

const pending: VenueStatus = { kind: 'pending' };

/** The statuses of MAPPING.md, "Records". What is not here is pending with an alert. */
export const STATUS: Readonly<Record<number, (record: WireRecord) => VenueStatus>> = {
  0: () => pending,
  1: () => pending,
  2: (record) => (textOf(record['tx_id']) === '' ? pending : { kind: 'broadcast' }),
  3: () => ({ kind: 'settled' }), // with or without tx_id: an account transfer may never have one
  4: () => ({
    kind: 'failed',
    reason: 'cancelled',
    message: 'cancelled at BitMart',
    cancelled: true,
  }),
  5: () => ({
    kind: 'failed',
    reason: 'failed_at_venue',
    message: 'failed at BitMart',
    cancelled: false,
  }),
};

export function statusOf(record: WireRecord): VenueStatus {
  const status = record['status'];
  const rule =
    typeof status === 'number' && Object.hasOwn(STATUS, status) ? STATUS[status] : undefined;
  return (
    rule?.(record) ?? {
      kind: 'pending',
      alert: `status ${textOf(status) || '(none)'} is not documented`,
    }
  );
}

/** A row of the history, or the record of the detail; null for one without id or time, after which the listing cannot be trusted. */
export function withdrawalRecord(
  record: WireRecord,
  form: string,
  context: MappingContext,
): ListedWithdrawal | null {
  const id = textOf(record['withdraw_id']);
  const createdAt = venueTime(record['apply_time']);
  if (id === '' || !createdAt) return null;
  const { currency, network } = namedBy(textOf(record['currency']), context.added);
  // Between accounts the network only names the balance that pays.
  const asset = { currency, network: form === 'chain' ? network : null };
  const arrived = recordedAmount(textOf(record['arrival_amount']), asset);
  const fee = recordedAmount(textOf(record['fee']), asset);
  return {
    form,
    venueReference: id,
    clientReference: null,
    ...asset,
    destination: recipientOf(record, form),
    gross: context.amountIs === 'gross' ? arrived && fee && arrived.plus(fee) : arrived,
    net: arrived,
    venueFee: fee,
    createdAt,
    txHash: textOf(record['tx_id']) || null,
    status: statusOf(record),
    venueStatus: textOf(record['status']),
  };
}

/** Unix milliseconds; the venue's time. Null for anything else. */
export function venueTime(value: unknown): Date | null {
  const text = textOf(value);
  return /^\d{12,14}$/.test(text) ? new Date(Number(text)) : null;
}

/** Ids come as text; a number is read as well. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? String(value) : '';
}

/** What a record of an account transfer shows as its address is unconfirmed: only what reads as the recipient is taken for it, and a phone never. */
function recipientOf(record: WireRecord, form: string): string | null {
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
