import { type Amount, ok, refuse, type Result } from '@sluice/kernel';
import { type AccountId, availableOf, type Instant, type WithdrawalId } from './account.js';
import type { Book } from './book.js';
import type { Hold, HoldPolicy, HoldRefusal, PlacedHold, RefusedHold } from './hold.js';

interface PlaceHold {
  readonly withdrawalId: WithdrawalId;
  readonly accountId: AccountId;
  /** Payout plus fee. */
  readonly amount: Amount;
  /** Expiry while no submission has started; null: never. Not part of equality. */
  readonly expiresAt: Instant | null;
  /** Digest of the order; null if the sender named no order. */
  readonly digest: string | null;
  /** Client reference; an account has one hold for each. */
  readonly reference?: string | undefined;
  /** First venue allowed to pay the withdrawal; omitted for a hold without a venue. */
  readonly venue?: string | undefined;
  /** The order is unsigned or was used before, and the account requires signed orders. */
  readonly isUnsigned?: boolean;
  /** Lock of a new hold; omitted for a book without stored holds. */
  readonly lock?: string;
  /** Decision of the spending policy on a new hold; omitted for a repeated command. */
  readonly policy?: HoldPolicy;
  /** Refusal by the spending policy; null or omitted: allowed. */
  readonly policyRefusal?: HoldRefusal | null;
}

/** The reference's hold under another withdrawal, which intake-api no longer knows. */
export interface HeldBefore {
  readonly kind: 'held_before';
  readonly first: Hold;
}

export type PlaceHoldRefusal =
  { kind: 'withdrawal_id_reused'; first: Hold } | HeldBefore | HoldRefusal;

/**
 * Reserves funds for a withdrawal. A replay returns the first answer, even a refusal. A reference
 * with a hold continues under the first hold's id. Throws for a new hold without a decision of the
 * policy.
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

  const { policy } = cmd;
  if (policy === undefined)
    throw new Error(`no policy has decided the hold of withdrawal ${cmd.withdrawalId}`);
  const terms = {
    withdrawalId: cmd.withdrawalId,
    accountId: cmd.accountId,
    amount: cmd.amount,
    decidedAt: at,
    digest: cmd.digest,
    assignedTo: cmd.venue ?? null,
    assignedAt: null,
    grant: null,
    policy,
  };
  const refusal = findRefusal(book, cmd);
  if (refusal) {
    book.recordRefusal({ ...terms, reference: null, lock: null, state: 'refused', refusal });
    return refuse(refusal);
  }
  const { reference = null, lock = null, expiresAt } = cmd;
  return ok(
    book.place({
      ...terms,
      reference,
      lock,
      state: 'placed',
      expiresAt,
      submissionStartedAt: null,
    }),
  );
}

function replay(first: Hold, cmd: PlaceHold): Result<Exclude<Hold, RefusedHold>, PlaceHoldRefusal> {
  const same =
    first.accountId === cmd.accountId &&
    first.amount.asset === cmd.amount.asset &&
    first.amount.equals(cmd.amount) &&
    first.digest === cmd.digest;
  if (!same) return refuse({ kind: 'withdrawal_id_reused', first });
  return first.state === 'refused' ? refuse(first.refusal) : ok(first);
}

/** Reason why the hold cannot be placed now, or null. */
export function findRefusal(
  book: Book,
  {
    accountId,
    amount,
    isUnsigned,
    policyRefusal = null,
  }: Pick<PlaceHold, 'accountId' | 'amount' | 'isUnsigned' | 'policyRefusal'>,
): HoldRefusal | null {
  if (!amount.isPositive()) return { kind: 'amount_not_positive' };
  const account = book.account(accountId);
  if (!account) return { kind: 'account_not_found' };
  if (account.frozen) return { kind: 'account_frozen' };
  if (isUnsigned === true) return { kind: 'order_not_signed' };
  if (policyRefusal !== null) return policyRefusal;
  const available = availableOf(book.balance(accountId, amount.asset));
  return available.lessThan(amount) ? { kind: 'insufficient_funds', available } : null;
}

interface GrantHold {
  readonly withdrawalId: WithdrawalId;
  readonly accountId: AccountId;
  readonly grant: string;
}

/** Refusals of a command for a hold that must not have ended. */
export type OpenHoldRefusal =
  | { kind: 'hold_not_found' }
  | { kind: 'hold_mismatch' }
  | { kind: 'already_captured' }
  | { kind: 'already_released' }
  | { kind: 'already_expired' };

/** Records that people have approved the payment of a hold. A replay changes nothing. */
export function grantHold(book: Book, cmd: GrantHold): Result<PlacedHold, OpenHoldRefusal> {
  const hold = book.hold(cmd.withdrawalId);
  if (!hold || hold.state === 'refused') return refuse({ kind: 'hold_not_found' });
  if (hold.accountId !== cmd.accountId) return refuse({ kind: 'hold_mismatch' });
  if (hold.state !== 'placed') return refuse({ kind: `already_${hold.state}` });
  if (hold.grant === cmd.grant) return ok(hold);
  return ok(book.changePlaced({ ...hold, grant: cmd.grant }));
}

interface AssignHold {
  readonly withdrawalId: WithdrawalId;
  readonly accountId: AccountId;
  readonly venue: string;
  readonly from: string;
  /** True if `from` has proven that no money moved or will move there. */
  readonly isProven: boolean;
}

export type AssignHoldRefusal =
  OpenHoldRefusal | { kind: 'assigned_elsewhere' } | { kind: 'not_proven' };

/** Assigns a hold to the next venue: only one at a time may pay. A replay changes nothing. */
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

interface StartSubmission {
  readonly withdrawalId: WithdrawalId;
  readonly accountId: AccountId;
}

/**
 * Marks a hold before a venue call: from then on only proof ends the hold. A service with expiring
 * holds must await the answer. A replay returns the first answer.
 */
export function startSubmission(
  book: Book,
  cmd: StartSubmission,
  at: Instant,
): Result<Exclude<Hold, RefusedHold>, OpenHoldRefusal> {
  const hold = book.hold(cmd.withdrawalId);
  if (!hold || hold.state === 'refused') return refuse({ kind: 'hold_not_found' });
  if (hold.accountId !== cmd.accountId) return refuse({ kind: 'hold_mismatch' });
  if (hold.submissionStartedAt !== null) return ok(hold);
  if (hold.state !== 'placed') return refuse({ kind: `already_${hold.state}` });

  return ok(book.changePlaced({ ...hold, expiresAt: null, submissionStartedAt: at }));
}
