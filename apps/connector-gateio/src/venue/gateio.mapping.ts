import {
  chainNames,
  recordedAmount,
  type ChainNames,
  type ListedWithdrawal,
  type VenueStatus,
} from '@sluice/connector-rules';
import { destinationKey } from '@sluice/kernel';
import { CHAIN_OF_NETWORK } from './gateio.capabilities.js';

/**
 * Settings of the rule for DONE (MAPPING.md, "Status"). Switch the rule off to trust a DONE without
 * a block number at once.
 */
export interface DoneRule {
  readonly requireBlockNumber: boolean;
  /** A DONE without block number counts after this time. */
  readonly settleAfterMs: number;
}

export interface GateioMappingContext {
  readonly done: DoneRule;
  /** The venue's time, at the earliest. */
  readonly now: Date;
  /** Chain names (default: the built-in names). */
  readonly chains?: ChainNames;
}

export type GateioRecord = Readonly<Record<string, unknown>>;

const INTERNAL = /^Internal transaction/i;
const BUILT_IN_CHAINS = chainNames(CHAIN_OF_NETWORK);

const pending: VenueStatus = { kind: 'pending' };
const alert = (text: string): VenueStatus => ({ kind: 'pending', alert: text });
type StatusRule = (record: GateioRecord, context: GateioMappingContext) => VenueStatus;

/**
 * Both vocabularies of section 7. A missing status is pending with an alert, because undocumented
 * statuses have appeared before.
 */
export const WITHDRAWAL_STATUS: Readonly<Record<string, StatusRule>> = {
  REQUEST: () => pending,
  MANUAL: () => pending,
  DMOVE: () => pending,
  REVIEW: () => pending,
  VERIFY: () => pending,
  FVERIFY: () => alert('Gate waits for a face verification: a person must act'),
  PROCES: () => pending,
  PEND: () => pending,
  SPLITPEND: () => pending,
  LOCKED: () => pending,
  CANCELPEND: () => pending,
  EXTPEND: () => ({ kind: 'broadcast' }),
  FAIL: () => ({
    kind: 'broadcast',
    alert: 'failed on the chain, waits for confirmation; not final',
  }),
  DONE: (record, context) =>
    isDone(record, context) ? { kind: 'settled' } : { kind: 'broadcast' },
  CANCEL: (record) => cancelled(textOf(record['fail_reason'])),
  REJECT: (record) => ({
    kind: 'failed',
    reason: 'rejected_by_venue',
    message: textOf(record['fail_reason']) || 'rejected by Gate',
    cancelled: false,
  }),
  INVALID: (record) => ({
    kind: 'failed',
    reason: 'rejected_by_venue',
    message: textOf(record['fail_reason']) || 'invalid order at Gate',
    cancelled: false,
  }),
  BCODE: () => alert('a GateCode operation, not a chain withdrawal'),
};

/** Section 4. */
export const PUSH_STATUS: Readonly<Record<string, (record: GateioRecord) => VenueStatus>> = {
  CREATING: () => pending,
  PENDING: (record) =>
    alert(`waits for the recipient: ${textOf(record['message']) || 'no reason given'}`),
  RECEIVING: () => pending,
  RECEIVED: () => ({ kind: 'settled' }),
  CANCELLING: () => pending,
  CANCELLED: () => ({
    kind: 'failed',
    reason: 'cancelled',
    message: 'cancelled on the website of Gate',
    cancelled: true,
  }),
  REFUSING: () => pending,
  REFUSED: () => ({
    kind: 'failed',
    reason: 'refused_by_recipient',
    message: 'the recipient refused it',
    cancelled: false,
  }),
};

export function withdrawalStatus(record: GateioRecord, context: GateioMappingContext): VenueStatus {
  return ruleOf(WITHDRAWAL_STATUS, record)?.(record, context) ?? undocumented(record);
}

export function pushStatus(record: GateioRecord): VenueStatus {
  return ruleOf(PUSH_STATUS, record)?.(record) ?? undocumented(record);
}

/**
 * Reads a row of GET /wallet/withdrawals. Null for a row without id or time: the listing is then
 * not trusted.
 */
export function withdrawalRecord(
  record: GateioRecord,
  context: GateioMappingContext,
): ListedWithdrawal | null {
  const id = textOf(record['id']);
  const createdAt = venueTime(record['timestamp']);
  if (id === '' || !createdAt) return null;
  const chain = textOf(record['chain']).toUpperCase();
  const asset = {
    currency: textOf(record['currency']).toUpperCase(),
    network: (context.chains ?? BUILT_IN_CHAINS).networkOf(chain) ?? `?${chain}`,
  };
  const memo = textOf(record['memo']);
  const gross = recordedAmount(textOf(record['amount']), asset);
  const fee = recordedAmount(textOf(record['fee']), asset);
  const txid = textOf(record['txid']);
  return {
    form: 'chain',
    venueReference: id,
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
    createdAt,
    txHash: txid === '' || INTERNAL.test(txid) ? null : txid,
    status: withdrawalStatus(record, context),
    venueStatus: textOf(record['status']),
  };
}

/** A row of GET /wallet/push. A push is free: the recipient gets the amount. */
export function pushRecord(record: GateioRecord): ListedWithdrawal | null {
  const id = textOf(record['id']);
  const createdAt = venueTime(record['create_time']);
  if (id === '' || !createdAt) return null;
  const asset = { currency: textOf(record['currency']).toUpperCase(), network: null };
  const amount = recordedAmount(textOf(record['amount']), asset);
  return {
    form: 'push',
    venueReference: id,
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
    createdAt,
    txHash: null,
    status: pushStatus(record),
    venueStatus: textOf(record['status']),
  };
}

/**
 * Reads the venue's time: Unix seconds as number or text, whole or with a fraction. Null for other
 * values.
 */
export function venueTime(value: unknown): Date | null {
  const text = textOf(value);
  return /^\d{9,11}(\.\d+)?$/.test(text) ? new Date(Math.floor(Number(text) * 1000)) : null;
}

/** Ids come as text or number. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? String(value) : '';
}

function isDone(record: GateioRecord, { done, now }: GateioMappingContext): boolean {
  if (!done.requireBlockNumber || INTERNAL.test(textOf(record['txid']))) return true;
  if (/^0*[1-9]\d*$/.test(textOf(record['block_number']))) return true;
  const ended = venueTime(record['timestamp2']) ?? venueTime(record['timestamp']);
  return ended !== null && now.getTime() - ended.getTime() >= done.settleAfterMs;
}

/**
 * Gate reports CANCEL for a user's cancel and for Gate's own failures alike; `fail_reason`
 * distinguishes them.
 */
function cancelled(failReason: string): VenueStatus {
  return failReason === ''
    ? { kind: 'failed', reason: 'cancelled', message: 'cancelled', cancelled: true }
    : { kind: 'failed', reason: 'failed_at_venue', message: failReason, cancelled: false };
}

function undocumented(record: GateioRecord): VenueStatus {
  return alert(`status ${textOf(record['status']) || '(none)'} is not documented`);
}

function ruleOf<R>(table: Readonly<Record<string, R>>, record: GateioRecord): R | undefined {
  const status = textOf(record['status']);
  return Object.hasOwn(table, status) ? table[status] : undefined;
}
