import { refuse } from '@sluice/kernel';
import {
  assignHold,
  type Book,
  grantHold,
  type Hold,
  type HoldRefusal,
  type Instant,
  placeHold,
  releaseHold,
} from '@sluice/ledger-core';
import type { ApprovalOutcome } from '../approval-cases/approval-cases.js';
import type { BatchPolicy } from '../policy/batch-policy.js';
import type { ApprovalEndReason, LedgerCommand } from '../wire/ledger-command.js';
import * as wire from '../wire/wire.js';
import { answer, type CommandDecision, type Deciding } from './decision.js';
import type { HoldAuthority, ReceiptTime } from './hold-authority.js';

/**
 * `hold-refused` means that no money will ever be held. A reused id is `command-refused` instead,
 * because its first hold may be placed.
 */
export function decideHold(
  book: Book,
  command: Extract<LedgerCommand, { type: 'ledger.place-hold.v1' }>,
  { at, authority, orders, policy, cases, wasAllowed = false }: Omit<Deciding, 'newId'>,
): CommandDecision {
  const isNew = book.hold(command.data.withdrawalId) === undefined;
  const decision = isNew ? policy.decide(command, at, wasAllowed) : null;
  const result = placeHold(
    book,
    {
      ...withAmount(command.data),
      expiresAt: instantOrNull(command.data.expiresAt),
      digest: command.data.digest ?? null,
      reference: command.data.reference,
      isUnsigned: isNew && !orders.isSigned(command, at),
      ...(isNew && { lock: lockFor(command, authority, Boolean(decision?.asked)) }),
      ...(decision && { policy: decision.policy, policyRefusal: decision.refusal }),
    },
    at,
  );
  const isHeldBefore = !result.ok && result.refusal.kind === 'held_before';
  if (isNew && !isHeldBefore) orders.take(command, result.ok);
  if (result.ok && decision?.asked) cases.open(command, decision.asked, orders.requestOf(command));
  if (result.ok || result.refusal.kind === 'withdrawal_id_reused')
    return answer(command, result, (hold) => {
      if (authority.isAwaiting(hold) && hold.state === 'placed') return wire.approvalAsked(hold);
      const mayHaveReceipts = isNew || authority.isOurs(hold);
      const time = timeOf(command, at);
      const receipts = mayHaveReceipts ? authority.receiptsOf(hold, time) : null;
      return wire.holdPlaced(hold, receipts, orders.requestOf(command));
    });
  return { command, event: wire.holdRefused(command, result.refusal), refusal: result.refusal };
}

function lockFor(
  { data }: Extract<LedgerCommand, { type: 'ledger.place-hold.v1' }>,
  authority: HoldAuthority,
  isGuarded: boolean,
): string {
  if (isGuarded) return authority.lockOf(data.withdrawalId, 'guarded');
  return authority.lockOf(data.withdrawalId, data.expiresAt ? 'expiring' : 'lasting');
}

/**
 * Assigns a hold to another venue. A venue refused by the policy releases the hold instead, on the
 * present venue's proof, if the command allows it.
 */
export function decideAssignment(
  book: Book,
  command: Extract<LedgerCommand, { type: 'ledger.assign-hold.v1' }>,
  { at, authority, policy }: Pick<Deciding, 'at' | 'authority' | 'policy'>,
): CommandDecision {
  const { withdrawalId, from, proof, venue, releaseIfRefused } = command.data;
  const hold = book.hold(withdrawalId);
  const isAwaiting = hold !== undefined && authority.isAwaiting(hold);
  const isProven = !isAwaiting && authority.provesNothingMoved(hold, from, proof);
  const refusal = hold ? venueRefusal(hold, { from, venue, at }, policy) : null;
  if (refusal !== null && releaseIfRefused !== true)
    return answer(command, refuse(refusal), wire.venueRefused);
  const reason = refusal?.kind ?? (isAwaiting ? null : venueRefusedBefore(hold, from));
  if (reason !== null) {
    const release = { ...command.data, reason, isProven };
    return answer(command, releaseHold(book, release, at), wire.venueRefused);
  }
  return answer(command, assignHold(book, { ...command.data, isProven }, at), (assigned) =>
    wire.holdAssigned(assigned, authority.receiptsOf(assigned, timeOf(command, at))),
  );
}

/** Reasons of a release in place of an assignment. */
const VENUE_REFUSED: ReadonlySet<string> = new Set<HoldRefusal['kind']>([
  'limit_exceeded',
  'policy_denied',
]);

/** A repeated command gets the first answer. */
function venueRefusal(
  hold: Hold,
  { from, venue, at }: { readonly from: string; readonly venue: string; readonly at: Instant },
  policy: BatchPolicy,
): HoldRefusal | null {
  if (hold.assignedTo !== from) return null;
  return hold.state === 'placed' ? policy.refusalAt(hold, venue, at) : null;
}

function venueRefusedBefore(hold: Hold | undefined, from: string): string | null {
  if (hold?.state !== 'released' || hold.assignedTo !== from) return null;
  return VENUE_REFUSED.has(hold.reason) ? hold.reason : null;
}

function timeOf(
  { data }: { readonly data: { readonly submitWithinMs?: number | null } },
  at: Instant,
): ReceiptTime {
  return { at, withinMs: data.submitWithinMs ?? null };
}

/**
 * Only the venue now assigned can prove a release. A hold that waits for people needs no proof: no
 * venue had a receipt.
 */
export function decideRelease(
  book: Book,
  command: Extract<LedgerCommand, { type: 'ledger.release-hold.v1' }>,
  { at, authority, cases }: Pick<Deciding, 'at' | 'authority' | 'cases'>,
): CommandDecision {
  const { withdrawalId, proof } = command.data;
  const hold = book.hold(withdrawalId);
  const isAwaiting = hold?.state === 'placed' && authority.isAwaiting(hold);
  const isProven = !isAwaiting && authority.provesNothingMoved(hold, hold?.assignedTo, proof);
  const release = {
    ...command.data,
    proof: isProven ? proof : undefined,
    isProven: isProven || isAwaiting,
  };
  const released = releaseHold(book, release, at);
  if (isAwaiting && released.ok) cases.end(withdrawalId, 'cancelled');
  return answer(command, released, wire.holdReleased);
}

export function decideGrant(
  book: Book,
  command: Extract<LedgerCommand, { type: 'ledger.grant-hold.v1' }>,
  { at, authority, cases }: Pick<Deciding, 'at' | 'authority' | 'cases'>,
): CommandDecision {
  const { withdrawalId, submitWithinMs: withinMs, request } = command.data;
  const hold = book.hold(withdrawalId);
  const grant = hold === undefined ? '' : authority.grantOf(hold);
  const granted = grantHold(book, { ...command.data, grant });
  if (granted.ok) cases.end(withdrawalId, 'granted');
  return answer(command, granted, (placed) =>
    wire.holdPlaced(placed, authority.receiptsOf(placed, { at, withinMs }), request),
  );
}

const OUTCOME_OF: Readonly<Record<ApprovalEndReason, ApprovalOutcome>> = {
  approval_refused: 'refused',
  approval_expired: 'expired',
  policy_denied: 'denied',
};

export function decideApprovalEnd(
  book: Book,
  command: Extract<LedgerCommand, { type: 'ledger.end-approval.v1' }>,
  { at, authority, cases }: Pick<Deciding, 'at' | 'authority' | 'cases'>,
): CommandDecision {
  const { withdrawalId, reason } = command.data;
  const hold = book.hold(withdrawalId);
  const isProven = hold !== undefined && authority.isAwaiting(hold);
  const until = hold?.policy.approval?.expiresAt;
  if (reason === 'approval_expired' && until !== undefined && at < until)
    return answer(command, refuse({ kind: 'not_due' }), wire.approvalEnded);
  const released = releaseHold(book, { ...command.data, isProven }, at);
  if (released.ok) cases.end(withdrawalId, OUTCOME_OF[reason]);
  return answer(command, released, wire.approvalEnded);
}

export function withAmount<T extends { asset: string; amount: string }>(data: T) {
  return { ...data, amount: wire.amountOf(data.amount, data.asset) };
}

/** Normalizes a time: the wire allows several spellings, but the core compares times as text. */
export function instantOrNull(time: string | null | undefined): Instant | null {
  return time ? new Date(time).toISOString() : null;
}
