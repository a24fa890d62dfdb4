import {
  advanceWithdrawal,
  allowsFailOver,
  type Command,
  type Evidence,
  type Fact,
  type Step,
  type Venue,
  type Withdrawal,
} from '@sluice/withdrawal-core';
import { paidElsewhereCase, type OrderHolds } from '../restored/order-holds.js';
import type { StoredWithdrawal } from '../withdrawal-store.js';
import type { BatchChanges } from './batch-changes.js';
import type { InboundEvent } from './inbound-event.js';

/**
 * What its venue is sent of these commands now. An order that another venue may have paid is not among them; it is asked about again by
 * recovery. Where another venue has an equal payment, the order is taken back: its deadline is over, so that its venue proves that nothing
 * moved, and it goes on to the venue that has the payment, where a person decides. A wish to cancel it waits as well: it may be paid.
 */
export function givenNow(
  batch: Pick<BatchChanges, 'holds' | 'cases'>,
  stored: StoredWithdrawal,
  commands: readonly Command[],
  at: Date,
): readonly Command[] {
  const submit = commands.find((command) => command.kind === 'submit');
  const hold = batch.holds.get(stored.withdrawal.order.id);
  if (!submit || !hold) return commands;
  if (hold.kind === 'paid_elsewhere') batch.cases.push(paidElsewhereCase(stored, hold));
  const others = commands.filter(({ kind }) => kind !== 'submit' && kind !== 'cancel');
  return hold.kind === 'paid_elsewhere' && hold.moves && stored.withdrawal.state === 'submitting'
    ? [{ kind: 'submit', notAfter: at }, ...others]
    : others;
}

/** What leaves its venue goes to the venue that may have paid it, whatever its route says, and whether it is still wanted or not. */
export function advanced(
  withdrawal: Withdrawal,
  fact: Fact,
  evidence: Evidence,
  holds: OrderHolds,
): ReturnType<typeof advanceWithdrawal> {
  const hold = holds.get(withdrawal.order.id);
  if (hold?.kind !== 'paid_elsewhere' || !hold.moves || !endsUnpaid(fact))
    return advanceWithdrawal(withdrawal, fact, evidence);
  const route = [onlyVenue(hold.by.venue, withdrawal.order)];
  const leaves = allowsFailOver(fact) ? fact : leavingBecause(fact);
  const step = advanceWithdrawal({ ...withdrawal, cancel: null }, leaves, { ...evidence, route });
  const { cancel } = withdrawal;
  return step.ok
    ? { ...step, value: { ...step.value, withdrawal: { ...step.value.withdrawal, cancel } } }
    : step;
}

/**
 * Whether this step would give back the hold of a withdrawal that another venue may have paid. The fact is left out then. Recovery asks for
 * it once more when the other venues have read their records, or when the payment of another venue is closed.
 */
export function releasesWhatMayBePaid(
  batch: Pick<BatchChanges, 'holds' | 'cases'>,
  stored: StoredWithdrawal,
  { commands }: Step,
): boolean {
  const hold = batch.holds.get(stored.withdrawal.order.id);
  if (!hold || !commands.some(({ kind }) => kind === 'release')) return false;
  if (hold.kind === 'paid_elsewhere') batch.cases.push(paidElsewhereCase(stored, hold));
  return true;
}

type EndsUnpaid = Extract<Fact, { reason: string; message: string }>;

function endsUnpaid(fact: Fact): fact is EndsUnpaid {
  return fact.trigger === 'refused' || fact.trigger === 'cancelled';
}

/** A cancelled order, or one that no venue would pay, goes to the venue with the payment like an order whose time is over. */
function leavingBecause({ reason, message }: EndsUnpaid): Fact {
  return { trigger: 'refused', reason: 'expired', message: `${reason}: ${message}` };
}

function onlyVenue(name: string, { destination }: Withdrawal['order']): Venue {
  return {
    ...{ name, pays: [destination.type], state: 'on', minimum: null, maximum: null },
    ...{ decimals: null, feePercent: null, feeFlat: null, submitWithinMs: null },
  };
}

/** Whether an order may go to a venue, or its hold may be given back, because of this event. */
export function mayGiveOrder({ change }: InboundEvent): boolean {
  if (change.kind === 'hold_assigned' || change.kind === 'missing') return true;
  return change.kind === 'fact' && (change.by === null || change.proof !== undefined);
}
