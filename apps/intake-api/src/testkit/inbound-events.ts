import { randomUUID } from 'node:crypto';
import { Amount, assetOf } from '@sluice/kernel';
import { isTerminal, TRANSITIONS, type Fact, type State } from '@sluice/withdrawal-core';
import { VENUE_A } from '@sluice/test-kit';
import type { InboundEvent } from '../withdrawals/saga/inbound-event.js';

/** Triggers reported by a message; `withdrawn` and `rerouted` follow from a fact and the state. */
export type FactTrigger = Fact['trigger'];

const FACTS: Readonly<Record<FactTrigger, (withdrawalId: string) => Fact>> = {
  hold_placed: () => ({ trigger: 'hold_placed' }),
  approval_asked: () => ({
    trigger: 'approval_asked',
    groups: 'treasury 2',
    expiresAt: new Date('2026-11-21T08:00:00Z'),
  }),
  approval_ended: () => ({ trigger: 'approval_ended', reason: 'approval_refused' }),
  hold_refused: () => ({ trigger: 'hold_refused', reason: 'insufficient_funds' }),
  accepted: (withdrawalId) => ({
    trigger: 'accepted',
    venueReference: `at venue ${withdrawalId}`,
    txHash: null,
  }),
  refused: () => ({ trigger: 'refused', reason: 'limit', message: 'over the daily limit' }),
  outcome_unknown: () => ({ trigger: 'outcome_unknown', cause: 'time-out' }),
  decision_needed: () => ({ trigger: 'decision_needed', cause: 'no single match' }),
  broadcast: () => ({ trigger: 'broadcast', txHash: '0xabc' }),
  settled: () => ({
    trigger: 'settled',
    txHash: '0xabc',
    venueFee: Amount.of('0.4', assetOf('USDT', 'ETH')),
  }),
  failed: () => ({ trigger: 'failed', reason: 'rejected', message: 'the venue gave it back' }),
  cancelled: () => ({ trigger: 'cancelled', reason: 'cancelled', message: 'as you wished' }),
  hold_captured: () => ({ trigger: 'hold_captured' }),
  hold_released: () => ({ trigger: 'hold_released' }),
  returned: () => ({
    trigger: 'returned',
    amount: Amount.of('1', assetOf('USDT', 'ETH')),
    reason: 'returned',
    message: 'the bank returned it',
  }),
  return_booked: () => ({ trigger: 'return_booked' }),
  assignment_refused: () => ({ trigger: 'assignment_refused', reason: 'limit_exceeded' }),
};

/** Text in the format of a MAC; only ledgers and connectors verify MACs. */
export const A_MAC = `test.${'A'.repeat(43)}`;
/** End of a receipt that no test reaches. */
export const RECEIPT_END = '2100-01-01T00:00:00.000Z';
/** Receipt of the ledger for a venue. */
export const A_TIMED_RECEIPT = `${RECEIPT_END}~${A_MAC}`;

const WITH_PROOF: ReadonlySet<FactTrigger> = new Set([
  'refused',
  'failed',
  'cancelled',
  'returned',
]);

const LEDGER_FACTS: ReadonlySet<FactTrigger> = new Set([
  'hold_placed',
  'approval_asked',
  'approval_ended',
  'hold_refused',
  'hold_captured',
  'hold_released',
  'assignment_refused',
  'return_booked',
]);

/**
 * New event with this fact, of the ledger, or of a venue (default: the first; `by` names another).
 */
export function anEvent(
  withdrawalId: string,
  trigger: FactTrigger,
  by: string | null = LEDGER_FACTS.has(trigger) ? null : VENUE_A,
): InboundEvent {
  const fact = () => FACTS[trigger](withdrawalId);
  return {
    id: randomUUID(),
    change: {
      kind: 'fact',
      withdrawalId,
      by,
      fact,
      ...(trigger === 'hold_placed' && { timedReceipt: A_TIMED_RECEIPT }),
      ...(WITH_PROOF.has(trigger) && { proof: A_MAC }),
    },
  };
}

/** Event: the ledger has assigned the hold to this venue, until the end of its receipt. */
export function holdAssigned(
  withdrawalId: string,
  venue: string,
  until = RECEIPT_END,
): InboundEvent {
  return {
    id: randomUUID(),
    change: {
      kind: 'hold_assigned',
      withdrawalId,
      reported: { venue },
      timedReceipt: `${until}~${A_MAC}`,
    },
  };
}

/**
 * All paths from `requested` to a final state by facts alone, without triggers that need a
 * fail-over or a cancel request.
 */
export function allPaths(from: State = 'requested'): FactTrigger[][] {
  const steps = (Object.entries(TRANSITIONS[from]) as [FactTrigger, State][]).filter(
    ([trigger]) =>
      trigger in FACTS &&
      trigger !== 'assignment_refused' &&
      !(trigger === 'hold_released' && (from === 'requested' || from === 'awaiting_approval')),
  );
  const ended: FactTrigger[][] = isTerminal(from) ? [[]] : [];
  return [
    ...ended,
    ...steps.flatMap(([trigger, to]) => allPaths(to).map((rest) => [trigger, ...rest])),
  ];
}
