import type { Amount } from '@sluice/kernel';
import type { HoldPolicy } from '../hold.js';

/** Returns the decision of a policy without rules on a hold. */
export function withoutRules(payout: Amount): HoldPolicy {
  return {
    version: 0,
    payout,
    keyId: null,
    recipient: null,
    priceEur: null,
    venue: null,
    used: null,
    history: null,
    approval: null,
  };
}
