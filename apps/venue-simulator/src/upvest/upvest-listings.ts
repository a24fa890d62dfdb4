import type { Entry } from '../sim/payment.js';
import { changedRow } from '../sim/record-changes.js';
import type { SimulatedAnswer } from '../sim/serve.js';
import { USERS } from './upvest-identities.js';
import { jsonAnswer, problem, problemAnswer } from './upvest-problems.js';
import { withdrawalRecord } from './upvest-records.js';
import type { UpvestCall, UpvestPayment, UpvestState } from './upvest-state.js';

/** GET /payments/withdrawals/{id} */
export function getWithdrawal(state: UpvestState, call: UpvestCall): SimulatedAnswer {
  const entry = state.book.find(call.id);
  return entry
    ? jsonAnswer(shown(state, entry, call))
    : notFound('The withdrawal does not exist', call);
}

/** GET /account_groups/{id}/payments/withdrawals, oldest first unless asked otherwise. */
export function listWithdrawals(state: UpvestState, call: UpvestCall): SimulatedAnswer {
  if (!USERS.some((user) => user.account_group_id === call.id))
    return notFound('The account group does not exist', call);
  const { query } = call;
  const sort = query.get('sort') ?? 'created_at';
  const order = query.get('order') ?? 'ASC';
  const offset = wholeNumber(query.get('offset') ?? '0');
  const limit = wholeNumber(query.get('limit') ?? '100');
  if (
    !['created_at', 'id'].includes(sort) ||
    !['ASC', 'DESC'].includes(order) ||
    offset === null ||
    limit === null ||
    limit > 1_000
  )
    return problemAnswer(
      problem('invalid_request', 'sort, order, offset or limit is malformed'),
      call.requestId,
    );

  const listedUpTo = call.now - state.settings().listing_delay_ms;
  const rows = state.book
    .all()
    .filter(
      ({ payment }) =>
        (payment as UpvestPayment).account_group_id === call.id && payment.created_at <= listedUpTo,
    );
  const sorted =
    sort === 'id' ? rows.toSorted((a, b) => (a.payment.id < b.payment.id ? -1 : 1)) : rows;
  const page = (order === 'ASC' ? sorted : sorted.toReversed()).slice(offset, offset + limit);
  const meta = { offset, limit, count: page.length, total_count: rows.length, sort, order };
  return jsonAnswer({ meta, data: page.map((entry) => shown(state, entry, call)) });
}

function shown(
  { book, settings }: UpvestState,
  entry: Entry,
  { goesBack, now }: UpvestCall,
): object {
  const status = goesBack ? book.statusBefore(entry, now) : book.statusOf(entry, now);
  return changedRow(withdrawalRecord(entry, status), entry.payment, settings().record_changes);
}

function wholeNumber(text: string): number | null {
  return /^[0-9]{1,9}$/.test(text) ? Number(text) : null;
}

function notFound(detail: string, call: UpvestCall): SimulatedAnswer {
  return problemAnswer(problem('not_found', detail), call.requestId);
}
