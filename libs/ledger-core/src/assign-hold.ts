import { ok, refuse, type Result } from '@sluice/result';
import type { Book } from './book.js';
import type { PlacedHold } from './hold.js';
import type { AccountId, WithdrawalId } from './identifiers.js';

export interface AssignHold {
  readonly withdrawalId: WithdrawalId;
  readonly accountId: AccountId;
  /** The venue that may pay it from here on. */
  readonly venue: string;
  /** The venue that had it. */
  readonly from: string;
  /** Whether `from` has proven that nothing moved there, and nothing will. */
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

/** Gives a hold to the next venue: one at a time may pay it. Replaying it returns the hold as it is. */
export function assignHold(book: Book, cmd: AssignHold): Result<PlacedHold, AssignHoldRefusal> {
  const hold = book.hold(cmd.withdrawalId);
  if (!hold || hold.state === 'refused') return refuse({ kind: 'hold_not_found' });
  if (hold.accountId !== cmd.accountId) return refuse({ kind: 'hold_mismatch' });
  if (hold.state !== 'placed') return refuse({ kind: `already_${hold.state}` });
  const isReplay = hold.assignedTo === cmd.venue;
  if (!isReplay && hold.assignedTo !== cmd.from) return refuse({ kind: 'assigned_elsewhere' });
  const isForAnOrder = hold.digest !== null && hold.expiresAt === null; // nobody pays another one
  if (!isForAnOrder || !(isReplay || cmd.isProven)) return refuse({ kind: 'not_proven' });
  if (isReplay) return ok(hold);

  return ok(book.changePlaced({ ...hold, assignedTo: cmd.venue }));
}
