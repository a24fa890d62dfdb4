import type { Entry } from '../sim/facts.js';
import { changedRow } from '../sim/setting-checks.js';
import type { SimulatedAnswer } from '../sim/serve.js';
import { type UpvestUser, USERS } from './upvest-identities.js';
import {
  jsonAnswer,
  problem,
  problemAnswer,
  type UpvestCall,
  type UpvestPayment,
  type UpvestState,
} from './upvest-state.js';

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

/** Formats a withdrawal for GET, the list and webhooks. */
export function withdrawalRecord(entry: Entry, status: string): object {
  const payment = entry.payment as UpvestPayment;
  return {
    id: payment.id,
    created_at: new Date(payment.created_at).toISOString(),
    updated_at: new Date(entry.since).toISOString(),
    user_id: payment.user_id,
    account_group_id: payment.account_group_id,
    reference_account_id: payment.destination,
    amount: payment.amount,
    currency: payment.currency,
    remittance_information: payment.memo ?? '',
    ...(payment.purpose_code !== null && { purpose_code: payment.purpose_code }),
    status,
    taxes: [],
  };
}

/** GET …/payments/cash_balance. All account groups share a balance. */
export function cashBalance({ accounts }: UpvestState, call: UpvestCall): SimulatedAnswer {
  if (!USERS.some((user) => user.account_group_id === call.id))
    return notFound('The account group does not exist', call);
  const available = withCents(accounts.of('EUR', call.now).toString());
  return jsonAnswer({
    account_group_id: call.id,
    currency: 'EUR',
    balance: available,
    locked_for_trading: '0.00',
    pending_settlement: '0.00',
    available_for_withdrawal: available,
    available_for_trading: available,
  });
}

export function listReferenceAccounts(_state: UpvestState, call: UpvestCall): SimulatedAnswer {
  const user = USERS.find((one) => one.user_id === call.id);
  if (!user) return notFound('The user does not exist', call);
  return jsonAnswer({
    meta: { offset: 0, limit: 100, count: 1, total_count: 1, sort: 'id', order: 'ASC' },
    data: [referenceAccount(user)],
  });
}

export function getReferenceAccount(_state: UpvestState, call: UpvestCall): SimulatedAnswer {
  const user = USERS.find((one) => one.reference_account_id === call.id);
  return user
    ? jsonAnswer(referenceAccount(user))
    : notFound('The reference account does not exist', call);
}

function referenceAccount(user: UpvestUser): object {
  return {
    id: user.reference_account_id,
    user_id: user.user_id,
    name: 'Reference account',
    account_owner: 'Simulated User',
    iban: 'DE89370400440532013000',
    bic: 'COBADEFFXXX',
    confirmed_at: '2026-01-01T00:00:00.000Z',
  };
}

function withCents(text: string): string {
  const [whole = '0', cents = ''] = text.split('.');
  return `${whole}.${cents.padEnd(2, '0')}`;
}
