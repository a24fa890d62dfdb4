import { ok, refuse } from '@sluice/kernel';
import {
  advanceWithdrawal,
  allowsFailOver,
  type SagaCommand,
  type Evidence,
  type Fact,
  type SagaStep,
  type Venue,
  type Withdrawal,
} from '@sluice/withdrawal-core';
import type { OpenedCase } from '../../cases/withdrawal-cases.js';
import type { StoredWithdrawal } from '../../rows/withdrawal-store.js';
import { paidElsewhereCase, type OrderHolds } from './order-holds.js';

interface HeldBack {
  readonly holds: OrderHolds;
  readonly cases: OpenedCase[];
}

/**
 * Commands to send to the venue now. An order possibly paid by another venue is held back, with its
 * cancel command. An order with an equal payment elsewhere is taken back by an expired deadline,
 * and moves there for a person's decision.
 */
export function givenNow(
  batch: HeldBack,
  stored: StoredWithdrawal,
  commands: readonly SagaCommand[],
  at: Date,
): readonly SagaCommand[] {
  const submit = commands.find((command) => command.kind === 'submit');
  const hold = batch.holds.get(stored.withdrawal.order.id);
  if (!submit || !hold) return commands;
  if (hold.kind === 'paid_elsewhere') batch.cases.push(paidElsewhereCase(stored, hold));
  const others = commands.filter(({ kind }) => kind !== 'submit' && kind !== 'cancel');
  return hold.kind === 'paid_elsewhere' && hold.moves && stored.withdrawal.state === 'submitting'
    ? [{ kind: 'submit', notAfter: at }, ...others]
    : others;
}

/**
 * Advances a withdrawal. A venue with the ledger's receipt may pay in spite of a refused
 * assignment. An order leaving unpaid moves to the venue with the possible payment, regardless of
 * route and cancel request.
 */
export function advanced(
  { withdrawal, timedReceipt }: Pick<StoredWithdrawal, 'withdrawal' | 'timedReceipt'>,
  fact: Fact,
  evidence: Evidence,
  holds: OrderHolds,
): ReturnType<typeof advanceWithdrawal> {
  const { state } = withdrawal;
  if (fact.trigger === 'assignment_refused' && state === 'submitting' && timedReceipt !== null)
    return refuse({ kind: 'illegal_transition', from: state, on: fact.trigger });
  const hold = holds.get(withdrawal.order.id);
  if (hold?.kind !== 'paid_elsewhere' || !hold.moves || !endsUnpaid(fact))
    return advanceWithdrawal(withdrawal, fact, evidence);
  const route = [onlyVenue(hold.by.venue, withdrawal.order)];
  const leaves = allowsFailOver(fact) ? fact : leavingBecause(fact);
  const step = advanceWithdrawal({ ...withdrawal, cancel: null }, leaves, { ...evidence, route });
  const { cancel } = withdrawal;
  return step.ok
    ? ok(keepingHold({ ...step.value, withdrawal: { ...step.value.withdrawal, cancel } }))
    : step;
}

/** The venue may have paid: a refusal by the policy must not free the money. */
function keepingHold(step: SagaStep): SagaStep {
  const commands = step.commands.map((command) =>
    command.kind === 'assign' ? { kind: command.kind, notAfter: command.notAfter } : command,
  );
  return { ...step, commands };
}

/**
 * Returns whether the step would release the hold of a withdrawal possibly paid elsewhere. Such a
 * fact is skipped, and recovery asks again.
 */
export function releasesWhatMayBePaid(
  batch: HeldBack,
  stored: StoredWithdrawal,
  { commands }: SagaStep,
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

/** A final end becomes an expired deadline: the order moves to the venue with the payment. */
function leavingBecause({ reason, message }: EndsUnpaid): Fact {
  return { trigger: 'refused', reason: 'expired', message: `${reason}: ${message}` };
}

function onlyVenue(name: string, { destination }: Withdrawal['order']): Venue {
  return {
    name,
    pays: [destination.type],
    state: 'on',
    minimum: null,
    maximum: null,
    decimals: null,
    feePercent: null,
    feeFlat: null,
    submitWithinMs: null,
  };
}
