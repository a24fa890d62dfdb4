import type { WireMessage } from '@sluice/messages';
import { withdrawalChangedMessage, type Cause } from '../../wire/wire.js';
import type { StoredWithdrawal } from '../../rows/withdrawal-store.js';

/**
 * Returns the events of a step. A request becomes a withdrawal with the placed hold: `requested` is
 * published at this time, before the following step. A request refused by the ledger was never a
 * withdrawal and has no event.
 */
export function stepMessages(
  before: StoredWithdrawal,
  after: StoredWithdrawal,
  at: Date,
  cause: Cause,
): readonly WireMessage[] {
  if (after.withdrawal.state === 'rejected') return [];
  const from = before.withdrawal.state;
  const changed = withdrawalChangedMessage(after, at, { cause, from });
  if (from !== 'requested') return [changed];
  return [withdrawalChangedMessage(before, before.withdrawal.order.requestedAt), changed];
}
