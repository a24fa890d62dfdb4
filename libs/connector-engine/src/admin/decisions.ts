import { Injectable } from '@nestjs/common';
import type { AwaitedDto, Caller } from '@sluice/http-api';
import { AFTER_ATTEMPT, nextState, type SubmissionState } from '@sluice/connector-rules';
import { Amount, ok, refuse, type Result } from '@sluice/kernel';
import { Database, UnitOfWork, type Tx } from '@sluice/postgres';
import { Approvals, type Agreement, type Demand } from '@sluice/service-shell';
import { publishReturned } from '../status/apply-returns.js';
import { recipientOf } from '../rows/state-sql.js';
import { EventWriter, publishEnded } from '../wire/event-writer.js';
import {
  ADOPTED,
  MOVE,
  NOT_THIS_ORDER,
  RETURNED_AMOUNT,
  OF_EQUAL_ORDERS,
  ROW,
  TAKEN,
  type DecidableRow,
} from './decision-sql.js';
import { DecisionEntity } from './decision.entity.js';
import { VenueProof, type DecidedSubmission, type ProofRefusal } from './venue-proof.js';

export interface SubmissionDecision {
  readonly decision: 'paid' | 'absent' | 'returned';
  readonly evidence: string;
  readonly venueReference: string | null;
  /** Amount that came back; null for the whole payment. Only for a decision of returned. */
  readonly amount?: string | null;
}

/** The state after a decision was carried out, or a pending approval by a second person. */
export type Decided = { readonly state: string } | AwaitedDto;

export const DECIDE = 'decide submission';

export type DecisionRefusal =
  | { kind: 'no_such_submission' }
  | { kind: 'nothing_to_decide'; state: string }
  | { kind: 'venue_reference_missing' }
  | { kind: 'venue_reference_taken' }
  | { kind: 'amount_not_returnable'; paid: string }
  | ProofRefusal;

/**
 * Records decisions about submissions whose outcome the records do not show. Each decision is
 * checked against the venue, cannot be reverted, and needs two people.
 */
@Injectable()
export class Decisions {
  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    private readonly events: EventWriter,
    private readonly proof: VenueProof,
    private readonly approvals: Approvals,
  ) {}

  async decide(
    withdrawalId: string,
    decision: SubmissionDecision,
    caller: Caller,
  ): Promise<Result<Decided, DecisionRefusal>> {
    const [seen] = await this.database.query<DecidableRow>(ROW, [withdrawalId]);
    if (!seen) return refuse({ kind: 'no_such_submission' });
    if (!isOpenTo(seen, decision)) return refuse({ kind: 'nothing_to_decide', state: seen.state });
    const proven = await this.proven(seen, decision); // no transaction is open while the venue is asked
    if (!proven.ok) return proven;
    return this.unitOfWork.run(async (tx) => {
      const [row] = await tx.query<DecidableRow>(`${ROW} FOR UPDATE`, [withdrawalId]);
      if (!row) return refuse({ kind: 'no_such_submission' });
      if (row.state !== seen.state || row.attempt !== seen.attempt || !isOpenTo(row, decision))
        return refuse({ kind: 'nothing_to_decide', state: row.state });
      if (
        decision.venueReference !== null &&
        (await isTaken(tx, withdrawalId, decision.venueReference))
      )
        return refuse({ kind: 'venue_reference_taken' });
      const demand = demandOf(row, decision);
      const awaited = await this.approvals.ask(tx, demand, caller);
      if (awaited) return ok(awaited);
      const people = await this.approvals.approve(tx, demand, caller);
      return ok({ state: await this.carryOut(tx, row, decision, people) });
    });
  }

  private async proven(
    row: DecidableRow,
    decision: SubmissionDecision,
  ): Promise<Result<void, DecisionRefusal>> {
    if (decision.decision === 'returned') return isPart(row, decision.amount ?? null);
    const isDisputed = row.state === 'disputed';
    if (decision.decision === 'absent') {
      const remembered = this.proof.remembered(row);
      // no other request exists for the venue to act on
      if (row.suspected || !remembered.ok) return remembered;
      const absent = this.proof.absent(decided(row));
      // The disputed record may be of another order, and the venue may list this order's own payment.
      return isDisputed && absent.ok ? this.unlisted(row) : absent;
    }
    if (decision.venueReference !== null)
      return this.proof.paid(decided(row), decision.venueReference);
    // Without a reference, people decide that the disputed record pays this order.
    return isDisputed ? ok(undefined) : refuse({ kind: 'venue_reference_missing' });
  }

  private unlisted(row: DecidableRow): Promise<Result<void, DecisionRefusal>> {
    return this.proof.unlisted(decided(row), async (references) => {
      const rows = await this.database.query<{ venue_reference: string }>(OF_EQUAL_ORDERS, [
        row.withdrawal_id,
        references,
      ]);
      return new Set(rows.map(({ venue_reference: reference }) => reference));
    });
  }

  private async carryOut(
    tx: Tx,
    row: DecidableRow,
    decision: SubmissionDecision,
    { requestedBy: decidedBy, approvedBy: confirmedBy }: Agreement,
  ): Promise<string> {
    const { withdrawal_id: withdrawalId, attempt, state: fromState } = row;
    await tx
      .repository(DecisionEntity)
      .insert({ withdrawalId, attempt, fromState, ...decision, decidedBy, confirmedBy });
    if (decision.decision === 'returned') return this.takeReturn(tx, row, decision);
    const isDisputed = row.state === 'disputed';
    if (decision.decision === 'paid')
      return isDisputed
        ? this.settleDispute(tx, row, decision)
        : this.adopt(tx, row, decision.venueReference ?? '');
    return isDisputed || row.state === 'accepted'
      ? this.takeBack(tx, row, decision)
      : this.declareAbsent(tx, row, decision);
  }

  /** Adopts the record named by the decision; the submission is tracked to the end as usual. */
  private async adopt(tx: Tx, row: DecidableRow, venueReference: string): Promise<string> {
    const state = await this.move(tx, row, 'paid', 'accepted', venueReference);
    await tx.query(ADOPTED, [row.withdrawal_id]);
    if (row.state !== 'accepted')
      tx.publish(
        this.events.accepted(row, {
          venueReference,
          clientReference: row.client_reference,
          txHash: null,
        }),
      );
    return state;
  }

  private async declareAbsent(
    tx: Tx,
    row: DecidableRow,
    decision: SubmissionDecision,
  ): Promise<string> {
    const reason = row.cancel_wished ? 'cancelled' : 'proven_absent';
    if (row.suspected) await tx.query(NOT_THIS_ORDER, [row.withdrawal_id]);
    const state = await this.move(tx, row, 'absent', 'absent', null);
    await tx.query('UPDATE submission SET reason = $2 WHERE withdrawal_id = $1', [
      row.withdrawal_id,
      reason,
    ]);
    publishEnded(
      tx,
      this.events.refused(row, {
        reason,
        venueCode: null,
        message: `decided by an operator: ${decision.evidence}`,
      }),
    );
    return state;
  }

  /** Ends a submission as absent: the venue has never listed a payment of this order. */
  private async takeBack(tx: Tx, row: DecidableRow, decision: SubmissionDecision): Promise<string> {
    const attemptState = row.state === 'disputed' ? 'failed' : 'absent';
    const state = await this.move(tx, row, 'absent', attemptState, null);
    await tx.query('UPDATE submission SET reason = $2 WHERE withdrawal_id = $1', [
      row.withdrawal_id,
      'decided_absent',
    ]);
    const message = `decided by two operators: ${decision.evidence}`;
    const venueReference = row.venue_reference ?? '';
    publishEnded(
      tx,
      this.events.failed(row, {
        venueReference,
        reason: 'decided_absent',
        message,
        cancelled: false,
      }),
    );
    return state;
  }

  /** Settles a dispute by the named record, or by the disputed record without a name. */
  private async settleDispute(
    tx: Tx,
    row: DecidableRow,
    { venueReference: named }: SubmissionDecision,
  ): Promise<string> {
    const state = await this.move(tx, row, 'paid', 'accepted', named);
    const venueReference = named ?? row.venue_reference ?? '';
    // hash and fee belong to the disputed record
    const isOther = venueReference !== row.venue_reference;
    const [txHash, venueFee] = isOther ? [null, null] : [row.tx_hash, row.venue_fee];
    tx.publish(this.events.settled(row, { venueReference, txHash, venueFee, received: null }, row));
    return state;
  }

  /** The hash stays: the payment was made, and its money came back. */
  private async takeReturn(
    tx: Tx,
    row: DecidableRow,
    { amount: part = null, evidence }: SubmissionDecision,
  ): Promise<string> {
    const amount = part ?? row.amount;
    await tx.query(RETURNED_AMOUNT, [row.withdrawal_id, amount]);
    const state = await this.move(tx, row, 'returned', 'accepted', null);
    const returned = { ...row, amount, venue_reference: row.venue_reference ?? '' };
    const message = `decided by two operators: ${evidence}`;
    publishReturned(tx, this.events, returned, { reason: 'decided_returned', message });
    return state;
  }

  private async move(
    tx: Tx,
    row: DecidableRow,
    decision: SubmissionDecision['decision'],
    attemptState: SubmissionState,
    venueReference: string | null,
  ): Promise<string> {
    const state = decidedState(row.state, decision);
    if (state === null) throw new Error(`${row.state} cannot be decided as ${decision}`);
    await tx.query(MOVE, [row.withdrawal_id, state, venueReference, attemptState]);
    return state;
  }
}

const TRIGGER_OF = {
  paid: 'decided_paid',
  absent: 'decided_absent',
  returned: 'decided_returned',
} as const;

function isPart(
  { amount: paid, asset }: DecidableRow,
  part: string | null,
): Result<void, DecisionRefusal> {
  if (part === null) return ok(undefined);
  const [returned, whole] = [Amount.of(part, asset), Amount.of(paid, asset)];
  return returned.isPositive() && !whole.lessThan(returned)
    ? ok(undefined)
    : refuse({ kind: 'amount_not_returnable', paid });
}

/** Returns the state after the decision; null if no decision applies. Nothing follows `absent`. */
export function decidedState(
  from: SubmissionState,
  decision: SubmissionDecision['decision'],
): SubmissionState | null {
  const next = nextState(from, TRIGGER_OF[decision]);
  if (!next.ok) return null;
  return next.value === 'absent' ? AFTER_ATTEMPT.given_up : next.value;
}

/** An accepted submission is open only while unlisted, or after an earlier decision. */
function isOpenTo(row: DecidableRow, { decision }: SubmissionDecision): boolean {
  // a submission waiting to be sent needs no decision
  if (row.state === 'prepared' && !row.suspected) return false;
  // a payment that we follow on its chain does not come back
  if (decision === 'returned' && row.block_number !== null) return false;
  return (
    decidedState(row.state, decision) !== null && (row.state !== 'accepted' || row.correctable)
  );
}

async function isTaken(tx: Tx, withdrawalId: string, venueReference: string): Promise<boolean> {
  return (await tx.query(TAKEN, [withdrawalId, venueReference])).length > 0;
}

/** The decision with state and attempt: if either changes, the decision must be requested again. */
function demandOf(
  { withdrawal_id: target, state, attempt }: DecidableRow,
  decision: SubmissionDecision,
): Demand {
  return { action: DECIDE, target, request: { ...decision, state, attempt } };
}

function decided(row: DecidableRow): DecidedSubmission {
  return {
    withdrawalId: row.withdrawal_id,
    form: row.form,
    state: row.state,
    ...recipientOf(row),
    amount: Amount.of(row.amount, row.asset),
    gross: Amount.of(row.gross, row.asset),
    txHash: row.tx_hash,
    cancelRequested: row.cancel_wished,
    cancelSeenForMs: null,
    endedForMs: null,
    clientReference: row.client_reference,
    firstSentAt: row.venue_time,
    lastSentAt: row.last_venue_time,
    silentMs: row.silent_ms,
  };
}
