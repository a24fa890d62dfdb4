import type { OpenedCase } from './withdrawal-cases.js';
import type { StoredWithdrawal } from '../rows/withdrawal-store.js';

/** Case for a row without a matching seal: the order was changed or forged. */
export function changedOrderCase({ withdrawal }: StoredWithdrawal): OpenedCase {
  const withdrawalId = withdrawal.order.id;
  return {
    messageId: `order_not_as_requested ${withdrawalId}`,
    withdrawalId,
    state: withdrawal.state,
    trigger: 'order_not_as_requested',
    detail: 'the row of the withdrawal differs from its seal: no command is sent for it',
  };
}
