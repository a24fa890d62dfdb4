import type { Amount } from '@sluice/money';
import { ok, refuse, type Result } from '@sluice/result';
import { availableOf } from './account.js';
import type { Book } from './book.js';
import type { Hold, HoldRefusal, RefusedHold } from './hold.js';
import type { AccountId, Instant, WithdrawalId } from './identifiers.js';

export interface PlaceHold {
  readonly withdrawalId: WithdrawalId;
  readonly accountId: AccountId;
  /** Payout plus fee. */
  readonly amount: Amount;
  /** When the hold ends by itself unless a submission has started; null for never. Not part of what makes two requests the same. */
  readonly expiresAt: Instant | null;
  /** Of the order it is for; null when the sender named none. */
  readonly digest: string | null;
  /** An account has one hold for each reference; left out where the client gave none. */
  readonly reference?: string | undefined;
  /** The venue that may pay it first; left out for a hold that no venue pays. */
  readonly venue?: string | undefined;
  /** The account takes orders that its customer signed, and this one is none, or was taken before. */
  readonly isUnsigned?: boolean;
}

/** The account has a hold for this reference under another withdrawal: intake-api does not know that one any more. */
export interface HeldBefore {
  readonly kind: 'held_before';
  readonly first: Hold;
}

export type PlaceHoldRefusal =
  { kind: 'withdrawal_id_reused'; first: Hold } | HeldBefore | HoldRefusal;

/**
 * Reserves funds for one withdrawal. Replaying the same command returns the first answer, also when that was a refusal. A reference that
 * has a hold gets no second one and leaves no refused hold: the withdrawal goes on under the id of its first hold.
 */
export function placeHold(
  book: Book,
  cmd: PlaceHold,
  at: Instant,
): Result<Exclude<Hold, RefusedHold>, PlaceHoldRefusal> {
  // Replay comes before the rules: a retried command must not be answered otherwise because funds have moved since.
  const first = book.hold(cmd.withdrawalId);
  if (first) return replay(first, cmd);
  const held = cmd.reference && book.holdOfReference(cmd.accountId, cmd.reference);
  if (held) return refuse({ kind: 'held_before', first: held });

  const terms = {
    withdrawalId: cmd.withdrawalId,
    accountId: cmd.accountId,
    amount: cmd.amount,
    decidedAt: at,
    digest: cmd.digest,
    assignedTo: cmd.venue ?? null,
  };
  const refusal = findRefusal(book, cmd);
  if (refusal) {
    book.recordRefusal({ ...terms, reference: null, state: 'refused', refusal });
    return refuse(refusal);
  }
  const { reference = null, expiresAt } = cmd;
  return ok(
    book.place({ ...terms, reference, state: 'placed', expiresAt, submissionStartedAt: null }),
  );
}

function replay(first: Hold, cmd: PlaceHold): Result<Exclude<Hold, RefusedHold>, PlaceHoldRefusal> {
  const same =
    first.accountId === cmd.accountId &&
    first.amount.asset === cmd.amount.asset &&
    first.amount.equals(cmd.amount);
  const sameOrder = first.digest === null || cmd.digest === null || first.digest === cmd.digest;
  if (!same || !sameOrder) return refuse({ kind: 'withdrawal_id_reused', first });
  return first.state === 'refused' ? refuse(first.refusal) : ok(first);
}

/** Why the hold could not be placed now; null when it could. Records nothing. */
export function findRefusal(
  book: Book,
  { accountId, amount, isUnsigned }: Pick<PlaceHold, 'accountId' | 'amount' | 'isUnsigned'>,
): HoldRefusal | null {
  if (!amount.isPositive()) return { kind: 'amount_not_positive' };
  const account = book.account(accountId);
  if (!account) return { kind: 'account_not_found' };
  if (account.frozen) return { kind: 'account_frozen' };
  if (isUnsigned === true) return { kind: 'order_not_signed' };
  const available = availableOf(book.balance(accountId, amount.asset));
  return available.lessThan(amount) ? { kind: 'insufficient_funds', available } : null;
}
