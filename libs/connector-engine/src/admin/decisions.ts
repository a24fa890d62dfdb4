import { Injectable } from '@nestjs/common';
import type { AwaitedDto, Caller } from '@sluice/http-api';
import { AFTER_ATTEMPT, nextState, type SubmissionState } from '@sluice/connector-rules';
import { Amount, ok, refuse, type Result } from '@sluice/kernel';
import { Database, UnitOfWork, type Tx } from '@sluice/postgres';
import { Approvals, type Agreement, type Demand } from '@sluice/service-shell';
import { recipientOf, type RecipientColumns } from '../rows/recipient-columns.js';
import { EventWriter, publishEnded, type BlockColumns, type Trace } from '../wire/event-writer.js';
import { ADOPTED, MOVE, NOT_THIS_ORDER, ROW, TAKEN } from './decision-sql.js';
import { DecisionEntity } from './decision.entity.js';
import { VenueProof, type DecidedSubmission, type ProofRefusal } from './venue-proof.js';

/** An operator's decision on the outcome of a submission, with the evidence. */
export interface SubmissionDecision {
  readonly decision: 'paid' | 'absent';
  readonly evidence: string;
  readonly venueReference: string | null;
}

/** The state after a decision was carried out, or a pending approval by a second person. */
export type Decided = { readonly state: string } | AwaitedDto;

/** Action name of decision approvals. */
export const DECIDE = 'decide submission';

export type DecisionRefusal =
  | { kind: 'no_such_submission' }
  | { kind: 'nothing_to_decide'; state: string }
  | { kind: 'venue_reference_missing' }
  | { kind: 'venue_reference_taken' }
  | ProofRefusal;

interface DecidableRow extends Trace, RecipientColumns, BlockColumns {
  state: SubmissionState;
  form: string;
  attempt: number;
  amount: string;
  gross: string;
  client_reference: string;
  venue_reference: string | null;
  tx_hash: string | null;
  venue_fee: string | null;
  cancel_wished: boolean;
  venue_time: Date;
  last_venue_time: Date;
  silent_ms: number;
  correctable: boolean;
  /**
   * True if the order was not sent from this connector and an unclaimed record may belong to the
   * order.
   */
  suspected: boolean;
  /** Time of the last restore of the database, and the milliseconds since; null without one. */
  went_back_at: Date | null;
  went_back_ms: number | null;
}

/**
 * Records decisions and carries them out where the venue's records show no outcome: unknown,
 * undecided, paid otherwise than ordered, or accepted and never listed by the venue. Each decision
 * is checked against the venue first. A named record must exist and match, and absence is refused
 * while the venue may still act on the request. A decision cannot be reverted, so two people must
 * make it.
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
    // People compare the venue's record with the order. No look-up checks this decision.
    if (row.state === 'disputed') return ok(undefined);
    if (decision.decision === 'absent') {
      const remembered = this.proof.remembered(row);
      // no other request exists for the venue to act on
      return row.suspected || !remembered.ok ? remembered : this.proof.absent(decided(row));
    }
    return decision.venueReference === null
      ? refuse({ kind: 'venue_reference_missing' })
      : this.proof.paid(decided(row), decision.venueReference);
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
    if (row.state === 'disputed') return this.settleDispute(tx, row, decision);
    if (decision.decision === 'paid') return this.adopt(tx, row, decision.venueReference ?? '');
    return row.state === 'accepted'
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

  /**
   * Ends as absent a submission in state accepted (by the venue or by a decision), because the
   * venue has never listed the payment.
   */
  private async takeBack(tx: Tx, row: DecidableRow, decision: SubmissionDecision): Promise<string> {
    const state = await this.move(tx, row, 'absent', 'absent', null);
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

  private async settleDispute(
    tx: Tx,
    row: DecidableRow,
    decision: SubmissionDecision,
  ): Promise<string> {
    const venueReference = row.venue_reference ?? '';
    const isPaid = decision.decision === 'paid';
    const state = await this.move(tx, row, decision.decision, isPaid ? 'accepted' : 'failed', null);
    if (isPaid)
      tx.publish(
        this.events.settled(
          row,
          { venueReference, txHash: row.tx_hash, venueFee: row.venue_fee },
          row,
        ),
      );
    else
      publishEnded(
        tx,
        this.events.failed(row, {
          venueReference,
          reason: 'decided_absent',
          message: `decided by an operator: ${decision.evidence}`,
          cancelled: false,
        }),
      );
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
    await tx.query(MOVE, [row.withdrawal_id, state, venueReference]);
    await tx.query('UPDATE attempt SET state = $3 WHERE withdrawal_id = $1 AND number = $2', [
      row.withdrawal_id,
      row.attempt,
      attemptState,
    ]);
    return state;
  }
}

/**
 * Returns the state after the decision according to the transition table; null if no decision
 * applies. No further attempt follows a decision of absent.
 */
export function decidedState(
  from: SubmissionState,
  decision: SubmissionDecision['decision'],
): SubmissionState | null {
  const next = nextState(from, decision === 'paid' ? 'decided_paid' : 'decided_absent');
  if (!next.ok) return null;
  return next.value === 'absent' ? AFTER_ATTEMPT.given_up : next.value;
}

/**
 * An accepted submission is open only while unproven: the venue missed the time to list the
 * payment, or a person decided the submission before.
 */
function isOpenTo(row: DecidableRow, { decision }: SubmissionDecision): boolean {
  // a submission waiting to be sent needs no decision
  if (row.state === 'prepared' && !row.suspected) return false;
  return (
    decidedState(row.state, decision) !== null && (row.state !== 'accepted' || row.correctable)
  );
}

async function isTaken(tx: Tx, withdrawalId: string, venueReference: string): Promise<boolean> {
  return (await tx.query(TAKEN, [withdrawalId, venueReference])).length > 0;
}

/**
 * The decision with the state and attempt of its submission. If either has changed, the decision
 * must be requested again.
 */
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
    endedForMs: null,
    clientReference: row.client_reference,
    firstSentAt: row.venue_time,
    lastSentAt: row.last_venue_time,
    silentMs: row.silent_ms,
  };
}
