import { Inject, Injectable } from '@nestjs/common';
import {
  formNamed,
  lookupPauseMs,
  nextAttempt,
  type FormCapabilities,
  type Resolution,
  type UnknownAttempt,
  type VenueCapabilities,
} from '@sluice/connector-rules';
import { Amount } from '@sluice/kernel';
import { UnitOfWork, rowsJson, type Tx } from '@sluice/postgres';
import { SendAuthority } from '../authority/send-authority.js';
import { openCases, type CaseToOpen } from '../cases/open-cases.js';
import {
  type RecipientColumns,
  recipientOf,
  shownCause,
  type StoredRefusal,
} from '../rows/state-sql.js';
import { InjectCapabilities } from '../tokens/tokens.js';
import { SendGate } from '../worker/send-gate.js';
import { EventWriter, publishEnded, type Trace } from '../wire/event-writer.js';
import {
  APPLY_RESOLUTIONS,
  CLAIMED_REFERENCES,
  DUE_UNKNOWN,
  POSTPONE_UNKNOWN,
} from './unknown-sql.js';

export interface UnknownSubmission extends UnknownAttempt, Trace {
  readonly form: string;
  readonly state: 'unknown' | 'undecided';
  readonly attempt: number;
  readonly resends: number;
  readonly lookups: number;
  readonly cancelWished: boolean;
  readonly expired: boolean;
  /** The venue's refusal of the last attempt; null if the answer was lost. */
  readonly refusal: StoredRefusal | null;
  /** Another party answered for the venue. */
  readonly isForeign: boolean;
  /** References of records that may be the payment, by the look-ups before. */
  readonly possibleRecords: readonly string[];
}

export interface Resolved {
  readonly submission: UnknownSubmission;
  readonly resolution: Resolution;
  /** References of records that may be the payment, by all look-ups. */
  readonly possibleRecords: readonly string[];
}

interface DueUnknownRow extends Trace, RecipientColumns {
  form: string;
  state: 'unknown' | 'undecided';
  attempt: number;
  resends: number;
  client_reference: string;
  amount: string;
  gross: string;
  venue_time: Date;
  last_venue_time: Date;
  attempt_venue_time: Date;
  silent_ms: number;
  empty_lookups: number;
  covering_lookups: number;
  cancel_wished: boolean;
  expired: boolean;
  refusal: StoredRefusal | null;
  possible_records: readonly string[] | null;
}

@Injectable()
export class UnknownSubmissions {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    @InjectCapabilities() private readonly capabilities: VenueCapabilities,
    private readonly events: EventWriter,
    private readonly authority: SendAuthority,
    @Inject(SendGate) private readonly gate: Pick<SendGate, 'fault'>,
  ) {}

  /**
   * Returns submissions due for a search, without those to be repeated next while sending is
   * permitted.
   */
  async due(
    { form, maxResends, replayForMs }: FormCapabilities,
    limit: number,
  ): Promise<UnknownSubmission[]> {
    const repeats =
      replayForMs === undefined || this.gate.fault() !== null ? [0, 0] : [maxResends, replayForMs];
    const rows = await this.unitOfWork.database.query<DueUnknownRow>(DUE_UNKNOWN, [
      form,
      ...repeats,
      limit,
    ]);
    return rows.map(unknownSubmission);
  }

  async claimed(form: string, references: readonly string[]): Promise<Set<string>> {
    if (references.length === 0) return new Set();
    const rows = await this.unitOfWork.database.query<{ venue_reference: string }>(
      CLAIMED_REFERENCES,
      [form, references],
    );
    return new Set(rows.map((row) => row.venue_reference));
  }

  /** Postpones look-ups after a failed query: the count of empty look-ups stays. */
  async postpone(
    submissions: readonly UnknownSubmission[],
    pauseMs: number,
    cause: string,
  ): Promise<void> {
    await this.unitOfWork.database.query(POSTPONE_UNKNOWN, [
      submissions.map((submission) => submission.withdrawalId),
      pauseMs,
      shownCause(cause),
    ]);
  }

  /** Stores resolutions. A row moved meanwhile by another is left unchanged. */
  async apply(resolved: readonly Resolved[]): Promise<void> {
    await this.unitOfWork.run(async (tx) => {
      const rows = resolved.map((one) => this.step(one));
      const moved = await tx.query<Trace>(APPLY_RESOLUTIONS, [rowsJson(rows)]);
      const ids = new Set(moved.map((row) => row.withdrawal_id));
      for (const { submission, resolution } of resolved)
        if (ids.has(submission.withdrawalId)) await this.publish(tx, submission, resolution);
    });
  }

  private step({ submission, resolution, possibleRecords }: Resolved) {
    const form = formNamed(this.capabilities, submission.form);
    const again = resolution.kind === 'absent' ? followUp(form, submission) : null;
    return {
      withdrawal_id: submission.withdrawalId,
      attempt: submission.attempt,
      state_before: submission.state,
      lookups_before: submission.lookups,
      covered: resolution.kind === 'look_again' && resolution.covered,
      kind:
        resolution.kind === 'absent'
          ? again?.kind === 'again'
            ? 'resend'
            : 'give_up'
          : resolution.kind,
      venue_reference: resolution.kind === 'found' ? resolution.record.venueReference : null,
      reason: again?.kind === 'refuse' ? again.reason : null,
      possible_records: possibleRecords.length > 0 ? possibleRecords : null,
      nothing_moved_seal:
        again?.kind === 'again'
          ? this.authority.sealNothingMoved({
              withdrawalId: submission.withdrawalId,
              number: submission.attempt,
            })
          : null,
      pause_ms:
        resolution.kind === 'found' || resolution.kind === 'absent'
          ? 0
          : lookupPauseMs(form, submission),
    };
  }

  private async publish(
    tx: Tx,
    submission: UnknownSubmission,
    resolution: Resolution,
  ): Promise<void> {
    switch (resolution.kind) {
      case 'found':
        if (submission.refusal !== null)
          await openCases(tx, [paidThoughRefused(submission, submission.refusal, resolution)]);
        return tx.publish(
          this.events.accepted(submission, {
            venueReference: resolution.record.venueReference,
            clientReference: submission.clientReference,
            txHash: resolution.record.txHash,
          }),
        );
      case 'person_needed':
        if (submission.state === 'undecided') return;
        tx.publish(
          this.events.unknown(submission, { cause: resolution.cause, needsDecision: true }),
        );
        await openCases(tx, [
          { withdrawalId: submission.withdrawalId, kind: 'needs_decision', text: resolution.cause },
        ]);
        return;
      case 'absent': {
        const again = followUp(formNamed(this.capabilities, submission.form), submission);
        if (again.kind === 'refuse')
          publishEnded(
            tx,
            this.events.refused(
              submission,
              submission.refusal ?? {
                reason: again.reason,
                venueCode: null,
                message: 'the venue has no record of the order, long after its listing delay',
              },
            ),
          );
        return;
      }
      case 'look_again':
        return;
    }
  }
}

function paidThoughRefused(
  { withdrawalId }: UnknownSubmission,
  { reason, venueCode, message }: StoredRefusal,
  { record }: Extract<Resolution, { kind: 'found' }>,
): CaseToOpen {
  const text = `the venue refused it (${venueCode ?? reason}: ${message}) and has a payment of it nevertheless: ${record.venueReference} (${record.venueStatus})`;
  return { withdrawalId, kind: 'paid_though_refused', text };
}

function unknownSubmission(row: DueUnknownRow): UnknownSubmission {
  const {
    withdrawal_id,
    traceparent,
    correlation_id,
    causation_id,
    digest,
    form,
    state,
    attempt,
    resends,
    expired,
    refusal,
  } = row;
  const isForeign = refusal?.basis === 'foreign';
  return {
    withdrawal_id,
    traceparent,
    correlation_id,
    causation_id,
    digest,
    form,
    state,
    attempt,
    resends,
    expired,
    refusal: isForeign ? null : refusal,
    isForeign,
    withdrawalId: withdrawal_id,
    clientReference: row.client_reference,
    ...recipientOf(row),
    amount: Amount.of(row.amount, row.asset),
    gross: Amount.of(row.gross, row.asset),
    firstSentAt: row.venue_time,
    sentAt: row.attempt_venue_time,
    lastSentAt: row.last_venue_time,
    silentMs: row.silent_ms,
    lookups: row.empty_lookups,
    emptyLookups: row.covering_lookups,
    cancelWished: row.cancel_wished,
    possibleRecords: row.possible_records ?? [],
  };
}

function followUp(form: FormCapabilities, submission: UnknownSubmission) {
  const { resends, refusal, isForeign } = submission;
  const refusedAs = refusal?.reason ?? null;
  const ended = { kind: 'absent', provenBy: 'lookups', resends, refusedAs, isForeign } as const;
  return nextAttempt(form, ended, {
    cancelled: submission.cancelWished,
    expired: submission.expired,
  });
}
