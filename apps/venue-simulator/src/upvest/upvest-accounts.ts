import type { SimulatedAnswer } from '../sim/serve.js';
import { USERS, type UpvestUser } from './upvest-identities.js';
import { jsonAnswer, problem, problemAnswer } from './upvest-problems.js';
import type { UpvestCall, UpvestState } from './upvest-state.js';

/**
 * GET /account_groups/{id}/payments/cash_balance. All account groups of the simulated tenant share
 * a single balance.
 */
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

/** GET /users/{id}/payments/reference_accounts */
export function listReferenceAccounts(_state: UpvestState, call: UpvestCall): SimulatedAnswer {
  const user = USERS.find((one) => one.user_id === call.id);
  if (!user) return notFound('The user does not exist', call);
  return jsonAnswer({
    meta: { offset: 0, limit: 100, count: 1, total_count: 1, sort: 'id', order: 'ASC' },
    data: [referenceAccount(user)],
  });
}

/** GET /payments/reference_accounts/{id} */
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

function notFound(detail: string, call: UpvestCall): SimulatedAnswer {
  return problemAnswer(problem('not_found', detail), call.requestId);
}
