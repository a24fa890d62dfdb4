import { ok, type Result } from '@sluice/kernel';
import { sha256Hex } from '@sluice/signing';
import type { Selection } from '../sim/payment-book.js';
import type { BookedPayment, Entry } from '../sim/facts.js';
import { changedRow } from '../sim/setting-checks.js';
import type { SimulatedAnswer } from '../sim/serve.js';
import { invalid } from './gateio-withdraw.js';
import { ACCOUNT_UID, errorAnswer, type GateioError, jsonAnswer } from './gateio-auth.js';
import {
  CANCELLABLE,
  type GateioCall,
  type GateioState,
  type GateioStatusScript,
} from './gateio-state.js';

const DAY_SECONDS = 86_400;
const DEFAULT_SPAN = 7 * DAY_SECONDS;
const LONGEST_SPAN = 30 * DAY_SECONDS;

type GateioListingPage = Pick<Selection, 'from' | 'to' | 'offset' | 'limit'>;

/** GET /wallet/withdrawals, newest first. `withdraw_id` switches the time filter off; `withdraw_order_id` does not. */
export function listWithdrawals(state: GateioState, call: GateioCall): SimulatedAnswer {
  const { query } = call;
  const page = readPage(query, call.now, query.has('withdraw_id'));
  if (!page.ok) return errorAnswer(page.refusal);
  const assetClass = query.get('asset_class') || 'SPOT';
  if (assetClass !== 'SPOT' && assetClass !== 'PILOT') return refused('asset_class');
  if (assetClass === 'PILOT') return jsonAnswer([]);

  const id = query.get('withdraw_id');
  const currency = query.get('currency')?.toUpperCase();
  const matches = (payment: BookedPayment): boolean =>
    (!id || payment.id === id) && (!currency || payment.currency === currency);
  const clientId = query.get('withdraw_order_id');
  const entries = state.book.select({
    kind: 'chain',
    ...listed(state, page.value, call),
    ...(clientId ? { clientId } : {}),
    matches,
  });
  return rows(state, call, entries, withdrawalRecord);
}

/** GET /wallet/push. The single simulated account never receives a push. */
export function listPushes(state: GateioState, call: GateioCall): SimulatedAnswer {
  const { query } = call;
  const page = readPage(query, call.now, query.has('id'));
  if (!page.ok) return errorAnswer(page.refusal);
  const type = query.get('transaction_type') || 'withdraw';
  if (type !== 'withdraw' && type !== 'deposit') return refused('transaction_type');
  if (type === 'deposit') return jsonAnswer([]);

  const id = query.get('id');
  const matches = (payment: BookedPayment): boolean => !id || payment.id === id;
  const entries = state.book.select({
    kind: 'account',
    ...listed(state, page.value, call),
    matches,
  });
  return rows(state, call, entries, pushRecord);
}

function rows(
  { book, settings }: GateioState,
  { goesBack, now }: GateioCall,
  entries: readonly Entry[],
  row: (entry: Entry, status: string) => object,
): SimulatedAnswer {
  const { record_changes: changes } = settings();
  return jsonAnswer(
    entries.map((entry) => {
      const status = goesBack ? book.statusBefore(entry, now) : book.statusOf(entry, now);
      return changedRow(row(entry, status), entry.payment, changes);
    }),
  );
}

/** Hides payments accepted less than `listing_delay_ms` ago. */
function listed(
  { settings }: GateioState,
  page: GateioListingPage,
  call: GateioCall,
): GateioListingPage {
  const delay = settings().listing_delay_ms;
  return delay === 0 ? page : { ...page, to: Math.min(page.to, call.now - delay) };
}

function readPage(
  query: URLSearchParams,
  now: number,
  allTime: boolean,
): Result<GateioListingPage, GateioError> {
  const nowSeconds = Math.floor(now / 1000);
  const to = wholeNumber(query, 'to', nowSeconds);
  if (to === null) return invalid('to');
  const from = wholeNumber(query, 'from', to - DEFAULT_SPAN);
  if (from === null || from > to || to - from > LONGEST_SPAN) return invalid('from');
  const limit = wholeNumber(query, 'limit', 100);
  if (limit === null || limit < 1 || limit > 1000) return invalid('limit');
  const page = wholeNumber(query, 'page', 1);
  if (page === null || page < 1) return invalid('page');
  const offset = wholeNumber(query, 'offset', (page - 1) * limit);
  if (offset === null) return invalid('offset');
  return ok(
    allTime
      ? { from: 0, to: Infinity, limit, offset }
      : { from: from * 1000, to: to * 1000 + 999, limit, offset },
  );
}

function wholeNumber(query: URLSearchParams, name: string, otherwise: number): number | null {
  const text = query.get(name);
  if (text === null || text === '') return otherwise;
  return /^[0-9]{1,12}$/.test(text) ? Number(text) : null;
}

function refused(name: string): SimulatedAnswer {
  return errorAnswer({ label: 'INVALID_PARAM_VALUE', message: `Invalid parameter value: ${name}` });
}

const ENDS: readonly string[] = ['DONE', 'CANCEL', 'REJECT', 'INVALID'];
const ON_CHAIN: readonly string[] = ['EXTPEND', 'FAIL', 'DONE'];
/** The venue also uses CANCEL for its own cancel, with a reason. */
const OUR_CANCEL: GateioStatusScript = 'withdrawal_cancelled';

function withdrawalRecord({ payment, script, since }: Entry, status: string): object {
  return {
    id: payment.id,
    currency: payment.currency,
    address: payment.destination,
    amount: payment.amount,
    fee: payment.fee,
    txid: txidOf(payment, status),
    chain: payment.chain,
    timestamp: `${seconds(payment.created_at)}`,
    status,
    withdraw_order_id: payment.client_id ?? '',
    block_number: blockNumberOf(payment, status),
    fail_reason:
      status === 'CANCEL' && script !== OUR_CANCEL ? 'Withdrawal cancelled by the system' : '',
    type: 'api',
    timestamp2: ENDS.includes(status) ? `${seconds(since)}` : '',
    memo: payment.memo ?? '',
  };
}

/** Answer of a cancel, without the client's own id. */
function cancelRecord({ payment }: Entry, status: string): object {
  return {
    id: payment.id,
    txid: '',
    timestamp: `${seconds(payment.created_at)}`,
    amount: payment.amount,
    currency: payment.currency,
    address: payment.destination,
    memo: payment.memo ?? '',
    block_number: '0',
    status,
    chain: payment.chain,
  };
}

function pushRecord({ payment }: Entry, status: string): object {
  return {
    id: Number(payment.id),
    push_uid: Number(ACCOUNT_UID),
    receive_uid: Number(payment.destination),
    currency: payment.currency,
    amount: payment.amount,
    create_time: seconds(payment.created_at),
    status,
    message: status === 'PENDING' ? 'The recipient has not completed identity verification' : '',
    transaction_type: 'withdraw',
  };
}

function txidOf(payment: BookedPayment, status: string): string {
  if (!ON_CHAIN.includes(status)) return '';
  const hash = sha256Hex(payment.id);
  return payment.destination.startsWith('0x') ? `0x${hash}` : hash;
}

/** Grows with time as a chain does; "0" until the withdrawal is done. */
function blockNumberOf(payment: BookedPayment, status: string): string {
  return status === 'DONE' ? `${Math.floor(payment.created_at / 12_000)}` : '0';
}

function seconds(ms: number): number {
  return Math.floor(ms / 1000);
}

/** DELETE /withdrawals/{id}: until processing starts. 202: the cancel has started. */
export function cancel({ book, record }: GateioState, call: GateioCall): SimulatedAnswer {
  const entry = book.find(call.id);
  if (!entry || entry.payment.kind !== 'chain')
    return errorAnswer({ label: 'INVALID_WITHDRAW_ID', message: 'Invalid withdraw id' });
  if (!CANCELLABLE.includes(book.statusOf(entry, call.now))) {
    return errorAnswer({
      label: 'INVALID_WITHDRAW_CANCEL_STATUS',
      message: 'The withdrawal cannot be cancelled in its present status',
    });
  }

  record({ t: 'turned', id: entry.payment.id, script: 'withdrawal_cancelled', at: call.now });
  return jsonAnswer(cancelRecord(entry, book.statusOf(entry, call.now)), 202);
}
