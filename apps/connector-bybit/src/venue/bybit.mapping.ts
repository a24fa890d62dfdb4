import {
  chainNames,
  recordedAmount,
  type ChainNames,
  type ListedWithdrawal,
  type VenueStatus,
} from '@sluice/connector-rules';
import { destinationKey } from '@sluice/kernel';
import { CHAIN_OF_NETWORK } from './bybit.capabilities.js';

export type BybitRecord = Readonly<Record<string, unknown>>;

const BUILT_IN_CHAINS = chainNames(CHAIN_OF_NETWORK);
const INTERNAL = 1;

const alert = (text: string): VenueStatus => ({ kind: 'pending', alert: text });
type StatusRule = (hash: string | null) => VenueStatus;

/**
 * Statuses of section 6, in their exact case. An unlisted status is pending with an alert: an
 * undocumented status never fails a withdrawal.
 */
export const STATUS: Readonly<Record<string, StatusRule>> = {
  SecurityCheck: () => ({ kind: 'pending' }),
  Pending: (hash) => (hash === null ? { kind: 'pending' } : { kind: 'broadcast' }),
  MoreInformationRequired: () =>
    alert('Bybit wants to know more about the recipient: a person must answer there'),
  BlockchainConfirmed: () => ({ kind: 'broadcast' }),
  success: () => ({ kind: 'settled' }),
  CancelByUser: () => ({
    kind: 'failed',
    reason: 'cancelled',
    message: 'cancelled',
    cancelled: true,
  }),
  Reject: (hash) => failed(hash, 'rejected_by_venue', 'rejected by Bybit'),
  Fail: (hash) => failed(hash, 'failed_at_venue', 'failed at Bybit'),
  Unknown: () => alert('Bybit does not know itself'),
};

/** Parses a row of query-record; null for a row without id or time, and the page is not trusted. */
export function withdrawalRecord(
  form: string,
  record: BybitRecord,
  chains: ChainNames = BUILT_IN_CHAINS,
): ListedWithdrawal | null {
  const id = textOf(record['withdrawId']);
  const createdAt = venueTime(record['createTime']);
  if (id === '' || !createdAt) return null;
  const internal = record['withdrawType'] === INTERNAL;
  const asset = {
    currency: textOf(record['coin']),
    network: internal ? null : networkNamed(textOf(record['chain']), chains),
  };
  const amount = recordedAmount(textOf(record['amount']), asset);
  // an internal transfer has no transaction hash
  const hash = internal ? null : textOf(record['txID']) || null;
  return {
    form,
    venueReference: id,
    clientReference: null,
    ...asset,
    destination: destinationOf(record, internal),
    gross: amount,
    net: amount, // requests always use feeType 0: the amount arrives in full
    venueFee: recordedAmount(textOf(record['withdrawFee']), asset),
    createdAt,
    txHash: hash,
    status: statusOf(textOf(record['status']), hash),
    venueStatus: textOf(record['status']),
  };
}

export function statusOf(status: string, hash: string | null): VenueStatus {
  const rule = Object.hasOwn(STATUS, status) ? STATUS[status] : undefined;
  return rule ? rule(hash) : alert(`status ${status || '(none)'} is not documented`);
}

/** Parses Unix milliseconds in text form (venue time); null for other values. */
export function venueTime(value: unknown): Date | null {
  const text = textOf(value);
  return /^\d{12,14}$/.test(text) ? new Date(Number(text)) : null;
}

function networkNamed(chain: string, { networkOf }: ChainNames): string {
  return networkOf(chain) ?? `?${chain}`;
}

function destinationOf(record: BybitRecord, internal: boolean): string {
  const [to, tag] = [textOf(record['toAddress']), textOf(record['tag'])];
  return internal
    ? destinationKey({ type: 'venue_account', kind: 'uid', value: to })
    : destinationKey({ type: 'address', address: to, ...(tag !== '' && { memo: tag }) });
}

/**
 * A failed withdrawal has no transaction, by the documentation. If a transaction exists, the
 * withdrawal is on a chain, regardless of the status.
 */
function failed(hash: string | null, reason: string, message: string): VenueStatus {
  if (hash !== null)
    return { kind: 'broadcast', alert: `${message}, and yet it has the transaction ${hash}` };
  return { kind: 'failed', reason, message, cancelled: false };
}

export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? String(value) : '';
}
