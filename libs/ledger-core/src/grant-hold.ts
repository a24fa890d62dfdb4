import { ok, refuse, type Result } from '@sluice/kernel';
import type { Book } from './book.js';
import type { PlacedHold } from './hold.js';
import type { AccountId, WithdrawalId } from './identifiers.js';

interface GrantHold {
  readonly withdrawalId: WithdrawalId;
  readonly accountId: AccountId;
  /** Key of the grant. */
  readonly grant: string;
}

export type GrantHoldRefusal =
  | { kind: 'hold_not_found' }
  | { kind: 'hold_mismatch' }
  | { kind: 'already_captured' }
  | { kind: 'already_released' }
  | { kind: 'already_expired' };

/** Records that people have approved the payment of a hold. A replay changes nothing. */
export function grantHold(book: Book, cmd: GrantHold): Result<PlacedHold, GrantHoldRefusal> {
  const hold = book.hold(cmd.withdrawalId);
  if (!hold || hold.state === 'refused') return refuse({ kind: 'hold_not_found' });
  if (hold.accountId !== cmd.accountId) return refuse({ kind: 'hold_mismatch' });
  if (hold.state !== 'placed') return refuse({ kind: `already_${hold.state}` });
  if (hold.grant === cmd.grant) return ok(hold);
  return ok(book.changePlaced({ ...hold, grant: cmd.grant }));
}
