import type { WireMessage } from '@sluice/messages';
import { withdrawalChangedMessage, type Cause } from '../wire.js';
import type { StoredWithdrawal } from '../withdrawal-store.js';

/**
 * The events of one step. A request becomes a withdrawal when its hold is placed: `requested` is published then, before the step that follows
 * it. A request that the ledger refuses was never a withdrawal, so it has no event at all.
 */
export function stepMessages(
  before: StoredWithdrawal,
  after: StoredWithdrawal,
  at: Date,
  cause: Cause,
): readonly WireMessage[] {
  if (after.withdrawal.state === 'rejected') return [];
  const changed = withdrawalChangedMessage(after, at, cause);
  if (before.withdrawal.state !== 'requested') return [changed];
  return [withdrawalChangedMessage(before, before.withdrawal.order.requestedAt), changed];
}
