import type { Fact } from './advance-withdrawal.js';
import { WALLET } from './wallet.js';
import type { Withdrawal } from './withdrawal.js';

/**
 * The withdrawal under the hash that has taken the place of its own: our wallet may pay a higher fee for what is stuck. It stays on the
 * chain, so this is no step; null when nothing changes.
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
