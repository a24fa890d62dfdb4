import type { OpenedCase } from './withdrawal-cases.js';
import type { StoredWithdrawal } from './withdrawal-store.js';

/** Its row is not what the customer asked for: somebody changed it, or wrote it. */
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
