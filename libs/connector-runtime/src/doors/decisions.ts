import { nextState, type SubmissionState } from '@sluice/connector-core';
import type { Tx, UnitOfWork } from '@sluice/postgres';
import { ok, refuse, type Result } from '@sluice/result';
import { OWNER_COLUMNS, type EventWriter, type Owner } from '../wire.js';

/** A person's word on what became of a submission, with what it rests on. */
export interface Decision {
  readonly decision: 'paid' | 'absent';
  readonly evidence: string;
  readonly venueReference: string | null;
}

export type DecisionRefusal =
  | { kind: 'no_such_submission' }
  | { kind: 'nothing_to_decide'; state: string }
  | { kind: 'venue_reference_missing' }
  | { kind: 'venue_reference_taken' };

interface Row extends Owner {
  state: SubmissionState;
  attempt: number;
  client_reference: string;
  venue_reference: string | null;
  tx_hash: string | null;
  venue_fee: string | null;
  cancel_wished: boolean;
}

/** Records decisions and carries them out. Only where the venue's records cannot tell: unknown, undecided, or paid otherwise than asked. */
export class Decisions {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly events: EventWriter,
  ) {}

  async decide(withdrawalId: string, decision: Decision): Promise<Result<{ state: string }, DecisionRefusal>> {
    return this.unitOfWork.run(async (tx) => {
      const [row] = await tx.query<Row>(LOCK, [withdrawalId]);
      if (!row) return refuse({ kind: 'no_such_submission' });
      const next = nextState(row.state, decision.decision === 'paid' ? 'decided_paid' : 'decided_absent');
      if (!next.ok) return refuse({ kind: 'nothing_to_decide', state: row.state });
      if (row.state === 'disputed') return ok({ state: await this.settleDispute(tx, row, decision) });
      if (next.value === 'absent') return ok({ state: await this.declareAbsent(tx, row, decision) });
      const { venueReference } = decision;
      if (venueReference === null) return refuse({ kind: 'venue_reference_missing' });
      const taken = await tx.query(
        'SELECT FROM submission WHERE form = (SELECT form FROM submission WHERE withdrawal_id = $1) AND venue_reference = $2',
        [withdrawalId, venueReference],
      );
      if (taken.length > 0) return refuse({ kind: 'venue_reference_taken' });
      return ok({ state: await this.adopt(tx, row, decision, venueReference) });
    });
  }

  /** The record it names is followed to its end like any other. */
  private async adopt(tx: Tx, row: Row, decision: Decision, venueReference: string): Promise<string> {
    await this.record(tx, row, decision, 'accepted', 'accepted');
    await tx.query('UPDATE submission SET accepted_at = clock_timestamp(), next_action_at = clock_timestamp() WHERE withdrawal_id = $1', [
      row.withdrawal_id,
    ]);
    tx.publish(this.events.accepted(row, { venueReference, clientReference: row.client_reference, txHash: null }));
    return 'accepted';
  }

  private async declareAbsent(tx: Tx, row: Row, decision: Decision): Promise<string> {
    const reason = row.cancel_wished ? 'cancelled' : 'proven_absent';
    await this.record(tx, row, decision, 'refused', 'absent');
    await tx.query('UPDATE submission SET reason = $2 WHERE withdrawal_id = $1', [row.withdrawal_id, reason]);
    tx.publish(this.events.refused(row, { reason, venueCode: null, message: `decided by an operator: ${decision.evidence}` }));
    return 'refused';
  }

  private async settleDispute(tx: Tx, row: Row, decision: Decision): Promise<string> {
    const venueReference = row.venue_reference ?? '';
    const state = decision.decision === 'paid' ? 'settled' : 'failed';
    await this.record(tx, row, decision, state, decision.decision === 'paid' ? 'accepted' : 'failed');
    if (state === 'settled') tx.publish(this.events.settled(row, { venueReference, txHash: row.tx_hash, venueFee: row.venue_fee }));
    else
      tx.publish(
        this.events.failed(row, {
          venueReference,
          reason: 'decided_absent',
          message: `decided by an operator: ${decision.evidence}`,
          cancelled: false,
        }),
      );
    return state;
  }

  private async record(tx: Tx, row: Row, decision: Decision, state: string, attemptState: string): Promise<void> {
    await tx.query(`INSERT INTO decision (withdrawal_id, attempt, from_state, decision, evidence, venue_reference) VALUES ($1, $2, $3, $4, $5, $6)`, [
      row.withdrawal_id,
      row.attempt,
      row.state,
      decision.decision,
      decision.evidence,
      decision.venueReference,
    ]);
    await tx.query(MOVE, [row.withdrawal_id, state, decision.venueReference]);
    await tx.query('UPDATE attempt SET state = $3 WHERE withdrawal_id = $1 AND number = $2', [row.withdrawal_id, row.attempt, attemptState]);
  }
}

const LOCK = `
  SELECT ${OWNER_COLUMNS}, s.state, s.attempt, s.client_reference, s.venue_reference, s.tx_hash, s.venue_fee::text,
         s.cancel_state IS NOT DISTINCT FROM 'wished' AS cancel_wished
    FROM submission s WHERE s.withdrawal_id = $1 FOR UPDATE`;

const MOVE = `
  UPDATE submission SET state = $2, venue_reference = coalesce(venue_reference, $3), next_action_at = NULL,
         finished_at = CASE WHEN $2 IN ('settled','failed','refused') THEN clock_timestamp() END
   WHERE withdrawal_id = $1`;
