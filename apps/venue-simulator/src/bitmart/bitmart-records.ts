import { ok, refuse, type Result } from '@sluice/kernel';
import { sha256Hex } from '@sluice/signing';
import type { Entry } from '../sim/payment.js';
import { changedRow } from '../sim/record-changes.js';
import type { SimulatedAnswer } from '../sim/serve.js';
import { hasTransaction, wireStatus } from './bitmart-status-scripts.js';
import { idOf, networkOf } from './bitmart-currencies.js';
import { errorAnswer, okAnswer, type BitmartError } from './bitmart-errors.js';
import type { BitmartState, BitmartCall } from './bitmart-state.js';

const DAY_MS = 86_400_000;
const LONGEST_SPAN_MS = 90 * DAY_MS;
const MOST_ROWS = 1_000;

interface BitmartRecordPage {
  readonly from: number;
  readonly to: number;
  readonly limit: number;
}

/** GET /account/v2/deposit-withdraw/history: the newest N of the window. A bare currency finds nothing and is no error. */
export function listHistory(state: BitmartState, call: BitmartCall): SimulatedAnswer {
  const page = readPage(call.query, call.now);
  if (!page.ok) return errorAnswer(page.refusal);
  const operation = call.query.get('operation_type');
  if (operation !== 'withdraw' && operation !== 'deposit') return errorAnswer({ code: 60000 });
  // the simulated account never receives deposits
  if (operation === 'deposit') return okAnswer({ records: [] });

  const currency = call.query.get('currency');
  const known = state.currencies();
  const id = currency === null ? null : (networkOf(known, currency)?.id ?? currency);
  const { from, to, limit } = page.value;
  const until = Math.min(to, call.now - state.settings().listing_delay_ms);
  const matches = (payment: Entry['payment']): boolean =>
    id === null || idOf(known, payment.currency, payment.chain) === id;
  const rows = (['chain', 'account'] as const)
    .flatMap((kind) => state.book.select({ kind, from, to: until, matches, offset: 0, limit }))
    .sort(
      (a, b) =>
        b.payment.created_at - a.payment.created_at || Number(b.payment.id) - Number(a.payment.id),
    )
    .slice(0, limit);
  return okAnswer({ records: rows.map((entry) => recordOf(state, call, entry)) });
}

/** GET /account/v1/deposit-withdraw/detail. */
export function showDetail(state: BitmartState, call: BitmartCall): SimulatedAnswer {
  const id = call.query.get('id');
  if (!id) return errorAnswer({ code: 60000 });
  const entry = state.book.find(id);
  const { listing_delay_ms } = state.settings();
  if (!entry || entry.payment.created_at > call.now - listing_delay_ms)
    return errorAnswer({ code: 60010 });
  return okAnswer({ record: recordOf(state, call, entry) });
}

function recordOf(state: BitmartState, { goesBack, now }: BitmartCall, entry: Entry): object {
  const { book, settings, currencies } = state;
  const { payment } = entry;
  const status = goesBack ? book.statusBefore(entry, now) : book.statusOf(entry, now);
  const shown = payment.kind === 'chain' || settings().account_record_address === 'value';
  const row = {
    withdraw_id: payment.id,
    deposit_id: '',
    operation_type: 'withdraw',
    currency: idOf(currencies(), payment.currency, payment.chain),
    apply_time: payment.created_at,
    arrival_amount: payment.net_amount,
    fee: payment.fee,
    status: wireStatus(status),
    address: shown ? payment.destination : '',
    address_memo: payment.memo ?? '',
    tx_id: payment.kind === 'chain' && hasTransaction(status) ? transactionOf(entry) : '',
  };
  return changedRow(row, payment, settings().record_changes);
}

function transactionOf({ payment }: Entry): string {
  const hash = sha256Hex(`bitmart ${payment.id}`);
  return payment.destination.startsWith('0x') ? `0x${hash}` : hash;
}

function readPage(query: URLSearchParams, now: number): Result<BitmartRecordPage, BitmartError> {
  const limit = wholeNumber(query, 'N', null);
  const to = wholeNumber(query, 'endTime', now);
  const from = wholeNumber(query, 'startTime', to === null ? null : to - LONGEST_SPAN_MS);
  if (limit === null || limit < 1 || limit > MOST_ROWS || to === null || from === null)
    return refuse({ code: 60000 });
  if (from > to) return refuse({ code: 60067 });
  return to - from > LONGEST_SPAN_MS ? refuse({ code: 60066 }) : ok({ from, to, limit });
}

function wholeNumber(
  query: URLSearchParams,
  name: string,
  otherwise: number | null,
): number | null {
  const text = query.get(name);
  if (text === null || text === '') return otherwise;
  return /^[0-9]{1,15}$/.test(text) ? Number(text) : null;
}
