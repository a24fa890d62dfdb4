import { ok, refuse, type Result } from '@sluice/kernel';
import type { Book } from './book.js';
import type { PlacedHold } from './hold.js';
import type { AccountId, Instant, WithdrawalId } from './identifiers.js';

interface AssignHold {
  readonly withdrawalId: WithdrawalId;
  readonly accountId: AccountId;
  /** Next venue allowed to pay the withdrawal. */
  readonly venue: string;
  /** Previously assigned venue. */
  readonly from: string;
  /**
   * True if `from` has proven the absence of any past or future money movement for the withdrawal
   * at `from`.
   */
  readonly isProven: boolean;
}

export type AssignHoldRefusal =
  | { kind: 'hold_not_found' }
  | { kind: 'hold_mismatch' }
  | { kind: 'already_captured' }
  | { kind: 'already_released' }
  | { kind: 'already_expired' }
  | { kind: 'assigned_elsewhere' }
  | { kind: 'not_proven' };

/**
 * Assigns a hold to the next venue: only one venue at a time may pay the withdrawal. A replay
 * returns the hold unchanged.
 */
export function assignHold(
  book: Book,
  cmd: AssignHold,
  at: Instant,
): Result<PlacedHold, AssignHoldRefusal> {
  const hold = book.hold(cmd.withdrawalId);
  if (!hold || hold.state === 'refused') return refuse({ kind: 'hold_not_found' });
  if (hold.accountId !== cmd.accountId) return refuse({ kind: 'hold_mismatch' });
  if (hold.state !== 'placed') return refuse({ kind: `already_${hold.state}` });
  const isReplay = hold.assignedTo === cmd.venue;
  if (!isReplay && hold.assignedTo !== cmd.from) return refuse({ kind: 'assigned_elsewhere' });
  const isForAnOrder = hold.digest !== null && hold.expiresAt === null; // venues pay no other holds
  if (!isForAnOrder || !(isReplay || cmd.isProven)) return refuse({ kind: 'not_proven' });
  if (isReplay) return ok(hold);

  return ok(book.changePlaced({ ...hold, assignedTo: cmd.venue, assignedAt: at }));
}
