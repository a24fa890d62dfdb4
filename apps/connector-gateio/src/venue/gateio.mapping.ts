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
import { CHAIN_OF_NETWORK } from './gateio.capabilities.js';

export interface GateioMappingContext {
  /** A DONE without block number counts after this time; 0: at once (MAPPING.md, "Status"). */
  readonly doneSettlesAfterMs: number;
  /** The venue's time, at the earliest. */
  readonly now: Date;
  /** Chain names (default: the built-in names). */
  readonly chains?: ChainNames;
}

export type GateioRecord = Readonly<Record<string, unknown>>;

const INTERNAL = /^Internal transaction/i;
const BUILT_IN_CHAINS = chainNames(CHAIN_OF_NETWORK);

const pending = (): VenueStatus => PENDING;
type StatusRule = (record: GateioRecord, context: GateioMappingContext) => VenueStatus;

/** Both vocabularies of section 7. An unlisted or missing status is pending with an alert. */
export const WITHDRAWAL_STATUS: Readonly<Record<string, StatusRule>> = {
  REQUEST: pending,
  MANUAL: pending,
  DMOVE: pending,
  REVIEW: pending,
  VERIFY: pending,
  FVERIFY: () => pendingWith('Gate waits for a face verification: a person must act'),
  PROCES: pending,
  PEND: pending,
  SPLITPEND: pending,
  LOCKED: pending,
  CANCELPEND: pending,
  EXTPEND: () => ({ kind: 'broadcast' }),
  FAIL: () => ({
    kind: 'broadcast',
    alert: 'failed on the chain, waits for confirmation; not final',
  }),
  DONE: (record, context) =>
    isDone(record, context) ? { kind: 'settled' } : { kind: 'broadcast' },
  CANCEL: (record) => cancelled(textOf(record['fail_reason'])),
  REJECT: (record) =>
    failedStatus('rejected_by_venue', textOf(record['fail_reason']) || 'rejected by Gate'),
  INVALID: (record) =>
    failedStatus('rejected_by_venue', textOf(record['fail_reason']) || 'invalid order at Gate'),
  BCODE: () => pendingWith('a GateCode operation, not a chain withdrawal'),
};

export const PUSH_STATUS: Readonly<Record<string, (record: GateioRecord) => VenueStatus>> = {
  CREATING: pending,
  PENDING: (record) =>
    pendingWith(`waits for the recipient: ${textOf(record['message']) || 'no reason given'}`),
  RECEIVING: pending,
  RECEIVED: () => ({ kind: 'settled' }),
  CANCELLING: pending,
  CANCELLED: () => failedStatus('cancelled', 'cancelled on the website of Gate', true),
  REFUSING: pending,
  REFUSED: () => failedStatus('refused_by_recipient', 'the recipient refused it'),
};

export function withdrawalStatus(record: GateioRecord, context: GateioMappingContext): VenueStatus {
  return statusIn(WITHDRAWAL_STATUS, textOf(record['status']), (rule) => rule(record, context));
}

export function pushStatus(record: GateioRecord): VenueStatus {
  return statusIn(PUSH_STATUS, textOf(record['status']), (rule) => rule(record));
}

export const CHAIN_FIELDS = { id: 'id', time: 'timestamp' } as const;
export const PUSH_FIELDS = { id: 'id', time: 'create_time' } as const;

/** Reads a row of GET /wallet/withdrawals; null for a row without id or time. */
export function withdrawalRecord(
  record: GateioRecord,
  context: GateioMappingContext,
): ListedWithdrawal | null {
  return completeRecord(withdrawalDraft(record, context));
}

export function withdrawalDraft(record: GateioRecord, context: GateioMappingContext): DraftRecord {
  const asset = {
    currency: recordedCurrency(textOf(record['currency'])),
    network: recordedNetwork(textOf(record['chain']), context.chains ?? BUILT_IN_CHAINS),
  };
  const memo = textOf(record['memo']);
  const gross = recordedAmount(record['amount'], asset);
  const fee = recordedAmount(record['fee'], asset);
  const txid = textOf(record['txid']);
  return {
    form: 'chain',
    venueReference: textOf(record['id']),
    clientReference: textOf(record['withdraw_order_id']) || null,
    ...asset,
    destination: destinationKey({
      type: 'address',
      address: textOf(record['address']),
      ...(memo !== '' && { memo }),
    }),
    gross,
    net: gross && fee && gross.minus(fee),
    venueFee: fee,
    createdAt: venueTime(record['timestamp']),
    txHash: txid === '' || INTERNAL.test(txid) ? null : txid,
    status: withdrawalStatus(record, context),
    venueStatus: textOf(record['status']),
  };
}

/** A row of GET /wallet/push; null for a row without id or time. */
export function pushRecord(record: GateioRecord): ListedWithdrawal | null {
  return completeRecord(pushDraft(record));
}

/** A push is free: the recipient gets the amount. */
export function pushDraft(record: GateioRecord): DraftRecord {
  const asset = { currency: recordedCurrency(textOf(record['currency'])), network: null };
  const amount = recordedAmount(record['amount'], asset);
  return {
    form: 'push',
    venueReference: textOf(record['id']),
    clientReference: null,
    ...asset,
    destination: destinationKey({
      type: 'venue_account',
      kind: 'uid',
      value: textOf(record['receive_uid']),
    }),
    gross: amount,
    net: amount,
    venueFee: recordedAmount('0', asset),
    createdAt: venueTime(record['create_time']),
    txHash: null,
    status: pushStatus(record),
    venueStatus: textOf(record['status']),
  };
}

function isDone(record: GateioRecord, { doneSettlesAfterMs, now }: GateioMappingContext): boolean {
  if (doneSettlesAfterMs === 0 || INTERNAL.test(textOf(record['txid']))) return true;
  if (/^0*[1-9]\d*$/.test(textOf(record['block_number']))) return true;
  const ended = venueTime(record['timestamp2']) ?? venueTime(record['timestamp']);
  return ended !== null && now.getTime() - ended.getTime() >= doneSettlesAfterMs;
}

/** Gate reports CANCEL also for its own failures; `fail_reason` distinguishes them. */
function cancelled(failReason: string): VenueStatus {
  return failReason === ''
    ? failedStatus('cancelled', 'cancelled', true)
    : failedStatus('failed_at_venue', failReason);
}

export const textOf = wireText;
export const venueTime = wireTime;
