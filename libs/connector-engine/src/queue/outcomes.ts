import { Injectable } from '@nestjs/common';
import {
  AFTER_ATTEMPT,
  formNamed,
  type AnswerEvidence,
  type SubmitOutcome,
  type VenueCapabilities,
} from '@sluice/connector-rules';
import { UnitOfWork, rowsJson, type Tx } from '@sluice/postgres';
import { InjectConfig } from '@sluice/service-shell';
import { SendAuthority } from '../authority/send-authority.js';
import { openCases } from '../cases/open-cases.js';
import { from, stateBy, type StoredRefusal } from '../rows/state-sql.js';
import { InjectCapabilities } from '../tokens/tokens.js';
import { REFUSE_PREPARED } from './queue-sql.js';
import { EventWriter, publishEnded, TRACE_COLUMNS, type Trace } from '../wire/event-writer.js';
import type { Claim } from './submission-queue.js';

export interface ClaimOutcome {
  readonly claim: Claim;
  readonly outcome: SubmitOutcome;
}

export interface RefusedOrder {
  readonly withdrawalId: string;
  readonly reason: string;
  readonly message: string;
}

interface Stored extends Trace {
  readonly published_before: boolean;
}

const BODY_LIMIT = 2_048;
const FIRST_LOOK_MS = 500;
const FIRST_POLL_MS = 100;

/** Stores outcomes with their events. An outcome after the lease changes no row and opens a case. */
@Injectable()
export class Outcomes {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly events: EventWriter,
    @InjectConfig() private readonly options: { readonly refusalLookupAfterMs: number },
    private readonly authority: SendAuthority,
    @InjectCapabilities() private readonly capabilities: Pick<VenueCapabilities, 'venue' | 'forms'>,
  ) {}

  /** Returns the number of outcomes rejected by token. Throws 23505 for a reference given twice. */
  async store(batch: readonly ClaimOutcome[]): Promise<number> {
    return this.unitOfWork.run(async (tx) => {
      const rows = await tx.query<Stored>(STORE, [
        rowsJson(
          batch.map((one) => ({
            ...asRow(one, this.pauseMs(one)),
            nothing_moved_seal: this.sealOf(one),
          })),
        ),
      ]);
      const stored = new Map(rows.map((row) => [row.withdrawal_id, row]));
      const fenced = batch.filter(({ claim }) => !stored.has(claim.withdrawalId));
      for (const { claim, outcome } of batch) {
        const row = stored.get(claim.withdrawalId);
        if (row) this.publish(tx, row, claim, outcome);
      }
      if (fenced.length > 0) await openCases(tx, fenced.map(fencedCase));
      return fenced.length;
    });
  }

  /** Refuses orders never payable by the venue; no request was sent for them. */
  async refuse(refusals: readonly RefusedOrder[]): Promise<void> {
    await this.unitOfWork.run(async (tx) => {
      const rows = refusals.map(({ withdrawalId, reason, message }) => ({
        withdrawal_id: withdrawalId,
        reason,
        message,
      }));
      const refused = await tx.query<Trace & { reason: string; message: string }>(REFUSE_PREPARED, [
        rowsJson(rows),
      ]);
      for (const row of refused)
        publishEnded(
          tx,
          this.events.refused(row, { reason: row.reason, venueCode: null, message: row.message }),
        );
    });
  }

  /** Seals only an attempt not sent: only after this outcome may another attempt follow. */
  private sealOf({ claim: { withdrawalId, attempt }, outcome }: ClaimOutcome): string | null {
    return outcome.kind === 'not_sent'
      ? this.authority.sealNothingMoved({ withdrawalId, number: attempt })
      : null;
  }

  private pauseMs({ claim, outcome }: ClaimOutcome): number {
    switch (outcome.kind) {
      case 'accepted':
        return FIRST_POLL_MS;
      case 'refused':
        return this.options.refusalLookupAfterMs;
      case 'unknown':
        return FIRST_LOOK_MS;
      case 'not_sent':
        return outcome.evidence.status === null || this.isReplayed(claim)
          ? outcome.retryAfterMs
          : Math.max(outcome.retryAfterMs, this.options.refusalLookupAfterMs);
    }
  }

  /** True if the venue answers a repeated key with the first payment; others would pay twice. */
  private isReplayed({ request }: Claim): boolean {
    return formNamed(this.capabilities, request.form).recovery === 'replay';
  }

  private publish(tx: Tx, row: Stored, claim: Claim, outcome: SubmitOutcome): void {
    switch (outcome.kind) {
      case 'accepted':
        return this.publishAccepted(tx, row, claim, outcome);
      case 'refused':
        return undefined; // published when the venue's records were searched: `RefusalCheck`
      case 'unknown':
        return this.publishUnknown(tx, row, outcome.cause);
      case 'not_sent':
        return undefined;
    }
  }

  private publishUnknown(tx: Tx, row: Stored, cause: string): void {
    if (!row.published_before)
      tx.publish(this.events.unknown(row, { cause, needsDecision: false }));
  }

  /** A venue that names the transaction has sent it: the record contains no newer fact. */
  private publishAccepted(
    tx: Tx,
    row: Stored,
    { clientReference }: Claim,
    { venueReference, txHash }: Extract<SubmitOutcome, { kind: 'accepted' }>,
  ): void {
    const fact = { venueReference, clientReference, txHash: txHash ?? null };
    tx.publish(this.events.accepted(row, fact));
    if (txHash !== undefined) tx.publish(this.events.broadcast(row, { venueReference, txHash }));
  }
}

function asRow({ claim, outcome }: ClaimOutcome, pauseMs: number) {
  const evidence: AnswerEvidence = outcome.evidence;
  return {
    withdrawal_id: claim.withdrawalId,
    token: claim.token,
    kind: outcome.kind,
    venue_reference: outcome.kind === 'accepted' ? outcome.venueReference : null,
    tx_hash: outcome.kind === 'accepted' ? (outcome.txHash ?? null) : null,
    refusal: refusalOf(outcome),
    pause_ms: pauseMs,
    response_status: evidence.status,
    response_body: evidence.body.slice(0, BODY_LIMIT),
    cause:
      outcome.kind === 'accepted'
        ? null
        : outcome.kind === 'refused'
          ? outcome.message
          : outcome.cause,
  };
}

function refusalOf(outcome: SubmitOutcome): StoredRefusal | null {
  if (outcome.kind === 'unknown' && outcome.isForeign === true)
    return { basis: 'foreign', reason: 'foreign_answer', venueCode: null, message: outcome.cause };
  if (outcome.kind !== 'refused') return null;
  const { basis, reason, venueCode, message } = outcome;
  return { basis, reason, venueCode, message };
}

function fencedCase({ claim, outcome }: ClaimOutcome) {
  const result =
    outcome.kind === 'accepted' ? `accepted as ${outcome.venueReference}` : outcome.kind;
  return {
    withdrawalId: claim.withdrawalId,
    kind: 'late_outcome',
    text: `an answer arrived after its lease had ended and was ignored: ${result}`,
  };
}

// After not_sent the next attempt follows under the same reference, once the records must list a
// payment, and they are searched first. refused and unknown do not end the attempt.
export const STORE = `
  WITH o AS (
    SELECT * FROM json_to_recordset($1::json) AS o(withdrawal_id uuid, token bigint, kind text, venue_reference text, tx_hash text, refusal jsonb, pause_ms float8,
                                                   response_status int, response_body text, cause text, nothing_moved_seal text)),
  before AS (
    SELECT s.withdrawal_id, s.unknown_published FROM submission s JOIN o USING (withdrawal_id)
     WHERE s.state ${from('outcome_unknown')} AND s.lease_token = o.token ORDER BY s.withdrawal_id FOR UPDATE OF s),
  s AS (
    UPDATE submission s
       SET state = ${stateBy('o.kind', { accepted: 'venue_accepted', refused: 'venue_refused', unknown: 'outcome_unknown', not_sent: { state: AFTER_ATTEMPT.again } })},
           attempt = s.attempt + (o.kind = 'not_sent')::int,
           lookup_first = s.lookup_first OR (o.kind = 'not_sent' AND o.response_status IS NOT NULL),
           venue_reference = o.venue_reference, tx_hash = coalesce(o.tx_hash, s.tx_hash), refusal = o.refusal,
           lease_owner = NULL, lease_token = NULL, lease_until = NULL, postponed_for = CASE o.kind WHEN 'not_sent' THEN o.cause END,
           given_up_at = CASE o.kind WHEN 'unknown' THEN clock_timestamp() END,
           unknown_published = s.unknown_published OR o.kind = 'unknown',
           next_action_at = clock_timestamp() + o.pause_ms * CASE o.kind WHEN 'unknown' THEN power(2, least(s.resends, 9)) ELSE 1 END * interval '1 millisecond',
           accepted_at = CASE o.kind WHEN 'accepted' THEN clock_timestamp() END,
           attempt_state = ${stateBy('o.kind', { accepted: 'venue_accepted', refused: 'venue_refused', unknown: 'outcome_unknown', not_sent: 'nothing_sent' })},
           answered_at = clock_timestamp(), response_status = o.response_status, response_body = o.response_body, cause = o.cause, nothing_moved_seal = o.nothing_moved_seal
      FROM o JOIN before b USING (withdrawal_id) WHERE s.withdrawal_id = o.withdrawal_id
    RETURNING s.withdrawal_id, s.digest, s.traceparent, s.correlation_id, s.causation_id, b.unknown_published AS published_before)
  SELECT ${TRACE_COLUMNS}, s.published_before FROM s`;
