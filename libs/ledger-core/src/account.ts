import type { Amount } from '@sluice/kernel';
import type { AccountId, Instant } from './identifiers.js';

export interface Account {
  readonly id: AccountId;
  readonly name: string;
  readonly openedAt: Instant;
  /**
   * True while any freeze is in force: the account makes no new promises. Earlier promises still
   * end normally.
   */
  readonly frozen: boolean;
}

/**
 * A single reason for freezing an account, identified by an id of the requester. A lifted freeze
 * never takes effect again.
 */
export interface Freeze {
  readonly accountId: AccountId;
  readonly freezeId: string;
  readonly reason: string;
  readonly frozenAt: Instant;
  readonly liftedAt: Instant | null;
}

/**
 * Balance of an account in an asset. Only journal entries change `posted`, and only holds change
 * `held`; 0 <= held <= posted.
 */
export interface Balance {
  readonly accountId: AccountId;
  readonly posted: Amount;
  readonly held: Amount;
}

/** Returns the amount available for new holds: posted minus held. */
export function availableOf(balance: Balance): Amount {
  return balance.posted.minus(balance.held);
}

/** Returns true if a credit would make the balance larger than any message can carry. */
export function outgrows(balance: Balance, credit: Amount): boolean {
  return balance.posted.plus(credit).isTooLarge();
}
