import {
  chainNames,
  completeRecord,
  failedStatus,
  PENDING,
  pendingWith,
  recordedAmount,
  recordedCurrency,
  recordedNetwork,
  statusIn,
  type ChainNames,
  type DraftRecord,
  type ListedWithdrawal,
  type VenueStatus,
} from '@sluice/connector-rules';
import { destinationKey, wireText, wireTime } from '@sluice/kernel';
import { CHAIN_OF_NETWORK } from './bybit.capabilities.js';

export type BybitRecord = Readonly<Record<string, unknown>>;

const BUILT_IN_CHAINS = chainNames(CHAIN_OF_NETWORK);
/** Values of `withdrawType`; the kind of recipient of any other row is not known. */
const ON_CHAIN = '0';
const INTERNAL = '1';
export const ROW_FIELDS = { id: 'withdrawId', time: 'createTime' } as const;

type StatusRule = (hash: string | null) => VenueStatus;

/** Statuses of section 6, in their exact case. An unlisted status is pending with an alert. */
export const STATUS: Readonly<Record<string, StatusRule>> = {
  SecurityCheck: () => PENDING,
  Pending: (hash) => (hash === null ? PENDING : { kind: 'broadcast' }),
  MoreInformationRequired: () =>
    pendingWith('Bybit wants to know more about the recipient: a person must answer there'),
  BlockchainConfirmed: () => ({ kind: 'broadcast' }),
  success: () => ({ kind: 'settled' }),
  CancelByUser: () => failedStatus('cancelled', 'cancelled', true),
  Reject: () => failedStatus('rejected_by_venue', 'rejected by Bybit'),
  Fail: () => failedStatus('failed_at_venue', 'failed at Bybit'),
  Unknown: () => pendingWith('Bybit does not know itself'),
};

/** Parses a row of query-record; null for a row without id or time. */
export function withdrawalRecord(
  form: string,
  record: BybitRecord,
  chains: ChainNames = BUILT_IN_CHAINS,
): ListedWithdrawal | null {
  return completeRecord(withdrawalDraft(form, record, chains));
}

export function withdrawalDraft(
  form: string,
  record: BybitRecord,
  chains: ChainNames,
): DraftRecord {
  const type = textOf(record['withdrawType']);
  const internal = type === INTERNAL;
  const asset = {
    currency: recordedCurrency(textOf(record['coin'])),
    network: internal ? null : recordedNetwork(textOf(record['chain']), chains),
  };
  const amount = recordedAmount(record['amount'], asset);
  // an internal transfer has no transaction hash
  const hash = internal ? null : textOf(record['txID']) || null;
  const status = textOf(record['status']);
  return {
    form,
    venueReference: textOf(record['withdrawId']),
    clientReference: null,
    ...asset,
    destination: internal || type === ON_CHAIN ? destinationOf(record, internal) : null,
    gross: amount,
    net: amount, // requests always use feeType 0: the amount arrives in full
    venueFee: recordedAmount(record['withdrawFee'], asset),
    createdAt: venueTime(record['createTime']),
    txHash: hash,
    status: statusOf(status, hash),
    venueStatus: status,
  };
}

export function statusOf(status: string, hash: string | null): VenueStatus {
  return statusIn(STATUS, status, (rule) => rule(hash));
}

function destinationOf(record: BybitRecord, internal: boolean): string {
  const [to, tag] = [textOf(record['toAddress']), textOf(record['tag'])];
  return internal
    ? destinationKey({ type: 'venue_account', kind: 'uid', value: to })
    : destinationKey({ type: 'address', address: to, ...(tag !== '' && { memo: tag }) });
}

export const textOf = wireText;
export const venueTime = wireTime;
