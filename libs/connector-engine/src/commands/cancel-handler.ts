import { Injectable } from '@nestjs/common';
import {
  formNamed,
  isTerminal,
  nextState,
  type SubmissionState,
  type VenueAdapter,
  type VenueCancelOutcome,
  type VenueCapabilities,
} from '@sluice/connector-rules';
import { rowsJson, type Tx, UnitOfWork } from '@sluice/postgres';
import type { BackgroundLoop, Logger } from '@sluice/runtime';
import { InjectLogger } from '@sluice/service-shell';
import { SubmissionLoops } from '../loops/submission-loops.js';
import type { WorkerLease } from '../loops/worker-lease.js';
import { stateBy } from '../rows/state-sql.js';
import { InjectCapabilities, InjectVenueAdapter } from '../tokens/tokens.js';
import { EventWriter, publishEnded, type Trace, TRACE_COLUMNS } from '../wire/event-writer.js';
import type { CancelCommand } from './venue-command.js';

interface Wished extends Trace {
  readonly form: string;
  readonly state: SubmissionState;
  readonly cancel_state: string | null;
  readonly lookup_first: boolean;
  readonly reason: string;
  /** End reason of the submission; null while open. */
  readonly reason_ended: string | null;
}

const NO_WAY_TO_CANCEL = 'this venue offers no way to cancel such a transfer';

type CancelAnswer =
  | { kind: 'withdrawn' }
  | { kind: 'noted' }
  | { kind: 'impossible'; message: string }
  | { kind: 'already' };

/**
 * Handles cancel requests. An unsent submission is refused at once; any other is noted, and ends as
 * cancelled if it proves not sent or absent.
 */
@Injectable()
export class CancelHandler {
  constructor(
    @InjectCapabilities() private readonly capabilities: VenueCapabilities,
    private readonly events: EventWriter,
  ) {}

  async note(tx: Tx, commands: readonly CancelCommand[]): Promise<void> {
    if (commands.length === 0) return;
    const wishes = commands.map(({ data }) => ({
      withdrawal_id: data.withdrawalId,
      reason: data.reason,
    }));
    const rows = await tx.query<Wished>(LOCK, [rowsJson(wishes)]);
    const answers = rows.map((row) => ({ row, answer: this.answer(row) }));
    await tx.query(APPLY_CANCELS, [
      rowsJson(
        answers.map(({ row, answer }) => ({
          withdrawal_id: row.withdrawal_id,
          answer: answer.kind,
          reason: row.reason,
        })),
      ),
    ]);
    for (const { row, answer } of answers) {
      if (answer.kind === 'withdrawn')
        publishEnded(
          tx,
          this.events.refused(row, {
            reason: 'cancelled',
            venueCode: null,
            message: `cancelled before it was sent: ${row.reason}`,
          }),
        );
      if (answer.kind === 'impossible') tx.publish(this.events.cancelRefused(row, answer.message));
    }
    this.answerMissing(tx, commands, rows);
  }

  private answer(row: Wished): CancelAnswer {
    if (nextState(row.state, 'withdrawn').ok && !row.lookup_first) return { kind: 'withdrawn' };
    // cancelled as requested; the event is under way
    if (row.reason_ended === 'cancelled') return { kind: 'already' };
    if (isTerminal(row.state))
      return { kind: 'impossible', message: `it has ended already as ${row.state}` };
    if (HAD_BY_VENUE.has(row.state) && !formNamed(this.capabilities, row.form).cancellable)
      return { kind: 'impossible', message: NO_WAY_TO_CANCEL };
    return row.cancel_state === null ? { kind: 'noted' } : { kind: 'already' };
  }

  /** Commands of a withdrawal are ordered: a cancel without a submission means a lost order. */
  private answerMissing(
    tx: Tx,
    commands: readonly CancelCommand[],
    known: readonly Wished[],
  ): void {
    const ids = new Set(known.map((row) => row.withdrawal_id));
    for (const { id, data } of commands) {
      if (ids.has(data.withdrawalId)) continue;
      tx.publish(this.events.missing(data.withdrawalId, id));
    }
  }
}

const HAD_BY_VENUE: ReadonlySet<SubmissionState> = new Set(['accepted', 'disputed']);

const LOCK = `
  SELECT ${TRACE_COLUMNS}, s.form, s.state, s.cancel_state, s.lookup_first, w.reason, CASE WHEN s.state IN ('refused','failed') THEN s.reason END AS reason_ended
    FROM submission s JOIN json_to_recordset($1::json) AS w(withdrawal_id uuid, reason text) USING (withdrawal_id)
   ORDER BY s.withdrawal_id FOR UPDATE OF s`;

export const APPLY_CANCELS = `
  UPDATE submission s
     SET state = ${stateBy('a.answer', { withdrawn: 'withdrawn' }, 's.state')},
         reason = CASE a.answer WHEN 'withdrawn' THEN 'cancelled' ELSE s.reason END,
         finished_at = CASE a.answer WHEN 'withdrawn' THEN now() ELSE s.finished_at END,
         next_action_at = CASE a.answer WHEN 'withdrawn' THEN NULL ELSE s.next_action_at END,
         cancel_state = CASE a.answer WHEN 'noted' THEN 'wished' WHEN 'impossible' THEN 'refused' ELSE s.cancel_state END,
         cancel_reason = a.reason
    FROM json_to_recordset($1::json) AS a(withdrawal_id uuid, answer text, reason text)
   WHERE s.withdrawal_id = a.withdrawal_id AND a.answer <> 'already'`;

const REST_MS = 500;
const AT_ONCE = 20;

interface WishedCancel extends Trace {
  readonly venue_reference: string;
  readonly form: string;
}

/** Requests the venue to cancel. The final status of the record decides, not the answer. */
@Injectable()
export class Canceller {
  readonly loop: BackgroundLoop;

  constructor(
    @InjectVenueAdapter() private readonly adapter: VenueAdapter,
    private readonly unitOfWork: UnitOfWork,
    private readonly events: EventWriter,
    loops: SubmissionLoops,
    @InjectLogger() private readonly logger: Logger,
  ) {
    this.loop = loops.whileDue(
      { name: 'canceller', lease: 'canceller', work: 'cancels', idleMs: REST_MS },
      (lease) => this.step(lease),
    );
  }

  private async step(lease: WorkerLease): Promise<number> {
    const rows = await this.unitOfWork.database.query<WishedCancel>(WISHED, [AT_ONCE]);
    if (rows.length === 0 || !(await lease.held())) return REST_MS;
    let restMs = REST_MS;
    for (const row of rows) {
      const outcome = await this.ask(row);
      await this.store(row, outcome);
      if (outcome.kind === 'unknown') restMs = Math.max(restMs, outcome.retryAfterMs);
    }
    return restMs;
  }

  /** A cancel request from before the outcome may concern a form without cancellation. */
  private async ask({
    form,
    venue_reference: venueReference,
  }: WishedCancel): Promise<VenueCancelOutcome> {
    const { adapter } = this;
    if (!adapter.cancel || !formNamed(adapter.capabilities, form).cancellable)
      return { kind: 'refused', message: NO_WAY_TO_CANCEL };
    return adapter.cancel(venueReference);
  }

  private async store(row: WishedCancel, outcome: VenueCancelOutcome): Promise<void> {
    this.logger.info(
      { withdrawalId: row.withdrawal_id, outcome: outcome.kind },
      'the cancellation of an order was requested from the venue',
    );
    if (outcome.kind === 'unknown') return; // asking again does no harm
    await this.unitOfWork.run(async (tx) => {
      const noted = await tx.query(NOTE, [
        row.withdrawal_id,
        outcome.kind === 'requested' ? 'asked' : 'refused',
      ]);
      if (noted.length > 0 && outcome.kind === 'refused')
        tx.publish(this.events.cancelRefused(row, outcome.message));
    });
  }
}

const WISHED = `SELECT ${TRACE_COLUMNS}, s.venue_reference, s.form FROM submission s WHERE s.cancel_state = 'wished' AND s.state = 'accepted' ORDER BY s.seq LIMIT $1`;

const NOTE = `
  UPDATE submission SET cancel_state = $2, next_action_at = clock_timestamp()
   WHERE withdrawal_id = $1 AND cancel_state = 'wished' AND state = 'accepted' RETURNING withdrawal_id`;
