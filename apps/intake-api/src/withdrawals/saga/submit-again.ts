import { untilOf } from '@sluice/signing';
import { earlier, type SagaCommand, type State } from '@sluice/withdrawal-core';
import { repeatCancel, repeatSubmit } from '../recovery/held-orders.js';
import { commandMessage } from '../../wire/wire.js';
import type { OpenedCase } from '../../cases/withdrawal-cases.js';
import type { StoredWithdrawal } from '../../rows/withdrawal-store.js';
import { givenNow } from '../restored/give-order.js';
import { recordChange, type BatchChanges } from './batch-changes.js';
import { isHeldNoMore, type OrderReceipts } from './record-step.js';
import type { InboundEvent, ReportedChange } from './inbound-event.js';
import { isHoldOfTriedVenue, orderMismatches } from './reported-order.js';
import { mismatchCase } from './saga-cases.js';

type Assigned = Extract<ReportedChange, { kind: 'hold_assigned' }>;

export function submitAssigned(
  batch: BatchChanges,
  cause: InboundEvent,
  stored: StoredWithdrawal,
  { reported, ...receipts }: Assigned,
  at: Date,
): void {
  const { state } = stored.withdrawal;
  if (state !== 'submitting' || stored.timedReceipt !== null) return; // answered before
  if (isHoldOfTriedVenue(stored, reported)) return;
  const differs = orderMismatches(stored, reported);
  if (differs.length > 0)
    return void batch.cases.push(
      mismatchCase(stored, { by: null, fact: { trigger: 'hold_placed' }, reported, differs }),
    );
  // Kept for a ledger that lost the assignment in a restore; not a proof of the current venue.
  const atNextVenue = { ...stored, proof: null, assignedProof: stored.proof, orderedAt: at };
  submitWith(receipts, { batch, cause, stored: atNextVenue, at });
}

/**
 * Sends an order whose ended hold a restored ledger has placed again. The order is as old as its
 * request: the connector looks for a payment before the send.
 */
export function submitHeldAgain(
  batch: BatchChanges,
  cause: InboundEvent,
  stored: StoredWithdrawal,
  receipts: OrderReceipts,
  at: Date,
): void {
  const orderedAt = stored.orderedAt ?? stored.withdrawal.order.requestedAt;
  submitWith(receipts, { batch, cause, stored: { ...stored, orderedAt }, at });
}

interface Submitted {
  readonly batch: BatchChanges;
  readonly cause: InboundEvent;
  readonly stored: StoredWithdrawal;
  readonly at: Date;
}

function submitWith(
  { timedReceipt, signerReceipt }: OrderReceipts,
  { batch, cause, stored, at }: Submitted,
): void {
  const { cancel } = stored.withdrawal;
  const until = untilOf(timedReceipt);
  const after = {
    ...stored,
    timedReceipt,
    signerReceipt: signerReceipt ?? null,
    submitBy: cancel === null ? (until ?? stored.submitBy) : earlier(at, until),
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
 * Handles a withdrawal without a submission at the connector. A submit command not received is sent
 * again unchanged, with a case after `NOT_TAKEN_AFTER_MS`; if the hold has ended, the ledger is
 * asked for the end. A submission known before was lost in a restore: a case is opened, and the
 * order is sent again only if it is old enough for a look-up at the venue before the send. It may
 * begin until the ledger's receipt ends.
 */
export function resubmit(
  batch: BatchChanges,
  cause: InboundEvent,
  stored: StoredWithdrawal,
  at: Date,
): void {
  const { state, tried, cancel } = stored.withdrawal;
  const send = (given: StoredWithdrawal, ...commands: readonly SagaCommand[]) => {
    const now = givenNow(batch, given, commands, at);
    // an order given before keeps its row: a repetition is no progress
    if (stored.orderedAt === null && now.some(({ kind }) => kind === 'submit'))
      recordChange(batch, given);
    batch.outgoing.push(
      ...now.map((command) =>
        commandMessage(given, command, { at, authority: batch.authority, cause }),
      ),
    );
  };
  if (state === 'submitting' && stored.timedReceipt === null && tried.length > 0)
    return void send(stored, { kind: 'assign', notAfter: stored.submitBy });
  if (isHeldNoMore(stored))
    return void send(stored, { kind: 'release', reason: cancel === null ? 'absent' : 'cancelled' });
  if (state === 'submitting') {
    if (isOlder(stored, at, NOT_TAKEN_AFTER_MS)) batch.cases.push(missingCase(stored));
    const first = orderedFirst(stored, at);
    send(first, repeatSubmit(first), ...repeatCancel(first));
  }
  if (!STATES_AFTER_SUBMISSION.has(state)) return;
  batch.cases.push(missingCase(stored));
  if (isOlder(stored, at, LOOKED_UP_FIRST_AFTER_MS))
    send(
      stored,
      { kind: 'submit', notAfter: cancel === null ? untilOf(stored.timedReceipt) : at },
      ...repeatCancel(stored),
    );
}

/**
 * Starts the time limit of an order held back until now: the end of the receipt, or now for a
 * cancelled order, whose cancel command could arrive late.
 */
function orderedFirst(stored: StoredWithdrawal, at: Date): StoredWithdrawal {
  const { cancel } = stored.withdrawal;
  if (stored.orderedAt !== null)
    return cancel === null ? stored : { ...stored, submitBy: earlier(at, stored.submitBy) };
  const until = untilOf(stored.timedReceipt);
  if (cancel !== null) return { ...stored, orderedAt: at, submitBy: earlier(at, until) };
  return { ...stored, orderedAt: at, submitBy: until ?? stored.submitBy };
}

function missingCase({ withdrawal: { order, state, venue } }: StoredWithdrawal): OpenedCase {
  return {
    messageId: `missing at ${venue} ${order.id}`,
    withdrawalId: order.id,
    state,
    trigger: 'submission_missing',
    detail: `the connector of ${venue} has no submission of it`,
  };
}

function isOlder({ orderedAt }: StoredWithdrawal, at: Date, ms: number): boolean {
  return orderedAt !== null && at.getTime() - orderedAt.getTime() > ms;
}

/** Longer than lost messages need to be repeated: the connector refuses the order (dead letters). */
const NOT_TAKEN_AFTER_MS = 900_000;
/** Connectors look up orders older than a minute before their first send. */
const LOOKED_UP_FIRST_AFTER_MS = 120_000;
const STATES_AFTER_SUBMISSION: ReadonlySet<State> = new Set([
  'uncertain',
  'undecided',
  'submitted',
  'broadcast',
]);
