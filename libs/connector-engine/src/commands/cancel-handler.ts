import { Injectable } from '@nestjs/common';
import {
  formNamed,
  isTerminal,
  nextState,
  type SubmissionState,
  type VenueCapabilities,
} from '@sluice/connector-rules';
import { rowsJson, type Tx } from '@sluice/postgres';
import { stateBy } from '../rows/state-sql.js';
import { InjectCapabilities } from '../tokens/tokens.js';
import { EventWriter, publishEnded, TRACE_COLUMNS, type Trace } from '../wire/event-writer.js';
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

export const NO_WAY_TO_CANCEL = 'this venue offers no way to cancel such a transfer';

type CancelAnswer =
  | { kind: 'withdrawn' }
  | { kind: 'noted' }
  | { kind: 'impossible'; message: string }
  | { kind: 'already' };

/**
 * Handles cancel requests. An unsent submission is refused at once; a submission that the venue can
 * still stop is noted for the canceller. A submission without an outcome is also noted, even if the
 * venue cannot cancel. If the submission proves not sent or absent, it ends as cancelled.
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

  /**
   * Commands of the same withdrawal are ordered: a cancel command without a submission means a lost
   * order.
   */
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
