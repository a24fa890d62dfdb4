import { Injectable } from '@nestjs/common';
import { awaitedText } from '@sluice/connector-rules';
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
import { Database, selectedByName } from '@sluice/postgres';
import { SubmissionCaseEntity } from '../cases/submission-case.entity.js';
import { WaitingCauses } from '../waiting/waiting-causes.js';
import { DecisionEntity } from './decision.entity.js';

@Injectable()
export class SubmissionViews {
  constructor(
    private readonly database: Database,
    private readonly waiting: WaitingCauses,
  ) {}

  async submission(withdrawalId: string): Promise<SubmissionHistoryDto | null> {
    const [row] = await this.database.query<DatedRow<SubmissionDto>>(
      `${SUBMISSION} WHERE s.withdrawal_id = $1`,
      [withdrawalId],
    );
    if (!row) return null;
    const submission = asWritten(row);
    const [causes, attempts, cases, decisions] = await Promise.all([
      this.waiting.of(withdrawalId),
      this.database.query<DatedRow<AttemptDto>>(ATTEMPTS, [withdrawalId]),
      this.database
        .repository(SubmissionCaseEntity)
        .find({ where: { withdrawalId }, order: { id: 'ASC' } }),
      this.database
        .repository(DecisionEntity)
        .find({ where: { withdrawalId }, order: { id: 'ASC' } }),
    ]);
    return {
      ...submission,
      awaited: awaitedText(causes),
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

  /** Submissions with this reference, the venue's or our own. */
  async named(reference: string, state: string | null): Promise<SubmissionDto[]> {
    const rows = await this.database.query<DatedRow<SubmissionDto>>(NAMED, [reference, state]);
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

// Both references have an index, which a condition with OR on one scan would not use.
const NAMED = `
  ${SUBMISSION} WHERE s.withdrawal_id IN (
    SELECT withdrawal_id FROM submission WHERE venue_reference = $1
    UNION SELECT withdrawal_id FROM submission WHERE client_reference = $1)
   AND ($2::text IS NULL OR s.state = $2) ORDER BY s.seq DESC LIMIT 200`;

const ATTEMPTS = `
  SELECT number, state, client_reference, request, gross::text, evidence, intended_at, answered_at, response_status, response_body, cause
    FROM attempt WHERE withdrawal_id = $1 ORDER BY number`;

const UNCLAIMED_RECORDS = `
  SELECT venue_reference, form, client_reference, destination, gross, venue_status, created_at, seen_at, reported_at, unreadable
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
