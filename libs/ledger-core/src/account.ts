import type { Amount } from '@sluice/money';
import type { AccountId, Instant } from './identifiers.js';

export interface Account {
  readonly id: AccountId;
  readonly name: string;
  readonly openedAt: Instant;
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
