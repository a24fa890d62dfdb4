import type { OpenedCase } from './withdrawal-cases.js';
import type { StoredWithdrawal } from './withdrawal-store.js';

/**
 * Case for a row different from the customer's order: the row was changed or inserted by a third
 * party.
 */
export function changedOrderCase({ withdrawal }: StoredWithdrawal): OpenedCase {
  const withdrawalId = withdrawal.order.id;
  return {
    messageId: `order_not_as_requested ${withdrawalId}`,
    withdrawalId,
    state: withdrawal.state,
    trigger: 'order_not_as_requested',
    detail: 'its row does not fit its seal: nothing is sent because of it',
  };
}
