import type { SagaStep } from '@sluice/withdrawal-core';
import type { StoredWithdrawal } from '../../rows/withdrawal-store.js';
import { commandMessage, reportMessage } from '../../wire/wire.js';
import { reportItemOf } from '../recovery/overdue-answers.js';
import { givenNow } from '../restored/give-order.js';
import { recordChange, type BatchChanges } from './batch-changes.js';
import type { InboundEvent } from './inbound-event.js';
import { stepMessages } from './step-messages.js';

/** Records a step of a withdrawal, with its history, its events and the commands that follow. */
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
    from: before.withdrawal.state,
    to: withdrawal.state,
    trigger,
    detail,
    decision,
  });
  batch.outgoing.push(
    ...stepMessages(before, after, at, event),
    ...given.map((command) =>
      commandMessage(after, command, { at, authority: batch.authority, cause: event }),
    ),
    ...(trigger === 'hold_placed' && hasEnded(before)
      ? [reportMessage(withdrawal.venue, reportItemOf(withdrawal.order.id, withdrawal.state), at)]
      : []),
  );
}

/**
 * A hold answered without a receipt has ended: the order is not sent to the venue, and the venue is
 * queried for the result.
 */
export function hasEnded({ timedReceipt }: StoredWithdrawal): boolean {
  return timedReceipt === null;
}
