import { ok, type Result } from '@sluice/kernel';
import type { Selection } from '../sim/payment-book.js';
import type { Entry, BookedPayment } from '../sim/payment.js';
import { changedRow } from '../sim/record-changes.js';
import type { SimulatedAnswer } from '../sim/serve.js';
import { invalid } from './gateio-body.js';
import { errorAnswer, jsonAnswer, type GateioError } from './gateio-errors.js';
import { pushRecord, withdrawalRecord } from './gateio-records.js';
import type { GateioCall, GateioState } from './gateio-state.js';

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
