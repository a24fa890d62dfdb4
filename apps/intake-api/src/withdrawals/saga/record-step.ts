import { earlyReturn, type Fact, type SagaStep } from '@sluice/withdrawal-core';
import type { StoredWithdrawal } from '../../rows/withdrawal-store.js';
import { withdrawalChangedMessage } from '../../wire/withdrawal-event.js';
import { commandMessage, reportMessage } from '../../wire/wire.js';
import { reportItemOf } from '../recovery/overdue-answers.js';
import { advanced, givenNow } from '../restored/give-order.js';
import { type BatchChanges, recordChange } from './batch-changes.js';
import type { InboundEvent, ReportedChange } from './inbound-event.js';

export function recordStep(
  batch: BatchChanges,
  event: InboundEvent,
  before: StoredWithdrawal,
  { withdrawal, trigger, detail, decision, commands }: SagaStep,
  at: Date,
): void {
  const stored = { ...before, withdrawal };
  const given =
    trigger === 'hold_placed' && hasEnded(before) ? [] : givenNow(batch, stored, commands, at);
  const order = given.find((command) => command.kind === 'submit');
  const assign = commands.find((command) => command.kind === 'assign');
  const after = {
    ...before,
    withdrawal,
    updatedAt: at,
    ...(order && { orderedAt: before.orderedAt ?? at, submitBy: order.notAfter }),
    ...(assign && {
      orderedAt: null,
      timedReceipt: null,
      signerReceipt: null,
      submitBy: assign.notAfter,
    }),
  };
  recordChange(batch, after);
  batch.left.push({ state: before.withdrawal.state, since: before.updatedAt, at, after });
  if (trigger === 'rerouted') batch.rerouted.add(withdrawal.order.id);
  batch.history.push({
    withdrawalId: withdrawal.order.id,
    sequence: withdrawal.sequence,
    to: withdrawal.state,
    trigger,
    detail,
    decision,
  });
  const change = { from: before.withdrawal.state, to: withdrawal.state, at };
  const changed = withdrawalChangedMessage(after, change, event);
  batch.outgoing.push(
    ...(changed === null ? [] : [changed]),
    ...given.map((command) =>
      commandMessage(after, command, { at, authority: batch.authority, cause: event }),
    ),
    ...(trigger === 'hold_placed' && hasEnded(before)
      ? [reportMessage(withdrawal.venue, reportItemOf(withdrawal.order.id, withdrawal.state), at)]
      : []),
  );
}

/** A hold answered without a receipt has ended: the venue is asked, and gets no order. */
function hasEnded({ timedReceipt }: StoredWithdrawal): boolean {
  return timedReceipt === null;
}

/** Credits a payment that came back before its booking, right after the booking. */
export function creditEarlyReturn(
  batch: BatchChanges,
  event: InboundEvent,
  id: string,
  at: Date,
): void {
  const stored = batch.rows.get(id);
  const fact = stored && earlyReturn(stored.withdrawal);
  if (fact) takeOwnStep(batch, event, id, fact, at);
}

/** Records a step by a fact of our own records, without a report of a venue. */
export function takeOwnStep(
  batch: BatchChanges,
  event: InboundEvent,
  id: string,
  fact: Fact,
  at: Date,
): void {
  const stored = batch.rows.get(id);
  if (!stored) return;
  const by = stored.withdrawal.venue;
  const step = advanced(stored, fact, { at, by, route: [] }, batch.holds);
  if (step.ok) recordStep(batch, event, stored, step.value, at);
}

type FactChange = Extract<ReportedChange, { kind: 'fact' }>;
export type OrderReceipts = Pick<
  Extract<ReportedChange, { kind: 'hold_assigned' }>,
  'timedReceipt' | 'signerReceipt'
>;

/**
 * True for an order whose hold had ended before a restore: the ledger answered without receipts.
 * After a fail-over, receipts are under way instead.
 */
export function isHeldNoMore(stored: StoredWithdrawal): boolean {
  const { state, tried } = stored.withdrawal;
  return state === 'submitting' && tried.length === 0 && hasEnded(stored);
}

/**
 * Receipts with which a restored ledger has placed such a hold again; null otherwise. An answer
 * from before the recorded step is old: the money may be back at the customer.
 */
export function receiptsAgain(
  stored: StoredWithdrawal,
  fact: Fact,
  { timedReceipt, signerReceipt, answeredAt }: FactChange,
): OrderReceipts | null {
  if (fact.trigger !== 'hold_placed' || timedReceipt === undefined || !isHeldNoMore(stored))
    return null;
  const isNewer = answeredAt !== undefined && answeredAt > stored.updatedAt;
  return isNewer ? { timedReceipt, signerReceipt } : null;
}

/**
 * The release of such a hold is the end at a venue without a payment: the ledger released on a
 * venue's proof, or before any receipt.
 */
export function asEndedBefore(stored: StoredWithdrawal, fact: Fact): Fact {
  if (fact.trigger !== 'hold_released' || !isHeldNoMore(stored)) return fact;
  const message = 'the ledger had released its hold before a restore';
  return stored.withdrawal.cancel === null
    ? { trigger: 'refused', reason: 'absent', message }
    : { trigger: 'cancelled', reason: 'cancelled', message };
}

/**
 * Facts of the payment of such an order whose hold was captured: the ledger captures only for a
 * payment.
 */
export function paidBefore(
  stored: StoredWithdrawal,
  { command, reason }: Extract<ReportedChange, { kind: 'command_refused' }>,
): readonly Fact[] {
  const isCaptured = command === 'ledger.release-hold.v1' && reason === 'already_captured';
  if (!isCaptured || !isHeldNoMore(stored)) return [];
  return [
    { trigger: 'accepted', venueReference: lostReferenceOf(stored), txHash: null },
    { trigger: 'settled', txHash: null, venueFee: null },
  ];
}

/** In place of the venue's reference, which no database has after the restore. */
function lostReferenceOf({ withdrawal: { order } }: StoredWithdrawal): string {
  return `lost in a restore: ${order.id}`;
}
