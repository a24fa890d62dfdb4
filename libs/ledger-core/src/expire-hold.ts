import { ok, refuse, type Result } from '@sluice/kernel';
import type { Book } from './book.js';
import type { ExpiredHold } from './hold.js';
import type { AccountId, Instant, WithdrawalId } from './identifiers.js';

interface ExpireHold {
  readonly withdrawalId: WithdrawalId;
  readonly accountId: AccountId;
  /** False if the hold was placed without an expiry time. */
  readonly isExpirable?: boolean;
}

export type ExpireHoldRefusal =
  | { kind: 'hold_not_found' }
  | { kind: 'hold_mismatch' }
  | { kind: 'already_captured' }
  | { kind: 'already_released' }
  | { kind: 'not_expirable' }
  | { kind: 'not_due' };

/**
 * Releases an expired hold without a started submission. After a submission has started, only proof
 * ends the hold. A replay returns the first expiry.
 */
export function expireHold(
  book: Book,
  cmd: ExpireHold,
  at: Instant,
): Result<ExpiredHold, ExpireHoldRefusal> {
  const hold = book.hold(cmd.withdrawalId);
  if (!hold || hold.state === 'refused') return refuse({ kind: 'hold_not_found' });
  if (hold.accountId !== cmd.accountId) return refuse({ kind: 'hold_mismatch' });
  if (hold.state === 'expired') return ok(hold);
  if (hold.state !== 'placed') return refuse({ kind: `already_${hold.state}` });
  if (hold.expiresAt === null || cmd.isExpirable === false)
    return refuse({ kind: 'not_expirable' });
  if (at < hold.expiresAt) return refuse({ kind: 'not_due' });

  const { expiresAt: _due, ...rest } = hold;
  return ok(book.closeUnpaid({ ...rest, state: 'expired', closedAt: at }));
}
