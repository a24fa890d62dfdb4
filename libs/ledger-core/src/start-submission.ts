import { ok, refuse, type Result } from '@sluice/kernel';
import type { Book } from './book.js';
import type { Hold, RefusedHold } from './hold.js';
import type { AccountId, Instant, WithdrawalId } from './identifiers.js';

interface StartSubmission {
  readonly withdrawalId: WithdrawalId;
  readonly accountId: AccountId;
}

export type StartSubmissionRefusal =
  | { kind: 'hold_not_found' }
  | { kind: 'hold_mismatch' }
  | { kind: 'already_captured' }
  | { kind: 'already_released' }
  | { kind: 'already_expired' };

/**
 * Marks a hold before a venue call: after the mark, only proof ends the hold, never its expiry
 * time. A service that places expiring holds must not call a venue before the answer to this
 * command. A replay returns the first answer.
 */
export function startSubmission(
  book: Book,
  cmd: StartSubmission,
  at: Instant,
): Result<Exclude<Hold, RefusedHold>, StartSubmissionRefusal> {
  const hold = book.hold(cmd.withdrawalId);
  if (!hold || hold.state === 'refused') return refuse({ kind: 'hold_not_found' });
  if (hold.accountId !== cmd.accountId) return refuse({ kind: 'hold_mismatch' });
  if (hold.submissionStartedAt !== null) return ok(hold);
  if (hold.state !== 'placed') return refuse({ kind: `already_${hold.state}` });

  return ok(book.changePlaced({ ...hold, expiresAt: null, submissionStartedAt: at }));
}
