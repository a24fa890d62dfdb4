import type { Hold, HoldPolicy } from '@sluice/ledger-core';
import { chargeOf, type Charge, type Facts, type OffsetOf } from '@sluice/policy-core';
import type { PlaceHoldCommand } from '../wire/ledger-command.js';
import { amountOf } from '../wire/wire.js';
import { dependsOnVenue, type Meter } from './meters.js';
import { recipientOf } from '../address-book/recipient-key.js';

/**
 * Returns the facts of a requested hold. A command without an order has no payout of its own: its
 * whole amount counts. The key of a signed request must be the key of the command.
 */
export function factsOf({ data }: PlaceHoldCommand, priceEur: string | null): Facts {
  const { accountId, asset, amount, payout, keyId, venue, signedRequest } = data;
  const isOther = signedRequest !== undefined && signedRequest.keyId !== keyId;
  return {
    accountId,
    keyId: isOther ? null : (keyId ?? null),
    payout: amountOf(payout ?? amount, asset),
    recipient: data.destination === undefined ? null : recipientOf(data.destination),
    venue: venue ?? null,
    priceEur,
    history: null,
  };
}

/** Facts of a stored hold, for the counters. */
export function storedFacts({ accountId, assignedTo: venue, policy }: Hold): Facts {
  const { keyId, payout, recipient, priceEur, history } = policy;
  return { accountId, keyId, payout, recipient, venue, priceEur, history };
}

/** Facts of a stored hold at its decision. A fail-over has changed only the venue since. */
export function decidedFacts(hold: Hold): Facts {
  const facts = storedFacts(hold);
  return { ...facts, venue: hold.policy.venue ?? facts.venue };
}

export function policyOf(
  facts: Facts,
  rest: Pick<HoldPolicy, 'version' | 'venue' | 'used' | 'history' | 'approval'>,
): HoldPolicy {
  const { payout, keyId, recipient, priceEur } = facts;
  return { payout, keyId, recipient, priceEur, ...rest };
}

/**
 * Returns the count of a hold at a meter; null if the meter does not count it. A released, expired
 * or refused hold counts nothing, and a captured hold counts what was paid.
 */
export function countOf(hold: Hold, { rule, prices }: Meter, offsetOf: OffsetOf): Charge | null {
  if (hold.state !== 'placed' && hold.state !== 'captured') return null;
  const facts = storedFacts(hold);
  const { payout, priceEur } = facts;
  const paid = hold.state === 'captured' ? hold.captured : payout;
  const since = dependsOnVenue(rule) ? (hold.assignedAt ?? hold.decidedAt) : hold.decidedAt;
  const complete = { ...facts, payout: paid, priceEur: priceEur ?? prices[payout.asset] ?? null };
  return chargeOf(rule, complete, Date.parse(since), offsetOf);
}
