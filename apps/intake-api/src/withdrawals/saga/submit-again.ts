import type { Command, State } from '@sluice/withdrawal-core';
import { repeatCancel, repeatSubmit } from '../recovery/repeat-commands.js';
import { commandMessage } from '../wire.js';
import type { StoredWithdrawal } from '../withdrawal-store.js';
import { recordChange, type BatchChanges } from './batch-changes.js';
import type { InboundEvent, ReportedChange } from './inbound-event.js';
import { orderMismatches } from './reported-order.js';
import { mismatchCase } from './saga-cases.js';

/** The ledger has given the hold to the venue that is next: now that one may be asked to pay. */
export function submitAssigned(
  batch: BatchChanges,
  cause: InboundEvent,
  stored: StoredWithdrawal,
  { reported, receipt, signerReceipt }: Extract<ReportedChange, { kind: 'hold_assigned' }>,
  at: Date,
): void {
  const { state, tried, cancel } = stored.withdrawal;
  if (state !== 'submitting' || stored.receipt !== null) return; // answered before
  if (reported.venue !== undefined && tried.includes(reported.venue)) return;
  const differs = orderMismatches(stored, reported);
  if (differs.length > 0)
    return void batch.cases.push(
      mismatchCase(stored, { by: null, fact: { trigger: 'hold_placed' }, reported, differs }),
    );
  const submitBy = cancel === null ? stored.submitBy : at;
  // The proof of the venue before has had its use, and says nothing of this one.
  const after = {
    ...{ ...stored, receipt, signerReceipt: signerReceipt ?? null },
    ...{ proof: null, orderedAt: at, submitBy },
  };
  recordChange(batch, after);
  const context = { at, authority: batch.authority, cause };
  batch.outgoing.push(
    ...[repeatSubmit(after), ...repeatCancel(after)].map((command) =>
      commandMessage(after, command, context),
    ),
  );
}

/**
 * The connector has no submission of this withdrawal. One whose submit command did not arrive is sent again unchanged. One that the venue
 * has had already was lost with the connector's database (restored to an earlier moment), so a case is opened. It is sent again too, but
 * only when it is old enough that the connector looks it up at the venue first, and without a deadline: what has begun cannot expire.
 */
export function resubmit(
  batch: BatchChanges,
  cause: InboundEvent,
  stored: StoredWithdrawal,
  at: Date,
): void {
  const { state, venue, order, tried } = stored.withdrawal;
  const send = (...commands: readonly Command[]) =>
    batch.outgoing.push(
      ...commands.map((command) =>
        commandMessage(stored, command, { at, authority: batch.authority, cause }),
      ),
    );
  if (state === 'submitting' && stored.receipt === null && tried.length > 0)
    return void send({ kind: 'assign', notAfter: stored.submitBy });
  if (state === 'submitting') send(repeatSubmit(stored), ...repeatCancel(stored));
  if (!STATES_AFTER_SUBMISSION.has(state)) return;
  const detail = `the connector of ${venue} has no submission of it`;
  batch.cases.push({
    messageId: `missing at ${venue} ${order.id}`,
    withdrawalId: order.id,
    state,
    trigger: 'submission_missing',
    detail,
  });
  if (
    stored.orderedAt !== null &&
    at.getTime() - stored.orderedAt.getTime() > LOOKED_UP_FIRST_AFTER_MS
  )
    send({ kind: 'submit', notAfter: null });
}

/** Connectors look up orders older than a minute before their first send. */
const LOOKED_UP_FIRST_AFTER_MS = 120_000;
const STATES_AFTER_SUBMISSION: ReadonlySet<State> = new Set([
  'uncertain',
  'undecided',
  'submitted',
  'broadcast',
]);
