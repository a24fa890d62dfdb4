import type { Amount } from '@sluice/money';
import type { AccountId, Instant } from './identifiers.js';

export interface Account {
  readonly id: AccountId;
  readonly name: string;
  readonly openedAt: Instant;
  /** While any freeze is in force nothing new is promised from it; what was promised before still ends as it must. */
  readonly frozen: boolean;
}

/** One reason for which an account is frozen, known by an id of whoever asked. Lifted once, it never comes into force again. */
export interface Freeze {
  readonly accountId: AccountId;
  readonly freezeId: string;
  readonly reason: string;
  readonly frozenAt: Instant;
  readonly liftedAt: Instant | null;
}

/** What one account has of one asset. `posted` moves only with journal entries, `held` only with holds; 0 <= held <= posted. */
export interface Balance {
  readonly accountId: AccountId;
  readonly posted: Amount;
  readonly held: Amount;
}

/** What may still be promised: posted less held. */
export function availableOf(balance: Balance): Amount {
  return balance.posted.minus(balance.held);
}

/** Whether a balance would be more than any message can carry after a credit. */
export function outgrows(balance: Balance, credit: Amount): boolean {
  return balance.posted.plus(credit).isTooLarge();
}
