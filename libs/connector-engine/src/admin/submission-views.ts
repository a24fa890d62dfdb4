import { Inject, Injectable } from '@nestjs/common';
import {
  asWritten,
  SHOWN_SUBMISSION,
  type DatedRow,
  type CaseDto,
  type SubmissionDto,
  type SubmissionHistoryDto,
  type UnclaimedRecordDto,
  type AttemptDto,
  type DecisionDto,
} from '@sluice/http-api';
import { HaltLifts, type HaltEntity } from '@sluice/service-shell';
import { Database, selectedByName } from '@sluice/postgres';
import { SubmissionCaseEntity } from '../cases/submission-case.entity.js';
import { RecordReader } from '../record/record-reader.js';
import { SendGate } from '../worker/send-gate.js';
import { DecisionEntity } from './decision.entity.js';

/** Operator views, read directly from the tables. */
@Injectable()
export class SubmissionViews {
  constructor(
    private readonly database: Database,
    @Inject(SendGate) private readonly gate: Pick<SendGate, 'fault'>,
    @Inject(RecordReader) private readonly record: Pick<RecordReader, 'fault'>,
    private readonly lifts: HaltLifts,
  ) {}

  async submission(withdrawalId: string): Promise<SubmissionHistoryDto | null> {
    const [row] = await this.database.query<DatedRow<SubmissionDto>>(
      `${SUBMISSION} WHERE s.withdrawal_id = $1`,
      [withdrawalId],
    );
    if (!row) return null;
    const submission = asWritten(row);
    const [halts, place, attempts, cases, decisions] = await Promise.all([
      this.lifts.inForce(this.database),
      this.database.query<Place>(PLACE, [withdrawalId]),
      this.database.query<DatedRow<AttemptDto>>(ATTEMPTS, [withdrawalId]),
      this.database
        .repository(SubmissionCaseEntity)
        .find({ where: { withdrawalId }, order: { id: 'ASC' } }),
      this.database
        .repository(DecisionEntity)
        .find({ where: { withdrawalId }, order: { id: 'ASC' } }),
    ]);
    const awaited =
      submission.not_listed_at === null
        ? awaitedBy(submission, halts, place[0], this.gate.fault() ?? this.record.fault())
        : UNLISTED;
    return {
      ...submission,
      awaited,
      attempts: attempts.map(asWritten<AttemptDto>),
      cases: cases.map(caseShape),
      decisions: decisions.map(decisionShape),
    };
  }

  async byState(state: string | null): Promise<SubmissionDto[]> {
    const rows = await this.database.query<DatedRow<SubmissionDto>>(
      `${SUBMISSION} WHERE $1::text IS NULL OR s.state = $1 ORDER BY s.seq DESC LIMIT 200`,
      [state],
    );
    return rows.map(asWritten<SubmissionDto>);
  }

  async unclaimedRecords(): Promise<UnclaimedRecordDto[]> {
    const rows = await this.database.query<DatedRow<UnclaimedRecordDto>>(UNCLAIMED_RECORDS);
    return rows.map(asWritten<UnclaimedRecordDto>);
  }

  async cases(): Promise<CaseDto[]> {
    const cases = await this.database
      .repository(SubmissionCaseEntity)
      .find({ order: { id: 'DESC' }, take: 500 });
    return cases.map(caseShape);
  }
}

const SUBMISSION = `SELECT ${selectedByName(SHOWN_SUBMISSION)} FROM submission s`;

const ATTEMPTS = `
  SELECT number, state, client_reference, request, gross::text, evidence, intended_at, answered_at, response_status, response_body, cause
    FROM attempt WHERE withdrawal_id = $1 ORDER BY number`;

const UNCLAIMED_RECORDS = `
  SELECT venue_reference, form, client_reference, destination, gross, venue_status, created_at, seen_at, reported_at
    FROM unclaimed_record WHERE closed_at IS NULL ORDER BY created_at DESC LIMIT 500`;

function caseShape({ id, withdrawalId, kind, text, openedAt }: SubmissionCaseEntity): CaseDto {
  return asWritten<CaseDto>({ id, withdrawal_id: withdrawalId, kind, text, opened_at: openedAt });
}

function decisionShape(decision: DecisionEntity): DecisionDto {
  return asWritten<DecisionDto>({
    attempt: decision.attempt,
    from_state: decision.fromState,
    decision: decision.decision,
    evidence: decision.evidence,
    venue_reference: decision.venueReference,
    amount: decision.amount,
    decided_by: decision.decidedBy,
    confirmed_by: decision.confirmedBy,
    decided_at: decision.decidedAt,
  });
}

/** A halt or a fault of the process delays only submissions still to be sent. */
function awaitedBy(
  submission: ShownSubmission,
  halts: readonly HaltEntity[],
  place: Place | undefined,
  sendFault: string | null,
): string {
  const { state } = submission;
  const reason = lookUpOf(submission) ?? (place ? turnOf(place) : (AWAITED[state] ?? 'nothing'));
  const awaited =
    sendFault === null || !SENT_FROM.has(state)
      ? reason
      : `${reason}; nothing is sent now: ${sendFault}`;
  const covering = halts.filter((halt) => covers(halt, submission));
  if (covering.length === 0 || !SENT_FROM.has(state)) return awaited;
  const named = covering.map(
    ({ id, reason, subject, details }) => `halt ${id} (${reason}, ${subject}: ${details})`,
  );
  return `${awaited}; halted until a person has checked: ${named.join('; ')}`;
}

/** Same rule as the SQL condition `haltedSql` in the claiming statements. */
function covers(
  { scope, target }: HaltEntity,
  { asset, account_id: accountId, key_id: keyId }: ShownSubmission,
): boolean {
  if (target === null) return true;
  if (scope === 'key') return target === keyId;
  return target === (scope === 'asset' ? asset : accountId);
}

interface ShownSubmission {
  readonly asset: string;
  readonly account_id: string;
  readonly key_id: string | null;
  readonly state: string;
  readonly lookup_first: boolean;
  readonly unconfirmed: boolean;
  readonly unknown_published: boolean;
}

/**
 * Describes the look-up or decision awaited by an order possibly paid before the first send from
 * this connector; null if none.
 */
function lookUpOf({
  state,
  lookup_first: isLookedUp,
  unconfirmed: isUnconfirmed,
  unknown_published: isPublished,
}: ShownSubmission): string | null {
  if (state === 'prepared' && isUnconfirmed && !isLookedUp) return UNCONFIRMED;
  if (state !== 'prepared' || !isLookedUp) return null;
  return isPublished
    ? 'the decision of an operator whether the order was already paid'
    : 'a look-up in the venue’s record before the order is sent';
}

/** Queue position of a prepared submission. */
interface Place {
  readonly ahead: number;
  /**
   * An equal payment with an unknown outcome: the venue's records could not distinguish the two.
   */
  readonly behind: string | null;
  readonly behind_state: string | null;
}

function turnOf({ ahead, behind, behind_state: state }: Place): string {
  if (behind !== null)
    return `that withdrawal ${behind}, an equal payment (${state}), is proven to be paid or not paid: the venue's records do not distinguish the payments`;
  return `its turn in the rate plan of the venue: ${ahead} ${ahead === 1 ? 'is' : 'are'} before it`;
}

const PLACE = `
  SELECT (SELECT count(*)::int FROM submission a
           WHERE a.form = s.form AND a.state = 'prepared'
             AND (coalesce(a.ordered_at, a.created_at), a.seq) < (coalesce(s.ordered_at, s.created_at), s.seq)) AS ahead,
         t.withdrawal_id AS behind, t.state AS behind_state
    FROM submission s
    LEFT JOIN LATERAL (
      SELECT t.withdrawal_id, t.state FROM submission t
       WHERE t.form = s.form AND t.equality_key = s.equality_key AND t.withdrawal_id <> s.withdrawal_id
         AND (t.state IN ('sending','refusing','unknown','undecided') OR (t.state = 'prepared' AND t.lookup_first))
       LIMIT 1) t ON true
   WHERE s.withdrawal_id = $1 AND s.state = 'prepared'`;

const SENT_FROM: ReadonlySet<string> = new Set(['prepared', 'unknown']);

const UNCONFIRMED =
  'the confirmation by intake-api that the withdrawal is still open: the service was down for a while, or its database was restored';

const UNLISTED = 'the decision of two people: the venue accepted the order and does not list it';

const AWAITED: Readonly<Record<string, string>> = {
  prepared: 'its turn in the rate plan of the venue',
  sending: 'the answer of the venue',
  refusing: 'look-ups in the records of the venue, before its refusal counts',
  accepted: 'the final word of the venue',
  unknown: 'a trace in the records of the venue, or the proof that there is none',
  repeating: 'the answer of the venue to the same request once more',
  undecided: 'the decision of a person: the venue’s records are not conclusive',
  disputed: 'the decision of a person: the venue’s payment differs from the order',
};
