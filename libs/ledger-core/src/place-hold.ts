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
  /** The venue that may pay it first; left out for a hold that no venue pays. */
  readonly venue?: string | undefined;
  /** The account takes orders that its customer signed, and this one is none, or was taken before. */
  readonly isUnsigned?: boolean;
}

export type PlaceHoldRefusal = { kind: 'withdrawal_id_reused'; first: Hold } | HoldRefusal;

/** Reserves funds for one withdrawal. Replaying the same command returns the first answer, also when that was a refusal. */
export function placeHold(
  book: Book,
  cmd: PlaceHold,
  at: Instant,
): Result<Exclude<Hold, RefusedHold>, PlaceHoldRefusal> {
  // Replay comes before the rules: a retried command must not be answered otherwise because funds have moved since.
  const first = book.hold(cmd.withdrawalId);
  if (first) return replay(first, cmd);

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
    book.recordRefusal({ ...terms, state: 'refused', refusal });
    return refuse(refusal);
  }
  return ok(
    book.place({ ...terms, state: 'placed', expiresAt: cmd.expiresAt, submissionStartedAt: null }),
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

function findRefusal(book: Book, { accountId, amount, isUnsigned }: PlaceHold): HoldRefusal | null {
  if (!amount.isPositive()) return { kind: 'amount_not_positive' };
  const account = book.account(accountId);
  if (!account) return { kind: 'account_not_found' };
  if (account.frozen) return { kind: 'account_frozen' };
  if (isUnsigned === true) return { kind: 'order_not_signed' };
  const available = availableOf(book.balance(accountId, amount.asset));
  return available.lessThan(amount) ? { kind: 'insufficient_funds', available } : null;
}
