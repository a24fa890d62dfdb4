import { untilOf } from '@sluice/message-auth';
import { earlier, type Command, type State } from '@sluice/withdrawal-core';
import { repeatCancel, repeatSubmit } from '../recovery/repeat-commands.js';
import { commandMessage } from '../wire.js';
import type { StoredWithdrawal } from '../withdrawal-store.js';
import { givenNow } from './give-order.js';
import { recordChange, type BatchChanges } from './batch-changes.js';
import type { InboundEvent, ReportedChange } from './inbound-event.js';
import { orderMismatches } from './reported-order.js';
import { mismatchCase } from './saga-cases.js';

/** The ledger has given the hold to the venue that is next: now that one may be asked to pay. */
export function submitAssigned(
  batch: BatchChanges,
  cause: InboundEvent,
  stored: StoredWithdrawal,
  {
    reported,
    receipt,
    timedReceipt,
    signerReceipt,
  }: Extract<ReportedChange, { kind: 'hold_assigned' }>,
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
  const until = untilOf(timedReceipt);
  const submitBy = cancel === null ? (until ?? stored.submitBy) : earlier(at, until);
  // The proof of the venue before says nothing of this one. It is kept for a ledger that loses the assignment with its database.
  const after = {
    ...{ ...stored, receipt },
    ...{ timedReceipt: timedReceipt ?? null, signerReceipt: signerReceipt ?? null },
    ...{ proof: null, assignedProof: stored.proof, orderedAt: at, submitBy },
  };
  recordChange(batch, after);
  const context = { at, authority: batch.authority, cause };
  const commands = [repeatSubmit(after), ...repeatCancel(after)];
  batch.outgoing.push(
    ...givenNow(batch, after, commands, at).map((command) =>
      commandMessage(after, command, context),
    ),
  );
}

/**
 * The connector has no submission of this withdrawal. One whose submit command did not arrive is sent again unchanged. One that the venue
 * has had already was lost with the connector's database (restored to an earlier moment), so a case is opened. It is sent again too, but
 * only when it is old enough that the connector looks it up at the venue first. What its venue has is found however late that is; what its
 * venue does not have may begin as long as the ledger's receipt lasts.
 */
export function resubmit(
  batch: BatchChanges,
  cause: InboundEvent,
  stored: StoredWithdrawal,
  at: Date,
): void {
  const { state, venue, order, tried } = stored.withdrawal;
  const send = (given: StoredWithdrawal, ...commands: readonly Command[]) => {
    const now = givenNow(batch, given, commands, at);
    if (given !== stored && now.some(({ kind }) => kind === 'submit')) recordChange(batch, given);
    batch.outgoing.push(
      ...now.map((command) =>
        commandMessage(given, command, { at, authority: batch.authority, cause }),
      ),
    );
  };
  if (state === 'submitting' && stored.receipt === null && tried.length > 0)
    return void send(stored, { kind: 'assign', notAfter: stored.submitBy });
  if (state === 'submitting') {
    const first = orderedFirst(stored, at);
    send(first, repeatSubmit(first), ...repeatCancel(first));
  }
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
    send(stored, { kind: 'submit', notAfter: untilOf(stored.timedReceipt) });
}

/** The time of its first venue begins now where the order was held back until now. */
function orderedFirst(stored: StoredWithdrawal, at: Date): StoredWithdrawal {
  if (stored.orderedAt !== null) return stored;
  const { order, tried, cancel } = stored.withdrawal;
  const deadline =
    order.submitWithinMs === null ? null : new Date(at.getTime() + order.submitWithinMs);
  const submitBy = cancel !== null ? at : tried.length > 0 ? stored.submitBy : deadline;
  return { ...stored, orderedAt: at, submitBy };
}

/** Connectors look up orders older than a minute before their first send. */
const LOOKED_UP_FIRST_AFTER_MS = 120_000;
const STATES_AFTER_SUBMISSION: ReadonlySet<State> = new Set([
  'uncertain',
  'undecided',
  'submitted',
  'broadcast',
]);
