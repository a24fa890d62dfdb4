import type { EndpointKind } from '../sim/faults.js';
import type { SimulatedAnswer } from '../sim/serve.js';
import { cashBalance, getReferenceAccount, listReferenceAccounts } from './upvest-accounts.js';
import { cancel } from './upvest-cancel.js';
import type { Scope } from './upvest-identities.js';
import { getWithdrawal, listWithdrawals } from './upvest-listings.js';
import type { UpvestCall, UpvestState } from './upvest-state.js';
import { issueToken } from './upvest-token-endpoint.js';
import { changeWebhook, createWebhook, deleteWebhook, listWebhooks } from './upvest-webhooks.js';
import { withdraw } from './upvest-withdraw.js';

export interface UpvestEndpoint {
  readonly kind: EndpointKind;
  /** Accepted scopes, each sufficient alone; null: signed, but without a token. */
  readonly scopes: readonly Scope[] | null;
  readonly handle: (state: UpvestState, call: UpvestCall) => SimulatedAnswer;
}

const READ: readonly Scope[] = ['payments:read', 'payments:admin'];
const ACCOUNTS: readonly Scope[] = ['reference_accounts:read', 'reference_accounts:admin'];

/** Endpoints by method and path; the control API uses the same names. */
export const UPVEST_ENDPOINTS: Readonly<Record<string, UpvestEndpoint>> = {
  'POST /auth/token': { kind: 'read', scopes: null, handle: issueToken },
  'POST /payments/withdrawals': { kind: 'pay', scopes: ['payments:admin'], handle: withdraw },
  'GET /payments/withdrawals/{id}': { kind: 'list', scopes: READ, handle: getWithdrawal },
  'DELETE /payments/withdrawals/{id}': {
    kind: 'cancel',
    scopes: ['payments:admin'],
    handle: cancel,
  },
  'GET /account_groups/{id}/payments/withdrawals': {
    kind: 'list',
    scopes: READ,
    handle: listWithdrawals,
  },
  'GET /account_groups/{id}/payments/cash_balance': {
    kind: 'read',
    scopes: READ,
    handle: cashBalance,
  },
  'GET /users/{id}/payments/reference_accounts': {
    kind: 'read',
    scopes: ACCOUNTS,
    handle: listReferenceAccounts,
  },
  'GET /payments/reference_accounts/{id}': {
    kind: 'read',
    scopes: ACCOUNTS,
    handle: getReferenceAccount,
  },
  'POST /webhooks': { kind: 'read', scopes: ['webhooks:admin'], handle: createWebhook },
  'GET /webhooks': {
    kind: 'read',
    scopes: ['webhooks:read', 'webhooks:admin'],
    handle: listWebhooks,
  },
  'PATCH /webhooks/{id}': { kind: 'read', scopes: ['webhooks:admin'], handle: changeWebhook },
  'DELETE /webhooks/{id}': { kind: 'read', scopes: ['webhooks:admin'], handle: deleteWebhook },
};
