import { ok, refuse, type Result } from '@sluice/kernel';
import type { Book } from './book.js';
import type { CapturedHold, ReleasedHold } from './hold.js';
import type { AccountId, Instant, WithdrawalId } from './identifiers.js';

interface ReleaseHold {
  readonly withdrawalId: WithdrawalId;
  readonly accountId: AccountId;
  /** Reason for people to read; two releases with different reasons can still be equal. */
  readonly reason: string;
  /**
   * True if the assigned venue has proven the absence of any money movement. A hold without a venue
   * needs no proof.
   */
  readonly isProven?: boolean;
  /** Proof of the assigned venue, stored with the release. */
  readonly proof?: string | undefined;
}

export type ReleaseHoldRefusal =
  | { kind: 'hold_not_found' }
  | { kind: 'hold_mismatch' }
  | { kind: 'already_captured'; first: CapturedHold }
  | { kind: 'already_expired' }
  | { kind: 'not_proven' };

/** Releases a hold after proof of no money movement. A replay returns the first release. */
export function releaseHold(
  book: Book,
  cmd: ReleaseHold,
  at: Instant,
): Result<ReleasedHold, ReleaseHoldRefusal> {
  const hold = book.hold(cmd.withdrawalId);
  if (!hold || hold.state === 'refused') return refuse({ kind: 'hold_not_found' });
  if (hold.accountId !== cmd.accountId) return refuse({ kind: 'hold_mismatch' });
  if (hold.state === 'released') return ok(hold);
  if (hold.state === 'captured') return refuse({ kind: 'already_captured', first: hold });
  if (hold.state === 'expired') return refuse({ kind: 'already_expired' });
  if (hold.assignedTo !== null && cmd.isProven !== true) return refuse({ kind: 'not_proven' });

  const { expiresAt: _due, ...rest } = hold;
  const { reason, proof = null } = cmd;
  return ok(book.closeUnpaid({ ...rest, state: 'released', reason, proof, closedAt: at }));
}
