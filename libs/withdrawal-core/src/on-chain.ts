import type { Fact } from './advance-withdrawal.js';
import { WALLET } from './wallet.js';
import type { Withdrawal } from './withdrawal.js';

/**
 * Returns the withdrawal with the new transaction hash: our wallet may replace a stuck transaction
 * at a higher fee. The state does not change, and no step is recorded. Returns null if the hash is
 * unchanged.
 */
export function replaceHash(withdrawal: Withdrawal, fact: Fact): Withdrawal | null {
  const { state, venue, txHash } = withdrawal;
  const isReplaced =
    fact.trigger === 'broadcast' &&
    state === 'broadcast' &&
    venue === WALLET &&
    fact.txHash !== txHash;
  return isReplaced ? { ...withdrawal, txHash: fact.txHash } : null;
}
